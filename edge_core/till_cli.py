"""`promenade till …`: what a shop's till has to tell."""

from pathlib import Path
from typing import Annotated

import typer

from edge_core.errors import SourceError
from edge_core.terminal import EXIT_REFUSED, OUT, JsonOption, print_table

till_app = typer.Typer(
    help="Sales, for the figures of items; coupons at tills.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@till_app.callback()
def _root() -> None:
    pass


@till_app.command("import")
def import_sales(
    file: Annotated[Path, typer.Argument(help="Sales as `.csv` or `.json`.")],
    site: Annotated[Path, typer.Option("--site", help="Site file of the running service.")] = Path(
        "site.toml"
    ),
    url: Annotated[str | None, typer.Option(help="Its address, instead of --site.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Hand a file of sales to the running edge service; doing it again changes nothing.

    Columns of a CSV file: transaction, time_utc, sku and, if it is not always 1, quantity. A
    transaction with a mistake is left out whole and told line by line; the others are kept.

    Example: [bold]promenade till import sales.csv --site shop/site.toml[/bold]
    """
    from edge_core.service.client import EdgeClient, address_of_service

    media_type = {".csv": "text/csv", ".json": "application/json"}.get(file.suffix.lower())
    if media_type is None:
        raise typer.BadParameter("give a file that ends in .csv or .json", param_hint="FILE")
    try:
        body = file.read_bytes()
    except OSError as error:
        raise SourceError(
            f"The sales {file} cannot be read: {error.strerror}.", "Check the path."
        ) from None
    with EdgeClient(url or address_of_service(site)) as client:
        receipt = client.hand_in_sales(body, media_type)
    if as_json:
        typer.echo(receipt.model_dump_json())
    else:
        OUT.print(
            f"{receipt.kept} transactions with {receipt.lines} lines kept,"
            f" {receipt.known} known before, {len(receipt.refused)} mistakes."
        )
        if receipt.unknown_skus:
            names = ", ".join(receipt.unknown_skus)
            OUT.print(f"Not in the table of products: {names}", markup=False)
        if receipt.refused:
            print_table(
                ("transaction", "line", "reason", "remedy"),
                [refusal.model_dump() for refusal in receipt.refused],
            )
    if receipt.refused:
        raise typer.Exit(EXIT_REFUSED)
