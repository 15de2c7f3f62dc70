import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.config import load_site, parse_site
from edge_core.config.locate import line_of
from edge_core.errors import ConfigError

GOOD = """
[site]
id = "corner-shop"
name = "Corner shop"

[[cameras]]
id = "door"
source = "rtsp://user:secret@camera/live"
"""


def problems_of(text):
    with pytest.raises(ConfigError) as caught:
        parse_site(text)
    return caught.value.problems


def test_three_lines_point_at_a_camera():
    site = parse_site(GOOD)
    assert site.cameras[0].id == "door"
    assert site.site.name_zh == "Corner shop"


def test_every_mistake_is_told_with_line_key_value_and_remedy():
    text = GOOD + "fps = -1\ncolour = 3\n[[cameras]]\nid = 'door'\nsource = 'usb:x'\n"
    found = {(p.line, p.key, p.value) for p in problems_of(text)}
    assert found == {
        (9, "cameras[0].fps", "-1"),
        (10, "cameras[0].colour", "3"),
        (13, "cameras[1].source", "'usb:x'"),
    }
    assert all(p.remedy for p in problems_of(text))


def test_the_same_id_twice_is_told_at_both_places():
    text = GOOD + "[[cameras]]\nid = 'door'\nsource = 'usb:0'\n"
    assert [(p.line, p.key) for p in problems_of(text)] == [
        (7, "cameras[0].id"),
        (10, "cameras[1].id"),
    ]


def test_a_line_must_name_a_camera_that_exists_and_is_calibrated_for_metres():
    line = "[[lines]]\nid='l'\nname='L'\ncamera='{}'\nstart_m=[0,0]\nend_m=[1,0]\n"
    (unknown,) = problems_of(GOOD + line.format("window"))
    assert "known: door" in unknown.reason
    (uncalibrated,) = problems_of(GOOD + line.format("door"))
    assert "not calibrated" in uncalibrated.reason


def test_a_wrong_corner_in_a_long_list_is_told_at_its_own_line():
    text = GOOD + "[[floors]]\nid='g'\nname='G'\noutline_m=[\n [0,0],\n [4,'q'],\n [4,4],\n]\n"
    (problem,) = problems_of(text)
    assert (problem.line, problem.key) == (14, "floors[0].outline_m[1][1]")


def test_passwords_in_sources_are_never_repeated():
    text = GOOD.replace("rtsp://user", "ftp://user")
    (problem,) = problems_of(text)
    assert "secret" not in str(problem)


def test_broken_syntax_names_the_line():
    (problem,) = problems_of(GOOD.replace('"door"', '"door'))
    assert problem.line == 7


def test_the_api_is_refused_on_open_networks():
    (problem,) = problems_of(GOOD + "[service]\nhost = '0.0.0.0'\n")
    assert "loopback" in problem.reason


def test_a_missing_file_is_a_config_error_with_a_remedy(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_site(tmp_path / "site.toml")


@given(st.lists(st.sampled_from(["# note", "", "[site]", "[[cameras]]"]), max_size=8))
def test_lines_are_counted_however_the_file_is_laid_out(prefix):
    text = "\n".join([*prefix, "[privacy]", "event_days = 3"])
    assert line_of(text, ("privacy", "event_days")) == len(prefix) + 2
    assert line_of(text, ("privacy", "unheard_of")) == len(prefix) + 1


def test_brackets_inside_strings_do_not_confuse_the_line_finder():
    text = '[site]\nname = "a [[ b"\nid = """x\n[cameras]\n"""\ntimezone = "UTC"\n'
    assert line_of(text, ("site", "timezone")) == 6
