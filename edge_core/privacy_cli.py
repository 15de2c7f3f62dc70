"""`promenade privacy …`: packs, papers, and the search for what must not be there."""

import json
from pathlib import Path
from typing import Annotated, Literal, get_args

import typer

from edge_core.config import load_site
from edge_core.errors import SourceError
from edge_core.privacy.packs import PackName, load_pack
from edge_core.terminal import EXIT_ENVIRONMENT, OUT, JsonOption, print_table

privacy_app = typer.Typer(
    help="Policy packs, sign and notice, and a search for what must not be kept.",
    no_args_is_help=True,
)
SiteOption = Annotated[Path, typer.Option("--site", help="The site file.")]
OutOption = Annotated[Path, typer.Option("--out", help="The PDF to write.")]
LanguageOption = Annotated[Literal["en", "zh"], typer.Option(help="English or Chinese.")]


@privacy_app.command()
def packs(as_json: JsonOption = False) -> None:
    """List the policy packs: what each switches off and bounds. No legal advice.

    Example: [bold]promenade privacy packs[/bold]
    """
    found = [load_pack(name) for name in get_args(PackName)]
    if as_json:
        typer.echo(json.dumps([it.model_dump(mode="json") for it in found], ensure_ascii=False))
        return
    rows = [
        {
            "pack": it.id,
            "off": ", ".join(it.off) or "nothing",
            "group": it.minimum_group_least,
            "days": it.event_days_most,
            "looks, s": it.embedding_ttl_s_most,
            "sources": len(it.sources),
        }
        for it in found
    ]
    print_table(("pack", "off", "group", "days", "looks, s", "sources"), rows)
    OUT.print("An engineer's reading of the sources in each pack's file; no legal advice.")


@privacy_app.command()
def signage(
    out: OutOption, site: SiteOption = Path("site.toml"), lang: LanguageOption = "en"
) -> None:
    """Write the sign for the entrance, from the site's settings.

    Example: [bold]promenade privacy signage --site shop/site.toml --out sign.pdf[/bold]
    """
    _write("signage", out, site, lang)


@privacy_app.command()
def notice(
    out: OutOption, site: SiteOption = Path("site.toml"), lang: LanguageOption = "en"
) -> None:
    """Write the privacy notice, from the site's settings.

    Example: [bold]promenade privacy notice --site shop/site.toml --lang zh --out notice.pdf[/bold]
    """
    _write("notice", out, site, lang)


@privacy_app.command()
def dpia(out: OutOption, site: SiteOption = Path("site.toml"), lang: LanguageOption = "en") -> None:
    """Write the draft of an impact assessment, from the site's settings.

    Example: [bold]promenade privacy dpia --site shop/site.toml --out assessment.pdf[/bold]
    """
    _write("assessment", out, site, lang)


def _write(kind: str, out: Path, site: Path, lang: Literal["en", "zh"]) -> None:
    from edge_core.dashboard import notices
    from edge_core.dashboard.language import Say

    make = {
        "signage": notices.signage,
        "notice": notices.notice,
        "assessment": notices.assessment,
    }[kind]
    out.write_bytes(make(load_site(site), Say(lang)))
    OUT.print(f"{out} is written; it is no legal advice.", markup=False)


@privacy_app.command()
def proofs(site: SiteOption = Path("site.toml"), as_json: JsonOption = False) -> None:
    """Show what was deleted, check the chain of its proofs, and what was chosen on screens.

    Exits with 75 when an entry was changed or is missing, or something deleted is there again.

    Example: [bold]promenade privacy proofs --site shop/site.toml[/bold]
    """
    from edge_core.service.privacy_proofs import proofs_of

    told = proofs_of(load_site(site), site)
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_table(("at", "older than", "rows", "left", "wiped", "backups"), told["deletions"])
        print_table(("hour", "screen", "text", "choice", "people"), told["consents"])
        OUT.print("The chain is whole." if told["ok"] else told["fault"], markup=False)
    if not told["ok"]:
        raise typer.Exit(EXIT_ENVIRONMENT)


@privacy_app.command()
def audit(
    site: SiteOption = Path("site.toml"),
    pid: Annotated[
        list[int] | None,
        typer.Option(help="A running service's process; its children are searched too."),
    ] = None,
    folder: Annotated[list[Path] | None, typer.Option(help="Search this folder too.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Search all files of a site, and what a running service writes, for pictures and embeddings.

    Every byte of every file in the site's folder is searched, the free pages of databases too.
    Memory is not searched here: it rightly holds what people in view look like.

    Example: [bold]promenade privacy audit --site shop/site.toml --pid 4711[/bold]
    """
    from edge_core.service.privacy_audit import audit_site

    for each in folder or ():
        if not each.is_dir():
            raise SourceError(f"There is no folder {each}.", "Correct --folder.")
    found, searched = audit_site(load_site(site), site, pid or (), folder or ())
    if as_json:
        rows = [{"what": it.what, "where": it.where, "at": it.at} for it in found]
        told = {"ok": not found, "searched": searched.told(), "finds": rows}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        for name, count in searched.told().items():
            if count:
                OUT.print(f"{name.replace('_', ' ')}: {count:,}")
        for it in found:
            OUT.print(f"{it.what} in {it.where} at byte {it.at}", style="red", markup=False)
        if not found:
            OUT.print("Nothing was found.", style="green")
    if found:
        raise typer.Exit(EXIT_ENVIRONMENT)
