"""`promenade setup`: from an installed package to a site that runs, by a few questions."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

import typer
from pydantic import BaseModel, ValidationError

from edge_core.errors import ConfigError, PromenadeError
from edge_core.ownership import become_owner_of
from edge_core.privacy.packs import PackName, load_pack
from edge_core.terminal import EXIT_CONFIG, EXIT_ENVIRONMENT, OUT

if TYPE_CHECKING:
    from edge_core.config import SiteConfig
    from edge_core.service.first_site import SetUpAnswers

_Model = TypeVar("_Model", bound=BaseModel)
_Made = TypeVar("_Made")
_NO_ZONE = "UTC"


def setup(
    site: Annotated[Path, typer.Option("--site", help="The site file to make.")] = Path(
        "/etc/promenade/site.toml" if sys.platform == "linux" else "site.toml"
    ),
    answers: Annotated[
        str | None,
        typer.Option(help="TOML file with the answers, `-` for standard input; asks nothing."),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the ledger and keys; else /var/lib/promenade for a site in"
                     " /etc/promenade, and beside the site file otherwise."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write anew over a site file; a copy is kept.")
    ] = False,
    keep_unreachable: Annotated[
        bool, typer.Option("--keep-unreachable", help="Take cameras and readers that do not answer"
                           " too, with --answers.")
    ] = False,
) -> None:  # fmt: skip
    """Make the site file of a store PC: name, cameras, readers, policy, password, hub.

    Each camera and reader is tested before it is taken. Nothing that is there is overwritten
    unless --replace says so. As root it works as the user whom the site file's folder belongs to.

    Answers look like this (cameras and name are needed, the rest is optional):

    name = "Corner shop"; kind = "shop"; timezone = "Europe/Berlin"; pack = "eu"; pin = "482913"
    password = "…"; cameras = [{ id = "door", source = "rtsp://…" }]
    readers = [{ id = "ceiling", host = "192.168.1.21", antennas = 4 }]
    hub = { url = "https://hub.example:8470", code = "K7QD-3XNA-9FHT", ca = "ca.pem" }

    Example: [bold]promenade setup[/bold] or [bold]promenade setup --answers answers.toml[/bold]
    """
    from edge_core.service.first_site import data_folder, site_text, write_site

    if site.exists() and not replace:
        OUT.print(f"{site} is there already; --replace keeps a copy and makes it anew.",
                  style="red", markup=False, soft_wrap=True)  # fmt: skip
        raise typer.Exit(EXIT_CONFIG)
    told = _read(answers) if answers is not None else None
    become_owner_of(site.resolve().parent)
    if told is None:
        told = _ask()
    elif not _test(told) and not keep_unreachable:
        OUT.print("Nothing was written. Mend that, or add --keep-unreachable.", style="red")
        raise typer.Exit(EXIT_ENVIRONMENT)
    _check_secrets(told)
    text = site_text(told, data.resolve() if data else data_folder(site))
    config = write_site(site, text, replace=replace)
    OUT.print(f"{site} is written.", markup=False)
    _set_secrets(site, config, told)
    _enrol(site, told)
    OUT.print(f"Test it: promenade doctor --site {site}", markup=False)


def _read(answers: str) -> "SetUpAnswers":
    from edge_core.service.first_site import read_answers, read_answers_file

    if answers == "-":
        return read_answers(sys.stdin.read(), "standard input")
    return read_answers_file(Path(answers))


def _test(told: "SetUpAnswers") -> bool:
    """Whether every camera and reader answers; each is told."""
    from edge_core.service.first_site import camera_of, reader_of

    found = [_examine(camera_of(it)) for it in told.cameras]
    found += [_examine(reader_of(it)) for it in told.readers]
    return all(found)


def _examine(part: Any) -> bool:
    """Test a camera or reader as the self-test does, and tell what came of it."""
    from edge_core.config import CameraConfig
    from edge_core.sensing.sources import quiet_ffmpeg
    from edge_core.service.doctor import examine_camera
    from edge_core.service.doctor_readers import examine_reader
    from edge_core.service.findings import Verdict

    OUT.print(f"Testing {part.id} …", markup=False)
    quiet_ffmpeg()
    finding = (
        examine_camera(part, Path.cwd())
        if isinstance(part, CameraConfig)
        else asyncio.run(examine_reader(part, Path.cwd()))
    )
    failed = finding.verdict is Verdict.FAILED
    OUT.print(str(finding), style="red" if failed else "green", markup=False, soft_wrap=True)
    return not failed


def _ask() -> "SetUpAnswers":
    """Ask a person, and test what they say."""
    from edge_core.service.first_site import SetUpAnswers

    OUT.print("A few questions; Enter takes what stands in brackets, Ctrl-C ends without a trace.")
    name = typer.prompt("Name of the site, as visitors read it")
    kind = _choose("Shop or mall?", ("shop", "mall"), "shop")
    zone = typer.prompt("Time zone", default=_own_zone())
    packs: tuple[PackName, ...] = get_args(PackName)
    for each in packs:
        OUT.print(f"  {each:10} {load_pack(each).title}", markup=False)
    pack = _choose("Privacy policy of which place?", packs, "strict")
    operator = typer.prompt("Who answers for the cameras (shown to visitors)", default="")
    contact = typer.prompt("Where people may ask them", default="")
    cameras = _ask_cameras()
    readers = _ask_readers()
    password = _ask_secret("Password of the operator's pages (Enter: set it there)", _password_fits)
    pin = _ask_secret("PIN that ends a screen, 6 to 12 digits (Enter: none)", _pin_fits)
    return SetUpAnswers.model_validate(
        {
            "name": name, "kind": kind, "timezone": zone, "pack": pack, "operator": operator,
            "contact": contact, "cameras": cameras, "readers": readers, "hub": _ask_hub(),
            "password": password or None, "pin": pin or None,
        }
    )  # fmt: skip


def _ask_cameras() -> list[Any]:
    from edge_core.service.first_site import CameraAnswer, camera_of

    taken: list[Any] = []
    OUT.print("Cameras: rtsp://user:password@address/stream, http://… (MJPEG), usb:0, or a file.")
    while True:
        label = "Camera" if not taken else "Next camera (Enter: no more)"
        source = typer.prompt(label, default="" if taken else None, show_default=False)
        if not source:
            return taken
        name = typer.prompt(
            "  its id (letters, digits, dashes)", default=f"camera-{len(taken) + 1}"
        )
        answer = _made(CameraAnswer, {"id": name, "source": source})
        part = answer and _told(camera_of, answer)
        if part and (_examine(part) or typer.confirm("  Take it all the same?", default=False)):
            taken.append(answer)


def _ask_readers() -> list[Any]:
    from edge_core.service.first_site import ReaderAnswer, reader_of

    taken: list[Any] = []
    while True:
        host = typer.prompt(
            "RFID reader's address (Enter: no more)", default="", show_default=False
        )
        if not host:
            return taken
        name = typer.prompt("  its id", default=f"reader-{len(taken) + 1}")
        antennas = typer.prompt("  how many antennas", default=4, type=int)
        answer = _made(ReaderAnswer, {"id": name, "host": host, "antennas": antennas})
        part = answer and _told(reader_of, answer)
        if part and (_examine(part) or typer.confirm("  Take it all the same?", default=False)):
            taken.append(answer)


def _ask_hub() -> dict[str, Any] | None:
    url = typer.prompt("Hub's address (Enter: none)", default="", show_default=False)
    if not url:
        return None
    code = typer.prompt("  one-time code of `promenade hub code`")
    ca = typer.prompt("  certificate of the hub's authority (Enter: none)", default="")
    return {"url": url, "code": code, **({"ca": ca} if ca else {})}


def _made(kind: type[_Model], values: dict[str, Any]) -> _Model | None:
    """What was typed, checked; see `_told`."""
    return _told(kind.model_validate, values)


def _told(make: Callable[[Any], _Made], of: Any) -> _Made | None:
    """What is made of that; None after telling what is wrong with it."""
    try:
        return make(of)
    except ConfigError as error:
        mistakes = [problem.reason for problem in error.problems]
    except ValidationError as error:
        mistakes = [f"{it['loc'][0]}: {it['msg']}" for it in error.errors()]
    for mistake in mistakes:
        OUT.print(f"  {mistake}", style="red", markup=False)
    return None


def _choose(question: str, choices: tuple[str, ...], default: str) -> str:
    while True:
        chosen: str = typer.prompt(f"{question} ({', '.join(choices)})", default=default)
        if chosen in choices:
            return chosen


def _ask_secret(question: str, fits: Callable[[str], None]) -> str:
    while True:
        chosen: str = typer.prompt(question, default="", hide_input=True, show_default=False)
        if not chosen:
            return ""
        try:
            fits(chosen)
        except PromenadeError as error:
            OUT.print(f"  {error}", style="red", markup=False)
            continue
        if typer.prompt("  once more", hide_input=True) == chosen:
            return chosen
        OUT.print("  The two differ.", style="red")


def _password_fits(chosen: str) -> None:
    from edge_core.dashboard.access.by_command import check_password

    check_password(chosen, "operator")


def _pin_fits(chosen: str) -> None:
    from edge_core.dashboard.access.pin import check_pin

    check_pin(chosen)


def _check_secrets(told: "SetUpAnswers") -> None:
    """Raise PromenadeError before anything is written."""
    if told.password is not None:
        _password_fits(told.password.get_secret_value())
    if told.pin is not None:
        _pin_fits(told.pin.get_secret_value())


def _set_secrets(site: Path, config: "SiteConfig", told: "SetUpAnswers") -> None:
    from edge_core.dashboard.access.by_command import set_password, set_pin

    if told.password is not None:
        set_password(site, config, "operator", told.password.get_secret_value())
        OUT.print("The password of operator is set.")
    else:
        OUT.print("The operator's page asks for a password at its first visit, from this PC.")
    if told.pin is not None:
        set_pin(site, config, told.pin.get_secret_value())
        OUT.print("The PIN of the screens is set.")


def _enrol(site: Path, told: "SetUpAnswers") -> None:
    from edge_core.service.enrolment import enrol_site

    if told.hub is None:
        return
    try:
        enrolled = enrol_site(site, told.hub.url, told.hub.code, told.hub.ca)
    except PromenadeError as error:
        raise PromenadeError(
            f"The site is set up, but not enrolled: {error.message}",
            f"{error.remedy} Then: promenade enrol {told.hub.url} CODE --site {site}",
        ) from None
    OUT.print(f"{enrolled.site} is enrolled at {enrolled.hub} as {enrolled.device}.", markup=False)


def _own_zone() -> str:
    """The machine's time zone as its files tell it."""
    try:
        linked = Path("/etc/localtime").resolve().as_posix()
    except OSError:
        return _NO_ZONE
    _, found, zone = linked.partition("/zoneinfo/")
    return zone if found else _NO_ZONE
