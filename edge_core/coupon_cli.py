"""Coupons at a counter: `promenade verify-coupon` and what tills are handed."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_core.config import SiteConfig, load_site
from edge_core.errors import PromenadeError, ServiceUnavailableError, SourceError
from edge_core.suggest.counter import redeem
from edge_core.suggest.redeemed import Redeemed
from edge_core.suggest.signing_key import signing_key
from edge_core.suggest.take_home import CouponRefusedError
from edge_core.terminal import EXIT_REFUSED, OUT, JsonOption, print_table

SiteOption = Annotated[Path, typer.Option("--site", help="Site file of the running service.")]
_LINES: Final = 5
_ADDRESS: Final = "Its address, instead of the one in --site."


def verify_coupon(
    code: Annotated[
        str, typer.Argument(help="The scanned text; `-` reads it from a scanner or a pipe.")
    ] = "-",
    site: SiteOption = Path("site.toml"),
    key: Annotated[
        str | None,
        typer.Option(help="Public key, 64 digits of `promenade till key`, away from the store PC."),
    ] = None,
    till: Annotated[str, typer.Option(help="Name of this till, told if it is shown again.")] = "",
    url: Annotated[str | None, typer.Option(help=_ADDRESS)] = None,
    as_json: JsonOption = False,
) -> None:
    """Take a coupon from a shopper's QR code: once. Says why when it is not to be taken.

    Works without a network; the edge service is told now, or the next time it answers.

    Example: [bold]promenade verify-coupon --site mall/site.toml < scanned.txt[/bold]
    """
    config = load_site(site)
    folder = site.resolve().parent
    text = _scanned() if code == "-" else code
    redeemed = Redeemed(folder / config.service.redeemed)
    public = _public(key) if key else _key_beside(folder / config.service.coupon_key)
    try:
        content = redeem(
            text,
            mall=config.site.id,
            key=public,
            redeemed=redeemed,
            now_utc=datetime.now(UTC),
            till=till,
        )
    except CouponRefusedError as refused:
        if as_json:
            told = {"taken": False, "refusal": str(refused.refusal), "message": refused.message}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            OUT.print(f"Do not take it. {refused}", style="red", markup=False)
        raise typer.Exit(EXIT_REFUSED) from None
    assert content.offer is not None
    _tell(redeemed, url or _address(config))
    if as_json:
        told_all: dict[str, Any] = {
            "taken": True,
            "coupon": content.offer.coupon,
            "value": content.offer.value,
            "title": content.title,
        }
        typer.echo(json.dumps(told_all, ensure_ascii=False))
        return
    OUT.print(f"Take it: {content.offer.value} ({content.title})", style="green", markup=False)


def till_key(site: SiteOption = Path("site.toml")) -> None:
    """Print the public key that tills check coupons with; it is made at the first use.

    Example: [bold]promenade till key --site mall/site.toml[/bold]
    """
    typer.echo(_own_public(load_site(site), site).public_bytes_raw().hex())


def till_page(
    site: SiteOption = Path("site.toml"),
    out: Annotated[Path, typer.Option(help="The HTML file to write.")] = Path("till.html"),
) -> None:
    """Write a page that takes coupons on a till without a network. Open it in any browser.

    Each till remembers its own; a copied coupon could be taken once at each till that is offline.

    Example: [bold]promenade till page --site mall/site.toml --out till.html[/bold]
    """
    from edge_core.service.till_page import till_page as page

    config = load_site(site)
    out.write_text(page(config.site, _own_public(config, site)), encoding="utf-8")
    OUT.print(f"{out} takes coupons of {config.site.name}.", markup=False)


def till_redemptions(
    file: Annotated[Path, typer.Argument(help="The list a till's page saved.")],
    site: SiteOption = Path("site.toml"),
    url: Annotated[str | None, typer.Option(help=_ADDRESS)] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the edge service which coupons a till took; doing it again changes nothing.

    Example: [bold]promenade till redemptions redemptions.json --site mall/site.toml[/bold]
    """
    from edge_core.service.client import EdgeClient

    with EdgeClient(url or _address(load_site(site))) as client:
        view = client.suggestions.redemptions(_list(file))
    if as_json:
        typer.echo(view.model_dump_json())
    else:
        OUT.print(f"{view.kept} coupons kept, {view.known} known, {len(view.refused)} refused.")
        if view.refused:
            print_table(("place", "refusal", "message"), [it.model_dump() for it in view.refused])
    if view.refused:
        raise typer.Exit(EXIT_REFUSED)


def _scanned() -> str:
    """A scanner types five lines and stops; a pipe ends."""
    lines: list[str] = []
    for line in sys.stdin:
        if line.strip() or lines:
            lines.append(line)
        if len(lines) == _LINES:
            break
    return "".join(lines)


def _public(text: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise typer.BadParameter(
            "give the 64 digits of `promenade till key`", param_hint="--key"
        ) from None


def _key_beside(path: Path) -> Ed25519PublicKey:
    if not path.exists():  # a new one would call every coupon altered
        raise SourceError(
            f"There is no coupons' key {path} here.",
            "Run this on the store PC, or give --key with what `promenade till key` tells there.",
        )
    return signing_key(path).public_key()


def _own_public(config: SiteConfig, site: Path) -> Ed25519PublicKey:
    return signing_key(site.resolve().parent / config.service.coupon_key).public_key()


def _tell(redeemed: Redeemed, url: str) -> None:
    """Hand what it does not know to the edge service, if that answers."""
    from edge_core.service.client import EdgeClient

    waiting = redeemed.untold()
    try:
        with EdgeClient(url) as client:
            client.suggestions.redemptions([(it.text, it.used_at, it.till) for it in waiting])
    except ServiceUnavailableError:
        return  # the next coupon taken here tells this one too
    except PromenadeError as error:
        OUT.print(f"The edge service was not told: {error}", markup=False)
        return
    redeemed.mark_told([it.nonce for it in waiting])


def _list(file: Path) -> list[tuple[str, datetime, str]]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["redemptions"]
        return [
            (str(row["text"]), datetime.fromisoformat(row["used_at"]), str(row.get("till", "")))
            for row in rows
        ]
    except OSError as error:
        reason = error.strerror or str(error)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"it is no such list ({error})"
    raise SourceError(
        f"The redemptions {file} cannot be read: {reason}.",
        "Give the file that the till's page saved.",
    )


def _address(config: SiteConfig) -> str:
    service = config.service
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{service.port}"
