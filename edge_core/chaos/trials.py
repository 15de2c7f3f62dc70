"""All trials by name, and running them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from edge_core.chaos.hub_week import hub_away
from edge_core.chaos.outcome import Outcome
from edge_core.chaos.power import power_cut
from edge_core.chaos.service_trials import (
    camera_yanked,
    children_killed,
    clock_jumped,
    disk_filled,
    dns_dead,
    reader_cut,
    service_killed,
    stream_stalled,
)
from edge_core.chaos.shop import CAMERAS, PrivateShop
from edge_core.chaos.torn import database_torn


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done.

    Attributes:
        lives, cuts, life_s: of the power cut's writers.
        tears: torn ledgers.
        days: without the hub.
        kills: of the whole service.
        killed: processes that are killed one by one.
    """

    lives: int = 4
    cuts: int = 60
    life_s: float = 2.0
    tears: int = 100
    days: int = 7
    kills: int = 5
    killed: tuple[str, ...] = (f"capture:{CAMERAS[0]}", "vision", "rfid", "core")


FULL: Final = Scale()
SMALL: Final = Scale(lives=1, cuts=12, life_s=0.6, tears=8, days=2, kills=4, killed=("core",))

_AT_SERVICE: Final[dict[str, Callable[[PrivateShop, Scale, int], Outcome]]] = {
    "dns-dead": lambda shop, _scale, _seed: dns_dead(shop),
    "camera-yanked": lambda shop, _scale, _seed: camera_yanked(shop),
    "stream-stalled": lambda shop, _scale, _seed: stream_stalled(shop),
    "reader-cut": lambda shop, _scale, _seed: reader_cut(shop),
    "clock-jumped": lambda shop, _scale, _seed: clock_jumped(shop),
    "disk-filled": lambda shop, _scale, _seed: disk_filled(shop),
    "child-killed": lambda shop, scale, _seed: children_killed(shop, scale.killed),
    "service-killed": lambda shop, scale, seed: service_killed(shop, scale.kills, seed),
}
_BY_ITSELF: Final[dict[str, Callable[[Scale, int], Outcome]]] = {
    "power-cut": lambda scale, seed: power_cut(
        lives=scale.lives, cuts_each=scale.cuts, life_s=scale.life_s, seed=seed
    ),
    "database-torn": lambda scale, seed: database_torn(trials=scale.tears, seed=seed),
    "hub-away": lambda scale, seed: hub_away(days=scale.days, seed=seed),
}
NAMES: Final = (*_AT_SERVICE, *_BY_ITSELF)


def run_trials(names: tuple[str, ...], scale: Scale, seed: int) -> Iterator[Outcome]:
    """Inflict faults, one after the other; each outcome as it is known.

    Args:
        names: of `NAMES`.
        scale: how much.
        seed: draws moments, places and the simulated shoppers.

    Raises:
        PromenadeError: the private service does not start.
    """
    at_service = [name for name in _AT_SERVICE if name in names]
    if at_service:
        with PrivateShop(seed) as shop:
            shop.watching()
            for name in at_service:
                yield _AT_SERVICE[name](shop, scale, seed)
    for name, trial in _BY_ITSELF.items():
        if name in names:
            yield trial(scale, seed)
