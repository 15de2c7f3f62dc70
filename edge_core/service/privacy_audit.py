"""The privacy audit of one site: its folder, and what its running service writes."""

from collections.abc import Collection, Iterator
from pathlib import Path

import psutil

from edge_core.config import SiteConfig
from edge_core.errors import SourceError
from edge_core.privacy.audit import Find, Searched, Wanted, files_of, open_files, search_files
from edge_core.service.embedding_form import embedding_form


def audit_site(
    site: SiteConfig, site_file: Path, pids: Collection[int], folders: Collection[Path]
) -> tuple[list[Find], Searched]:
    """Search for pictures and embeddings of anybody.

    Args:
        site: its settings; videos and pictures that they name are allowed to be such.
        site_file: in whose folder everything lies.
        pids: running services; what they and their children hold open for writing is searched.
        folders: further ones.

    Returns:
        What was found, and what was searched.

    Raises:
        SourceError: no process has such a number.
        ModelError: the site's embedder is missing or altered.
    """
    home = site_file.resolve().parent
    tops = list(dict.fromkeys([home, *_data_folders(site, home), *folders]))
    files = [(str(it), it) for it in files_of(tops)]
    named = {name for name, _ in files}
    running = [it for pid in pids for it in _family(pid)]
    files += [it for it in open_files(running) if it[0] not in named]
    searched = Searched()
    wanted = Wanted(form=embedding_form(site))
    own = [home / camera.source for camera in site.cameras if "://" not in camera.source]
    return search_files(files, wanted, searched, own=own), searched


def _data_folders(site: SiteConfig, home: Path) -> Iterator[Path]:
    """Where the service keeps what it keeps, as far as that is not in the site's own folder."""
    for path in (site.service.ledger, site.hub.content):
        folder = (home / path).resolve().parent
        if not folder.is_relative_to(home):
            yield folder


def _family(pid: int) -> list[int]:
    try:
        first = psutil.Process(pid)
        return [pid, *(it.pid for it in first.children(recursive=True))]
    except psutil.NoSuchProcess:
        raise SourceError(f"No process has the number {pid}.", "Correct --pid.") from None
