"""The demo's mall as a running service without cameras: people are played, all else is real."""

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from edge_core.bench.played import PlayedService
from edge_core.config import Products, load_directory, load_offers, load_site
from edge_core.service.demo import mall_folder
from edge_core.service.parts import Parts
from edge_core.service.schema import LiveView, PersonView
from edge_core.service.views import utc_from_ns
from edge_core.service.visits_schema import CountsToday
from edge_core.units import s_from_ns

PEOPLE: Final = 26
LIVE_PER_S: Final = 10.0
_WALKING_SHARE: Final = 0.6
_SPEED_M_S: Final = 1.1


class PlayedMall(PlayedService):
    """`PEOPLE` people stroll or stand on the ground floor.

    Args:
        folder: where the ledger lies.
        people: how many are in view.

    Attributes:
        attended: one of them stands before the kiosk, which therefore stays awake.
    """

    def __init__(self, folder: Path, people: int = PEOPLE) -> None:
        mall = mall_folder("mall")
        config = load_site(mall / "site.toml")
        directory = load_directory(mall / "directory.toml", config)
        offers = load_offers(mall / "offers.toml", directory)
        super().__init__(
            folder, config, Parts(directory, offers, Products([]), bytes(range(32))), people
        )
        self.attended = True
        kiosk = next(it for it in self._site.screens if it.kind == "kiosk")
        assert kiosk.position_m is not None
        self._kiosk_m = kiosk.position_m
        outline = self._site.floors[0].outline_m
        self._size_m = (max(x for x, _ in outline), max(y for _, y in outline))
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="played-mall")
        self._thread.start()

    def close(self) -> None:
        """See `PlayedService`."""
        self._ending.set()
        self._thread.join()
        super().close()

    def _tell(self) -> None:
        day = utc_from_ns(self.clock.utc_ns()).date().isoformat()
        step = 0
        while not self._ending.wait(1 / LIVE_PER_S):
            self.hub.publish_live(self.live())
            if step % round(LIVE_PER_S) == 0:
                self.hub.publish_health(self.health())
                self.hub.publish_counts(
                    CountsToday(date=day, entered=1284, left=900, inside=384, by_line={})
                )
            step += 1

    def live(self) -> LiveView:
        """Everybody where they are by now."""
        now_s = s_from_ns(self.clock.monotonic_ns() - self._start_ns)
        people = [self._person(number, now_s) for number in range(1, self._people + 1)]
        at = utc_from_ns(self.clock.utc_ns())
        return LiveView(at=at, latency_ms=90.0, people=people, by_zone={})

    def _person(self, number: int, now_s: float) -> PersonView:
        """A stroll round an ellipse of one's own, or swaying on one spot (ours)."""
        chance = Random(number)
        width, height = self._size_m
        centre = chance.uniform(0.2, 0.8) * width, chance.uniform(0.2, 0.8) * height
        walks = chance.random() < _WALKING_SHARE
        radius = chance.uniform(3.0, 7.0) if walks else 0.15
        rate = (_SPEED_M_S / radius) if walks else 0.5
        angle = chance.uniform(0, math.tau) + rate * now_s
        if number == 1 and self.attended:
            centre, radius, rate = self._kiosk_m, 0.15, 0.5
        x, y = centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
        speed = -radius * rate * math.sin(angle), radius * rate * math.cos(angle)
        return PersonView(
            number=number,
            floor=self._site.floors[0].id,
            position_m=(round(x, 3), round(y, 3)),
            velocity_m_s=(round(speed[0], 3), round(speed[1], 3)),
            camera="plaza",
            box=(0.4, 0.3, 0.45, 0.6),
            zones=[],
        )


@contextmanager
def played_mall(folder: Path) -> Iterator[PlayedMall]:
    """A mall that is closed again."""
    mall = PlayedMall(folder)
    try:
        yield mall
    finally:
        mall.close()
