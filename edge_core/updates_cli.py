"""`promenade updates`: what is offered, installing it, going back, and whose signatures count."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from edge_core.config import load_site
from edge_core.errors import LedgerError, UpdateError
from edge_core.logs import start_logging
from edge_core.terminal import OUT, JsonOption, print_result

if TYPE_CHECKING:
    from edge_core.config import SiteConfig
    from edge_core.updates.channel import Channel
    from edge_core.updates.release import Release
    from edge_core.updates.updater import Updater

updates_app = typer.Typer(help="New versions, and the way back.", no_args_is_help=True)

SiteOption = Annotated[Path, typer.Option("--site", help="The site file.")]
UserOption = Annotated[
    str | None, typer.Option("--user", help="Whose the ledger is, when this runs as root.")
]


@updates_app.command()
def check(
    site: SiteOption = Path("site.toml"), user: UserOption = None, as_json: JsonOption = False
) -> None:
    """Look whether there is a new version for this machine; install nothing.

    Example: [bold]promenade updates check --site /etc/promenade/site.toml[/bold]
    """
    config = load_site(site)
    with _turn(config, site, user) as updater, _channel(config, site) as channel:
        found = updater.check(channel)
    print_result({"offered": found.version if found else None}, as_json)


@updates_app.command()
def apply(
    site: SiteOption = Path("site.toml"),
    user: UserOption = None,
    scheduled: Annotated[
        bool, typer.Option("--scheduled", help="Only in the hours of [updates]; else just look.")
    ] = False,
    again: Annotated[
        str | None, typer.Option(help="Also this version, which did not hold before.")
    ] = None,
) -> None:
    """Install the new version there is, watch it, and go back unless it holds.

    The services are restarted. It ends when the version has held, or the old one runs again.

    Example: [bold]promenade updates apply --site /etc/promenade/site.toml[/bold]
    """
    start_logging("updates", style="text")
    config = load_site(site)
    if scheduled and not config.updates.url:
        return
    with _turn(config, site, user) as updater, _channel(config, site) as channel:
        told = updater.recover(at_boot=False)
        if told:
            OUT.print(told, markup=False)
        if again is not None:
            updater.forgive(again)
        found = updater.check(channel)
        if found is None:
            OUT.print("There is nothing new for this machine.")
        elif scheduled and not _is_hour(config):
            OUT.print(f"Version {found.version} waits for its hours.")
        else:
            _install(updater, channel, found)


def _install(updater: "Updater", channel: "Channel", found: "Release") -> None:
    OUT.print(f"Version {found.version} is installed and watched.")
    updater.apply(channel, found)
    OUT.print(f"Version {found.version} holds.")


def _is_hour(config: "SiteConfig") -> bool:
    return config.updates.is_hour(datetime.now(ZoneInfo(config.site.timezone)).time())


@updates_app.command()
def status(as_json: JsonOption = False) -> None:
    """Tell which version runs, what is offered, what did not hold and what happened.

    Example: [bold]promenade updates status[/bold]
    """
    from edge_core.updates.layout import Layout, install_root
    from edge_core.updates.state import StateFile

    layout = Layout(install_root())
    layout.require()
    state = StateFile(layout.folder).load()
    told = {
        "current": layout.current(),
        "good": layout.good(),
        "installed": layout.installed(),
        **state.model_dump(mode="json", exclude={"device_id", "notes", "interrupted"}),
    }
    notes = state.model_dump(mode="json")["notes"]
    if as_json:
        typer.echo(json.dumps({**told, "notes": notes}))
        return
    print_result({name: value for name, value in told.items() if value}, as_json=False)
    for note in notes[-10:]:
        OUT.print(f"{note['at'][:19]}Z  {note['told']}", markup=False, soft_wrap=True)


@updates_app.command()
def back(
    site: SiteOption = Path("site.toml"),
    user: UserOption = None,
    set_aside: Annotated[
        bool,
        typer.Option("--set-aside", help="Even if part of the ledger then lies beside it alone."),
    ] = False,
) -> None:
    """Return to the version before the current one.

    Example: [bold]promenade updates back --site /etc/promenade/site.toml[/bold]
    """
    start_logging("updates", style="text")
    config = load_site(site)
    with _turn(config, site, user) as updater:
        OUT.print(f"Version {updater.back(set_aside=set_aside)} runs again.")


@updates_app.command()
def pin(
    version: Annotated[
        str | None, typer.Argument(help="The only one to install; that which runs: none at all.")
    ] = None,
    none: Annotated[bool, typer.Option("--none", help="Lift the pin.")] = False,
    site: SiteOption = Path("site.toml"),
) -> None:
    """Install one version only, or stay with the one that runs.

    Example: [bold]promenade updates pin 1.4.0[/bold]
    """
    from edge_core.updates.release import order

    if (version is None) != none:
        raise typer.BadParameter("name a version, or --none")
    if version is not None:
        order(version)
    config = load_site(site)
    with _turn(config, site, None) as updater:
        updater.pin(version or "")
    OUT.print("Pinned no more." if none else f"Only {version} is installed from now on.")


@updates_app.command()
def recover(
    site: SiteOption = Path("site.toml"),
    user: UserOption = None,
    at_boot: Annotated[
        bool, typer.Option("--at-boot", help="Before the services, which are started afterwards.")
    ] = False,
) -> None:
    """Put right what a power cut during an update left. Does nothing else.

    Example: [bold]promenade updates recover --at-boot --site /etc/promenade/site.toml[/bold]
    """
    start_logging("updates", style="text")
    config = load_site(site)
    with _turn(config, site, user) as updater:
        told = updater.recover(at_boot=at_boot)
    OUT.print(told or "Nothing was under way.", markup=False)


@updates_app.command()
def trust(
    root: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The maker's.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let the keys of a root.json, and no others, vouch for new versions.

    Compare the fingerprints with those that who makes releases told you by another way.

    Example: [bold]promenade updates trust root.json[/bold]
    """
    from edge_core.updates.channel import anchor_told, keep_anchor
    from edge_core.updates.layout import Layout, install_root

    layout = Layout(install_root())
    layout.require()
    text = root.read_bytes()
    typer.echo(anchor_told(text))
    if yes or typer.confirm("Trust these?"):
        keep_anchor(layout.folder, text)


