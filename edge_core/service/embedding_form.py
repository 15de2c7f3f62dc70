"""How embeddings of a site's embedder can be told in any bytes, for the privacy audit."""

from math import sqrt

from edge_core.config import SiteConfig
from edge_core.privacy.audit import EmbeddingForm
from edge_core.types import EMBEDDING_BLOCKS
from edge_core.vision.embed import STRANGERS
from edge_core.vision.models import find_model

_SAID: int = 128


def embedding_form(site: SiteConfig) -> EmbeddingForm | None:
    """Blocks, their size and their constant; None where no embedding is ever taken.

    Raises:
        ModelError: the site's embedder is missing or altered.
    """
    if not site.privacy.recognises:
        return None
    spec, _ = find_model(site.models.embedder, "embedder")
    share = (1 - spec.strangers) / (1 - STRANGERS)  # squared length of a block beside what it says
    return EmbeddingForm(EMBEDDING_BLOCKS, _SAID + 1, sqrt(max(0.0, 1 - 1 / share)))
