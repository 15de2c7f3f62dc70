from datetime import time

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


def test_elements_are_found_however_many_stand_in_a_line():
    text = GOOD + "[[floors]]\nid='g'\nname='G'\noutline_m=[[0,0], [9,0],\n [9,9], [0,\n 'q']]\n"
    (problem,) = problems_of(text)
    assert (problem.line, problem.key) == (13, "floors[0].outline_m[3][1]")


@pytest.mark.parametrize("written", ["10", "9.5", '"9:30"', '"24:00"', '"09:30Z"', "2026-05-01"])
def test_only_times_of_the_site_are_times(written):
    (problem,) = problems_of(GOOD.replace("[[cam", f"opens = {written}\n[[cam"))
    assert (problem.line, problem.key) == (6, "site.opens")
    assert "09:30" in problem.reason


@pytest.mark.parametrize("written", ['"09:30"', '"09:30:00"', "09:30:00"])
def test_times_are_written_as_text_or_as_toml_has_them(written):
    site = parse_site(GOOD.replace("[[cam", f"opens = {written}\n[[cam"))
    assert site.site.opens == time(9, 30)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("fps = 0.01", "fps"),
        ("fps = nan", "fps"),
        ("position_m = [inf, 0.0]", "position_m[0]"),
        ("calibration_px = [0, 480]", "calibration_px"),
    ],
)
def test_figures_no_camera_can_have_are_refused(line, key):
    (problem,) = problems_of(f"{GOOD}{line}\n")
    assert (problem.line, problem.key) == (9, f"cameras[0].{key}")


@pytest.mark.parametrize("source", ["usb:x", "usb:²", "usb:99999999999"])
def test_usb_cameras_have_small_plain_numbers(source):
    (problem,) = problems_of(GOOD.replace("rtsp://user:secret@camera/live", source))
    assert problem.key == "cameras[0].source"


def test_a_line_in_pixels_needs_the_size_of_a_real_picture():
    line = "[[lines]]\nid='l'\nname='L'\ncamera='door'\nstart_px=[0,0]\nend_px=[9,0]\n"
    (problem,) = problems_of(f"{GOOD}{line}picture_px=[0,0]\n")
    assert problem.key == "lines[0].picture_px"


def test_corners_out_of_order_are_told():
    floor = "[[floors]]\nid='g'\nname='G'\noutline_m=[[0,0],[9,9],[9,0],[0,4]]\n"
    (problem,) = problems_of(GOOD + floor)
    assert "sides cross" in problem.reason


def test_an_outline_may_touch_itself():
    corners = "[[0,0],[8,0],[8,8],[4,8],[4,4],[6,4],[6,6],[4,6],[4,8],[0,8]]"
    assert parse_site(f"{GOOD}[[floors]]\nid='g'\nname='G'\noutline_m={corners}\n").floors


@pytest.mark.parametrize("name", ["Europe", "../etc", "", "Mars/Base"])
def test_an_unknown_time_zone_is_told(name):
    (problem,) = problems_of(GOOD.replace("[[cam", f"timezone = '{name}'\n[[cam"))
    assert problem.key == "site.timezone"


def test_a_language_is_offered_once():
    (problem,) = problems_of(GOOD.replace("[[cam", "languages = ['en', 'en']\n[[cam"))
    assert problem.key == "site.languages"


def test_a_file_saved_on_windows_is_read(tmp_path):
    path = tmp_path / "site.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_site(path).site.name == "Corner shop"


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


def test_a_folder_in_place_of_the_file_is_told_from_a_wrong_encoding(tmp_path):
    with pytest.raises(ConfigError, match="Give the file itself"):
        load_site(tmp_path)
    (tmp_path / "site.toml").write_bytes("name = 'Käse'".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load_site(tmp_path / "site.toml")


def test_attributes_are_off_and_a_bodys_gender_cannot_be_switched_on():
    assert parse_site(GOOD).attributes.body == ()
    assert not parse_site(GOOD).attributes.face
    allowed = GOOD + "[privacy]\npack = 'none'\n[attributes]\n"
    some = parse_site(allowed + "body = ['hat', 'long_trousers']\nface = true\n")
    assert some.attributes.body == ("hat", "long_trousers")
    [problem] = problems_of(GOOD + "[attributes]\nbody = ['female']\n")
    assert problem.key == "attributes.body[0]"


def test_a_camera_in_a_fitting_room_is_refused():
    text = (
        GOOD
        + """
[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [9, 0], [9, 9], [0, 9]]

[[zones]]
id = "room"
name = "Room 1"
floor = "ground"
kind = "KIND"
polygon_m = [[1, 1], [3, 1], [3, 3], [1, 3]]
"""
    )
    hung = text.replace("[[cameras]]", '[[cameras]]\nfloor = "ground"\nposition_m = [2, 2]', 1)
    (problem,) = problems_of(hung.replace("KIND", "fitting-room"))
    assert "fitting room (Room 1)" in problem.reason
    assert problem.key == "cameras[0].position_m"
    parse_site(hung.replace("KIND", "department"))
    parse_site(hung.replace("KIND", "fitting-room").replace("[2, 2]", "[4, 2]"))


def test_pages_for_the_network_need_a_certificate():
    (problem,) = problems_of(GOOD + "\n[access]\nnetwork_port = 8461\n")
    assert "in the clear" in problem.reason
    told = 'network_port = 8461\ncertificate = "c.pem"\nkey = "k.pem"\n'
    assert parse_site(f"{GOOD}\n[access]\n{told}").access.network_port == 8461