@contextmanager
def _turn(config: "SiteConfig", site: Path, user: str | None) -> "Iterator[Updater]":
    """The updater, while no other works here."""
    from edge_core.ledger.lock import WriterLock
    from edge_core.updates.layout import Layout, install_root
    from edge_core.updates.ledger_return import LedgerKeeper
    from edge_core.updates.probation import ask_health
    from edge_core.updates.services import SystemdServices
    from edge_core.updates.updater import Patience, Updater

    layout = Layout(install_root())
    layout.require()
    service = config.service
    host = f"[{service.host}]" if ":" in service.host else service.host
    url = f"http://{host}:{service.port}"
    keeper = LedgerKeeper(site.resolve().parent / service.ledger, config.site.timezone, user)
    patience = Patience(config.updates.start_s, config.updates.hold_s)
    try:
        lock = WriterLock(layout.folder / "updater")
    except LedgerError:
        raise UpdateError(
            "Another update is under way, or this user may not update.",
            "Wait for it: `promenade updates status`; or run this as root.",
        ) from None
    with lock:
        yield Updater(layout, SystemdServices(), keeper, lambda: ask_health(url), patience)


@contextmanager
def _channel(config: "SiteConfig", site: Path) -> "Iterator[Channel]":
    from edge_core.updates.channel import Channel
    from edge_core.updates.layout import Layout, install_root

    if not config.updates.url:
        raise UpdateError("This site has no channel for updates.", "Set `url` in [updates].")
    ca = config.updates.ca
    authority = None if ca is None else site.resolve().parent / ca
    with Channel(config.updates.url, Layout(install_root()).folder, authority) as channel:
        yield channel
