import tomllib
from pathlib import Path

import pytest

from edge_core.config import parse_site
from edge_core.config.edit import AntennaDraft, CalibrationDraft, Draft, PairDraft, edited
from edge_core.errors import ConfigError

MALLS = Path(__file__).parents[3] / "assets" / "malls"
SHOP = (MALLS / "shop" / "site.toml").read_text(encoding="utf-8")
NEW = {
    "id": "corner",
    "name": 'The "corner"',
    "name_zh": "角落",
    "floor": "ground",
    "kind": "department",
    "polygon_m": [[1.0, 5.0], [3.5, 5.0], [3.0, 7.25]],
}


def draft_of(text, **more):
    data = tomllib.loads(text)
    return Draft(zones=data.get("zones", []), lines=data.get("lines", []), **more)


@pytest.mark.parametrize("mall", ["shop", "mall"])
def test_a_file_that_nobody_changed_stays_the_same_to_the_letter(mall):
    text = (MALLS / mall / "site.toml").read_text(encoding="utf-8")
    assert edited(text, draft_of(text)) == text


def test_a_moved_corner_changes_one_line():
    draft = draft_of(SHOP)
    draft.zones[1]["polygon_m"] = [[0.2, 4.5], [6.6, 4.5], [6.6, 11.0], [0.2, 12.0]]
    changed = edited(SHOP, draft)
    pairs = zip(SHOP.split("\n"), changed.split("\n"), strict=True)
    assert [after for before, after in pairs if before != after] == [
        "polygon_m = [[0.2, 4.5], [6.6, 4.5], [6.6, 11.0], [0.2, 12.0]]"
    ]


def test_a_new_zone_stands_behind_the_others_and_before_the_next_sections_comment():
    draft = draft_of(SHOP)
    draft.zones.append(NEW)
    changed = edited(SHOP, draft)
    assert '\n\n[[zones]]\nid = "corner"\n' in changed
    new = changed[changed.index('id = "corner"') :]
    assert new.index("# Racks with tagged garments") < new.index("[[racks]]")
    assert "polygon_m = [[1.0, 5.0], [3.5, 5.0], [3.0, 7.25]]\n\n# Racks" in new
    assert parse_site(changed).zones[-1].name == 'The "corner"'


def test_a_removed_zone_takes_no_comment_with_it():
    draft = draft_of(SHOP)
    removed = draft.zones.pop()
    draft.lines.pop()
    changed = edited(SHOP, draft)
    comments = [line for line in SHOP.split("\n") if line.lstrip().startswith("#")]
    assert [line for line in changed.split("\n") if line.lstrip().startswith("#")] == comments
    assert removed["id"] not in {zone.id for zone in parse_site(changed).zones}


def test_the_first_zone_of_a_file_makes_the_section():
    text = '# Mine\n[site]\nid = "s"\nname = "S"\n\n[[cameras]]\nid = "a"\nsource = "usb:0"\n'
    text += '\n[[floors]]\nid = "ground"\nname = "G"\noutline_m = [[0,0],[9,0],[9,9]]\n'
    other = NEW | {"id": "other"}
    changed = edited(text, Draft(zones=[NEW, other], lines=[]))
    assert changed.startswith(text.rstrip())
    assert [zone.id for zone in parse_site(changed).zones] == ["corner", "other"]


def test_zones_written_inline_stay_inline():
    zone = '{ id = "a", name = "A", floor = "g", polygon_m = [[0, 0], [1, 0], [1, 1]] }'
    text = f"zones = [\n  {zone}, # mine\n]\n"
    changed = edited(text, Draft(zones=[*tomllib.loads(text)["zones"], NEW], lines=[]))
    assert "# mine" in changed
    assert "[[zones]]" not in changed
    assert len(tomllib.loads(changed)["zones"]) == 2


def test_only_the_antenna_that_changed_is_rewritten():
    looks = {
        "hall": {1: AntennaDraft(zone="men"), 2: AntennaDraft(zone="men", rack="men-island-2")}
    }
    changed = edited(SHOP, draft_of(SHOP, antennas=looks))
    pairs = zip(SHOP.split("\n"), changed.split("\n"), strict=True)
    assert [after for before, after in pairs if before != after] == [
        '  { number = 1, zone = "men", position_m = [12.8, 6.2] },'
    ]


def test_a_calibration_is_written_a_pair_a_line_and_can_be_taken_away():
    pairs = [PairDraft(px=(x, y), m=(x / 100, y / 50)) for x in (10, 600) for y in (20, 340)]
    made = CalibrationDraft(floor="ground", picture_px=(640, 360), pairs=pairs)
    changed = edited(SHOP, draft_of(SHOP, calibrations={"door": made}))
    assert "  { px = [10.0, 20.0], m = [0.1, 0.4] },\n" in changed
    assert len(parse_site(changed).cameras[0].calibration) == 4
    none = CalibrationDraft(floor="ground", picture_px=(640, 360), pairs=[])
    assert (
        "calibration"
        not in tomllib.loads(edited(SHOP, draft_of(SHOP, calibrations={"till": none})))["cameras"][
            3
        ]
    )


def test_sections_that_are_mixed_are_edited_all_the_same():
    text = '[[zones]]\nid = "a"\n[site]\nid = "s"\n[[zones]]\nid = "b"\n'
    changed = edited(text, Draft(zones=[{"id": "b", "name": "B"}], lines=[]))
    assert tomllib.loads(changed) == {"zones": [{"id": "b", "name": "B"}], "site": {"id": "s"}}


def test_an_unknown_key_reaches_the_models_that_refuse_it():
    draft = draft_of(SHOP)
    draft.zones[0] = draft.zones[0] | {"colour": "red"}
    with pytest.raises(ConfigError, match="colour"):
        parse_site(edited(SHOP, draft))
