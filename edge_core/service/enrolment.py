"""Making a store PC known to its hub."""

import platform
import shutil
from pathlib import Path
from typing import Final

import tomlkit

from edge_core.clock import SystemClock
from edge_core.config import load_site, parse_site
from edge_core.config.site_file import SiteFile
from edge_core.errors import SourceError
from edge_core.sync.client import HubClient
from edge_core.sync.device_key import DeviceKey, hash_of, new_secret
from edge_core.sync.protocol import Enrolled, Enrolment

_TRIES: Final = 3
_CA: Final = "hub-ca.pem"


def enrol_site(site_file: Path, url: str, code: str, ca: Path | None) -> Enrolled:
    """Enrol, keep the key beside the site file and write its [hub] section.

    Args:
        site_file: site.toml; keeps its comments.
        url: the hub's.
        code: the one-time code.
        ca: certificate of the hub's authority; copied beside the site file.

    Raises:
        HubError: the hub refuses or does not answer; nothing was changed.
        SourceError: key or certificate cannot be written or used.
        ConfigError: the site file is wrong.
    """
    site, folder = load_site(site_file), site_file.resolve().parent
    secret = new_secret()
    enrolment = Enrolment(
        code=code, site=site.site.id, name=platform.node()[:60], key_sha256=hash_of(secret)
    )
    with HubClient(url, "", ca=ca, clock=SystemClock()) as client:
        enrolled = client.enrol_patiently(enrolment, _TRIES)
    key = DeviceKey(url, enrolled.site, enrolled.device, enrolled.content_key, secret)
    key_path = folder / site.hub.key
    try:
        key.save(key_path)
        kept = None
        if ca is not None:
            kept = Path(_CA)
            if not (folder / kept).exists() or not ca.samefile(folder / kept):
                shutil.copyfile(ca, folder / kept)
    except OSError as error:
        raise SourceError(
            f"The hub's key cannot be kept in {folder}: {error.strerror}.",
            "Let this user write there, and enrol again with a new code.",
        ) from None
    _write_section(site_file, url, kept)
    return enrolled


def _write_section(site_file: Path, url: str, ca: Path | None) -> None:
    file = SiteFile(site_file)
    text, base = file.read()
    document = tomlkit.parse(text)
    if "hub" not in document:
        document["hub"] = tomlkit.table()
    section = document["hub"]
    section["url"] = url
    if ca is not None:
        section["ca"] = ca.as_posix()
    elif "ca" in section:
        del section["ca"]
    new = tomlkit.dumps(document)
    parse_site(new, str(site_file))
    file.save(new, base)
