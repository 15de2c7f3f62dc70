"""Searching a running service and all it leaves behind for pictures, crops and embeddings."""

from edge_core.privacy.audit.content import EmbeddingForm, Find, Wanted, search
from edge_core.privacy.audit.disk import files_of, open_files, search_files
from edge_core.privacy.audit.memory import search_memory
from edge_core.privacy.audit.network import LoopbackCapture
from edge_core.privacy.audit.searched import Searched

__all__ = [
    "EmbeddingForm",
    "Find",
    "LoopbackCapture",
    "Searched",
    "Wanted",
    "files_of",
    "open_files",
    "search",
    "search_files",
    "search_memory",
]
