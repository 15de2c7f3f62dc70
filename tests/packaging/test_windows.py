"""The Windows installer names what the bundle has; nothing here shows that it works there."""

import re
import xml.etree.ElementTree as ET

import pytest

SECTIONS = {
    "Setup", "Types", "Components", "Dirs", "InstallDelete", "Files", "Icons", "Run",
    "UninstallRun", "Code",
}  # fmt: skip
SERVICES = ("promenade-edge", "promenade-hub-service")


@pytest.fixture(scope="module")
def windows(packaging):
    return packaging / "windows"


@pytest.fixture(scope="module")
def sections(windows):
    """Lines of each section of the script, without comments and preprocessor lines."""
    found, name = {}, None
    for line in (windows / "promenade.iss").read_text().splitlines():
        if match := re.fullmatch(r"\[(\w+)\]", line):
            name = match[1]
            found[name] = []
        elif name and line.strip() and not line.lstrip().startswith((";", "#")):
            found[name].append(line)
    return found


def entries(lines):
    """Parameters of each entry of a section, e.g. `Source` and `DestDir`."""
    pattern = re.compile(r'(\w+):\s*("(?:[^"]|"")*"|[^;]*)\s*(?:;|$)')
    for line in lines:
        found = pattern.findall(line)
        yield {key: value.strip().strip('"') for key, value in found}


def test_it_has_the_sections_that_inno_setup_knows(sections):
    assert set(sections) == SECTIONS


def test_every_entry_is_well_formed(sections):
    for name in SECTIONS - {"Setup", "Code"}:
        for line, entry in zip(sections[name], entries(sections[name]), strict=True):
            assert line.count('"') % 2 == 0, line
            assert entry, line
    assert all(re.fullmatch(r"\w+=.+", line) for line in sections["Setup"])


def test_every_program_of_the_bundle_is_installed_and_no_other(sections, bundle):
    sources = [it["Source"] for it in entries(sections["Files"])]
    programs = [it for it in sources if it.startswith("{#Bundle}") and it.endswith(".exe")]
    assert programs == [f"{{#Bundle}}\\{it.name}.exe" for it in bundle.PROGRAMS]
    assert f"{{#Bundle}}\\{bundle.CONTENTS}\\*" in sources


def test_other_files_are_in_the_repository(sections, windows):
    for entry in entries(sections["Files"]):
        if not entry["Source"].startswith("{#"):
            assert (windows / entry["Source"].replace("\\", "/")).resolve().is_file()


def test_whatever_is_run_or_linked_to_is_installed(sections):
    installed = set()
    for entry in entries(sections["Files"]):
        name = entry.get("DestName") or entry["Source"].split("\\")[-1]
        installed.add(f"{entry['DestDir']}\\{name}")
    for section in ("Run", "UninstallRun", "Icons"):
        for entry in entries(sections[section]):
            if entry["Filename"].startswith("{app}"):
                assert entry["Filename"] in installed


def test_components_are_declared(sections):
    known = {it["Name"] for it in entries(sections["Components"])}
    used = {
        name
        for section in ("Files", "Icons", "Run", "UninstallRun")
        for it in entries(sections[section])
        for name in it.get("Components", "").split()
    }
    assert used <= known


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_starts_a_program_that_is_there(windows, sections, bundle, name):
    service = ET.parse(windows / f"{name}.xml").getroot()
    assert service.findtext("id") == name
    executable = service.findtext("executable")
    assert executable in {f"%BASE%\\..\\{it.name}.exe" for it in bundle.PROGRAMS}
    assert service.find("onfailure").get("action") == "restart"
    wrapped = {it.get("DestName") for it in entries(sections["Files"])}
    assert f"{name}.exe" in wrapped


@pytest.mark.parametrize("name", SERVICES)
def test_a_wrapper_never_has_the_name_of_the_program_it_starts(windows, name):
    executable = ET.parse(windows / f"{name}.xml").getroot().findtext("executable")
    assert executable.split("\\")[-1] != f"{name}.exe"


def test_services_are_stopped_before_files_are_replaced_and_removed(sections):
    code = "\n".join(sections["Code"])
    for name in SERVICES:
        assert f"StopService('{name}');" in code
        removed = [it["Parameters"] for it in entries(sections["UninstallRun"])
                   if it["Filename"].endswith(f"\\{name}.exe")]  # fmt: skip
        assert removed == ["stop --force", "uninstall"]


def test_the_shell_launcher_starts_screens_of_the_bundle(windows, bundle):
    text = (windows / "shell-launcher.ps1").read_text()
    screens = re.search(r"ValidateSet\((.+)\)\]\[string\]\$Screen", text)[1]
    names = {f"promenade-{it.strip().strip(chr(34))}" for it in screens.split(",")}
    assert names <= {it.name for it in bundle.PROGRAMS if it.windowed}
    assert text.count("{") == text.count("}")


def test_the_guide_says_that_nobody_has_tried_it(packaging):
    assert "**Unproven.**" in (packaging / "docs" / "windows.md").read_text()
