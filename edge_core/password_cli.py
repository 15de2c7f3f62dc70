"""`promenade password` and `pin`: what is lost is set anew on the store PC."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from edge_core.config import load_site
from edge_core.ownership import become_owner_of
from edge_core.terminal import OUT


def password(
    site: Annotated[Path, typer.Option("--site", help="The site file.")] = Path("site.toml"),
    account: Annotated[str, typer.Option(help="Whose password.")] = "operator",
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input instead of asking.")
    ] = False,
) -> None:
    """Set the password of an account of the operator's pages; whoever uses it is signed out.

    The service may run meanwhile. Whoever may read the site's folder may do this.

    Example: [bold]promenade password --site shop/site.toml --account operator[/bold]
    """
    from edge_core.dashboard.access.by_command import set_password

    become_owner_of(site.resolve().parent)
    config = load_site(site)
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = typer.prompt(
            f"New password of {account}", hide_input=True, confirmation_prompt=True
        )
    set_password(site, config, account, chosen)
    OUT.print(f"The password of {account} is set.", markup=False)


def pin(
    site: Annotated[Path, typer.Option("--site", help="The site file.")] = Path("site.toml"),
    from_stdin: Annotated[
        bool, typer.Option("--stdin", help="Read it from standard input instead of asking.")
    ] = False,
) -> None:
    """Set the PIN that ends a full-screen kiosk or mirror: 6 to 12 digits.

    Hold a finger on the screen's upper left corner for three seconds, and type it. Without one a
    screen ends by its service manager alone. The service may run meanwhile.

    Example: [bold]promenade pin --site shop/site.toml[/bold]
    """
    from edge_core.dashboard.access.by_command import set_pin

    become_owner_of(site.resolve().parent)
    config = load_site(site)
    if from_stdin:
        chosen = sys.stdin.readline().rstrip("\r\n")
    else:
        chosen = typer.prompt("New PIN of the screens", hide_input=True, confirmation_prompt=True)
    set_pin(site, config, chosen)
    OUT.print("The PIN of the screens is set.", markup=False)
