from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.config import FloorConfig, SiteConfig
from edge_core.config.loader import load_site
from edge_core.errors import ConfigError
from edge_core.identity.site_graph import UNKNOWN_M, site_graph
from edge_core.identity.walkable import CELL_M, walking_m

ROOM = [(0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0)]
WALL = {"kind": "wall", "polygon_m": [(9.8, 0.0), (10.2, 0.0), (10.2, 8.0), (9.8, 8.0)]}


def floor(*fixtures):
    return FloorConfig.model_validate(
        {"id": "ground", "name": "Ground", "outline_m": ROOM, "fixtures": fixtures}
    )


def site(cameras, **more):
    places = [
        {"id": name, "source": "usb:0"} | ({"floor": "ground", "position_m": at} if at else {})
        for name, at in cameras.items()
    ]
    return SiteConfig.model_validate(
        {
            "site": {"id": "shop", "name": "Shop"},
            "floors": [{"id": "ground", "name": "Ground", "outline_m": ROOM}],
            "cameras": places,
            **more,
        }
    )


def test_a_wall_makes_the_way_longer():
    ends = [(5.0, 2.0), (15.0, 2.0)]
    straight, round_it = walking_m(floor(), ends)[0, 1], walking_m(floor(WALL), ends)[0, 1]
    assert straight == pytest.approx(10, abs=CELL_M)
    assert round_it > 15


def test_behind_a_closed_wall_there_is_no_way():
    closed = {"kind": "wall", "polygon_m": [(9.8, 0.0), (10.2, 0.0), (10.2, 10.0), (9.8, 10.0)]}
    assert walking_m(floor(closed), [(5.0, 2.0), (15.0, 2.0)])[0, 1] == np.inf


@given(st.lists(st.tuples(st.floats(1, 19), st.floats(1, 9)), min_size=1, max_size=5))
def test_walks_are_as_long_back_and_never_shorter_than_straight(places):
    walks = walking_m(floor(), places)
    straight = np.hypot(*(np.array(places)[:, None] - np.array(places)[None]).transpose(2, 0, 1))
    assert walks == pytest.approx(walks.T)
    assert (walks >= straight - 2 * CELL_M).all()
    assert (walks <= 1.09 * straight + 2 * CELL_M).all()


def test_a_camera_between_two_others_parts_them():
    graph = site_graph(site({"a": (2, 5), "b": (10, 5), "c": (18, 5)}))
    assert graph.neighbours.astype(int).tolist() == [[1, 1, 0], [1, 1, 1], [0, 1, 1]]
    assert graph.walk_m[0, 2] == pytest.approx(16, abs=1)
    assert graph.entrances.all(), "nothing says where people come in"


def test_links_tell_what_the_plan_does_not():
    links = [{"cameras": ["a", "up"], "walk_m": 25.0}, {"cameras": ["a", "b"], "closed": True}]
    graph = site_graph(site({"a": (2, 5), "b": (10, 5), "up": None}, links=links))
    assert graph.walk_m[0, 2] == graph.walk_m[2, 0] == 25
    assert graph.neighbours[0, 2]
    assert not graph.neighbours[0, 1]
    assert graph.walk_m[1, 2] == UNKNOWN_M


def test_lines_and_entrance_zones_say_where_people_come_in():
    line = {
        "id": "in", "name": "In", "camera": "b",
        "start_px": [0, 0], "end_px": [9, 0], "picture_px": [640, 360],
    }  # fmt: skip
    graph = site_graph(site({"a": (2, 5), "b": (10, 5)}, lines=[line]))
    assert graph.entrances.tolist() == [False, True]


def test_the_demos_mall_hangs_together_by_its_plaza():
    config = load_site(Path("assets/malls/mall/site.toml"))
    graph = site_graph(config)
    plaza = graph.cameras.index("plaza")
    assert graph.neighbours[plaza].all()
    assert not graph.neighbours[graph.cameras.index("west-door"), graph.cameras.index("main-door")]


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ('cameras = ["door", "till"]\nwalk_m = 9', "no camera has this id"),
        ('cameras = ["door", "door"]\nwalk_m = 9', "two different cameras"),
        ('cameras = ["door", "hall"]', "walk_m"),
        ('cameras = ["door", "hall"]\nwalk_m = 9\nclosed = true', "not both"),
        ('cameras = ["hall", "door"]\nwalk_m = -1', "greater than 0"),
        (
            'cameras = ["door", "hall"]\nwalk_m = 9\n'
            '[[links]]\ncameras = ["hall", "door"]\nwalk_m = 3',
            "another link",
        ),
    ],
)  # fmt: skip
def test_a_wrong_link_is_refused_with_the_reason(tmp_path, link, said):
    path = tmp_path / "site.toml"
    path.write_text(
        '[site]\nid = "s"\nname = "S"\n[[cameras]]\nid = "door"\nsource = "usb:0"\n'
        f'[[cameras]]\nid = "hall"\nsource = "usb:1"\n[[links]]\n{link}\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_site(path)
    assert said in str(caught.value)
