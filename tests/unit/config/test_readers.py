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


def test_tls_has_the_port_of_the_standard():
    assert ReaderConfig(id="r", host="h", tls=True, antennas=[{"number": 1}]).tcp_port == 5085


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SITE, "antennas"),
        (SITE + ANTENNA + ANTENNA, "antenna 1 stands twice"),
        (SITE + ANTENNA.replace('"rail"', '"attic"'), "no zone has this id; known: rail"),
        (SITE + 'tls_ca = "reader.pem"\n' + ANTENNA, "tls = true"),
        (SITE + "session = 4\n" + ANTENNA, "session"),
    ],
)
def test_mistakes_are_named(text, complaint):
    with pytest.raises(ConfigError) as refused:
        parse_site(text)
    assert complaint in str(refused.value)
