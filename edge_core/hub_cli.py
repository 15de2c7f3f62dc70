"""`promenade hub …`: the reference server of a mall or chain."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edge_core.config import load_site
from edge_core.errors import PromenadeError
from edge_core.logs import start_logging
from edge_core.terminal import OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge_core.hub.server import Hub

hub_app = typer.Typer(rich_markup_mode="rich", invoke_without_command=True)


@hub_app.callback()
def hub(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="The hub's keys, accounts, database.")] = Path("hub"),
    database: Annotated[
        str | None,
        typer.Option(
            envvar="PROMENADE_HUB_DATABASE",
            help="postgresql://user:password@host/name instead of SQLite.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 = any free one.")] = 8470,
    certificate: Annotated[
        Path | None, typer.Option(help="PEM; else the hub makes an authority of its own.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Of the certificate (PEM).")] = None,
    name: Annotated[
        list[str] | None, typer.Option(help="What store PCs call the hub by; give it again.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Fill it with a simulated chain.")] = False,
) -> None:
    """Serve the hub of a mall or chain: content out to store PCs, aggregates in, pages.

    It runs until it is stopped. With one of the commands below, that is done to it instead, also
    while it runs.

    On loopback it speaks plain HTTP; with --name, --certificate or another --host, TLS.

    Example: [bold]promenade hub --host 0.0.0.0 --name hub.example[/bold]
    """
    context.obj = (folder, database)
    if context.invoked_subcommand is not None:
        return
    from edge_core.hub.server import serve

    start_logging("hub", style="text")
    with _opened(context) as opened:
        if demo:
            from edge_core.hub.demo import fill, show_list

            fill(opened.store, opened.shelf, note=_note)
            show_list(opened.store, opened.shelf, folder, f"http://127.0.0.1:{port}", note=_note)
        serve(opened, host, port, certificate=certificate, key=key, names=tuple(name or ()))


def _note(told: str) -> None:
    typer.echo(told)  # addresses stay whole, to be copied


@hub_app.command()
def code(
    context: typer.Context,
    site: Annotated[str, typer.Argument(help="Id of the site, as in its site.toml.")],
    name: Annotated[str, typer.Option(help="Its name; adds the site if it is new.")] = "",
    currency: Annotated[str, typer.Option(help="As ISO 4217 has it.")] = "EUR",
) -> None:
    """Print a code that makes one store PC of a site known, once, within a day.

    Example: [bold]promenade hub code harbour --name "Silverstitch Harbour"[/bold]
    """
    from edge_core.hub.store import Site

    with _opened(context) as opened:
        if name:
            opened.store.add_site(Site(site, name, currency))
        typer.echo(opened.store.new_code(site))


@hub_app.command()
def revoke(
    context: typer.Context,
    device: Annotated[str, typer.Argument(help="As the page Sites names it.")],
) -> None:
    """Take nothing more from a store PC, and give it nothing.

    Example: [bold]promenade hub revoke harbour-3f9a1c[/bold]
    """
    with _opened(context) as opened:
        if not opened.store.revoke(device):
            raise PromenadeError(f"There is no store PC {device}.", "Look at the page Sites.")


@hub_app.command()
def publish(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="A site.toml with the files it names.")],
    catalogue_for_all: Annotated[
        bool, typer.Option("--catalogue-for-all", help="Its products alone, for every site.")
    ] = False,
) -> None:
    """Publish a site's stores, offers, products, stock, programme, policy and hours.

    What stays the same is not sent again. Everything changes at a store PC at once, or nothing.

    Example: [bold]promenade hub publish shop/site.toml[/bold]
    """
    from edge_core.hub.from_files import publish_files

    with _opened(context) as opened:
        changed = publish_files(
            opened, load_site(source), source.resolve().parent, catalogue_for_all
        )
    OUT.print(f"{changed} records changed.")


@hub_app.command()
def orders(
    context: typer.Context,
    site: Annotated[str, typer.Argument(help="Id of the site whose trade area they came from.")],
    file: Annotated[Path, typer.Argument(help="CSV with the columns sku and orders.")],
) -> None:
    """Tell which products were ordered online near a site, for the page What to stock.

    They take the place of what was told of that site before.

    Example: [bold]promenade hub orders harbour orders.csv[/bold]
    """
    from edge_core.hub.selection_data import read_orders, set_orders

    told = read_orders(file)
    with _opened(context) as opened:
        set_orders(opened.store, site, told)
    OUT.print(f"{sum(told.values())} orders of {len(told)} products.")


@hub_app.command()
def purchases(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: id, time_utc, and code or contact.")],
) -> None:
    """Tell which purchases were made with a list's code or a known contact, to count reminders.

    Contacts are compared by their fingerprints and not kept. The same file again changes nothing.

    Example: [bold]promenade hub purchases week-18.csv[/bold]
    """
    from edge_core.hub.after_visit.house import open_opt_ins
    from edge_core.hub.after_visit.purchases import read_file

    told = read_file(file)
    folder, _ = context.obj
    with _opened(context) as opened:
        open_opt_ins(folder, opened.store).take_purchases(told)
    OUT.print(f"{len(told)} purchases read.")


@contextmanager
def _opened(context: typer.Context) -> "Iterator[Hub]":
    from edge_core.hub.server import Hub

    folder, database = context.obj
    opened = Hub.open(folder, database)
    try:
        yield opened
    finally:
        opened.store.close()
