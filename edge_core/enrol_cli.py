"""`promenade enrol`: make this store PC known to its hub."""

from pathlib import Path
from typing import Annotated

import typer

from edge_core.config import load_site
from edge_core.config.hub import check_hub_url
from edge_core.ownership import become_owner_of
from edge_core.terminal import OUT


def enrol(
    url: Annotated[str, typer.Argument(help="The hub's address, e.g. https://hub.example:8470.")],
    code: Annotated[str, typer.Argument(help="The one-time code of `promenade hub code`.")],
    site: Annotated[Path, typer.Option("--site", help="The site file.")] = Path("site.toml"),
    ca: Annotated[
        Path | None, typer.Option(help="Certificate (PEM) of the hub's own authority.")
    ] = None,
) -> None:
    """Make this store PC known to its hub by a one-time code.

    The hub's address goes into the site file, the key into a file beside it that only its owner
    may read.

    Example: [bold]promenade enrol https://hub.example:8470 K7QD-3XNA-9FHT --ca ca.pem[/bold]
    """
    from edge_core.service.enrolment import enrol_site

    try:
        check_hub_url(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="URL") from None
    become_owner_of(site.resolve().parent)
    load_site(site)
    enrolled = enrol_site(site, url, code, ca)
    OUT.print(
        f"{enrolled.site} is enrolled at {enrolled.hub} as {enrolled.device}. Restart the edge"
        " service to begin.",
        markup=False,
    )
