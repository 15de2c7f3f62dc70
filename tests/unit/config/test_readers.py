"""[[readers]] in site.toml."""

import pytest

from edge_core.config import ReaderConfig, parse_site
from edge_core.errors import ConfigError

SITE = """
[site]
id = "shop"
name = "Shop"

[[floors]]
id = "ground"
name = "Ground"
outline_m = [[0, 0], [10, 0], [10, 8], [0, 8]]

[[cameras]]
id = "door"
source = "usb:0"

[[zones]]
id = "rail"
name = "Rail"
floor = "ground"
polygon_m = [[1, 1], [4, 1], [4, 2], [1, 2]]

[[readers]]
id = "ceiling"
host = "192.168.1.20"
"""
ANTENNA = """
[[readers.antennas]]
number = 1
zone = "rail"
"""


def test_a_short_section_is_enough():
    (reader,) = parse_site(SITE + ANTENNA).readers
    assert reader.tcp_port == 5084
    assert reader.power_of(reader.antennas[0]) == 30.0
    assert reader.antennas[0].zone == "rail"


RACK = """
[[racks]]
id = "coats-1"
name = "Coats"
floor = "ground"
polygon_m = [[1, 1], [4, 1], [4, 2], [1, 2]]
"""
MIRROR = """
[[screens]]
id = "glass"
kind = "mirror"
zone = "rail"
"""


def test_an_antenna_knows_its_rack_and_a_mirror_its_place():
    site = parse_site(SITE + ANTENNA + 'rack = "coats-1"\n' + RACK + MIRROR)
    assert site.readers[0].antennas[0].rack == site.racks[0].id
    assert site.racks[0].centre_m == (2.5, 1.5)
    assert site.screens[0].zone == "rail"


def test_tls_has_the_port_of_the_standard():
    assert ReaderConfig(id="r", host="h", tls=True, antennas=[{"number": 1}]).tcp_port == 5085


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SITE, "antennas"),
        (SITE + ANTENNA + ANTENNA, "antenna 1 stands twice"),
        (SITE + ANTENNA.replace('"rail"', '"attic"'), "no zone has this id; known: rail"),
        (SITE + ANTENNA + 'rack = "coats-1"\n', "no rack has this id; known: none"),
        (
            SITE.replace('floor = "ground"\n', 'floor = "ground"\nkind = "fitting-room"\n', 1)
            + ANTENNA
            + 'rack = "coats-1"\n'
            + RACK,
            "no garment belongs in a zone of the kind fitting-room",
        ),
        (SITE + ANTENNA + RACK.replace('"ground"', '"attic"'), "no floor has this id"),
        (SITE + ANTENNA + MIRROR.replace('"rail"', '"attic"'), "no zone has this id"),
        (SITE + ANTENNA.replace('zone = "rail"', "") + MIRROR, "no reader's antenna looks at"),
        (SITE + ANTENNA + MIRROR.replace("mirror", "kiosk"), "a kiosk shows no garments"),
        (SITE + 'tls_ca = "reader.pem"\n' + ANTENNA, "tls = true"),
        (SITE + "session = 4\n" + ANTENNA, "session"),
    ],
)
def test_mistakes_are_named(text, complaint):
    with pytest.raises(ConfigError) as refused:
        parse_site(text)
    assert complaint in str(refused.value)
