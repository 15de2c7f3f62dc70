"""The garments of the demo: its till, and what the service says of them beside what is true.

Everything in it is simulated; what it compares are the emulated readers, the rendered pictures and
the product on one side and the simulator's own log on the other.
"""

import contextlib
import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

import httpx
import numpy as np

from edge_core.config import Products
from edge_core.errors import PromenadeError
from edge_core.sensing.rfid import decode_epc
from edge_core.service.client import EdgeClient
from edge_core.service.item_schema import GarmentsView
from edge_core.service.schema import EventView, LiveView
from edge_core.types import ItemAction
from edge_core.units import NS_PER_S

_POLL_S: Final = 0.2
_PLACES_S: Final = 1.0
_SAME_M: Final = 1.0
TOLERANCE_S: Final = 3.0
"""An event is found when one of its kind and product begins so near to it."""
SETTLED_S: Final = 20.0
"""What ended less than this before the end is not decided yet."""
_GONE_S: Final = 75.0
_MOST_EVENTS: Final = 500
_KINDS: Final = {
    "touch": (ItemAction.TOUCHED, ItemAction.LOOKED_AT),
    "pick": (ItemAction.PICKED_UP,),
    "put-back": (ItemAction.PUT_BACK,),
    "misplace": (ItemAction.MISPLACED,),
}
_ENDS: Final = ("put-back", "misplace", "buy")


class ShopWatch:
    """Watches a demo's shop from outside: rings up what its people buy, and takes notes.

    A context manager; a thread of its own asks the simulator and the service five times a second.

    Args:
        simulator_url: `MallProcess.base_url`.
        service_url: the edge service's.
        products: the shop's.
    """

    def __init__(self, simulator_url: str, service_url: str, products: Products) -> None:
        self._simulator = httpx.Client(base_url=simulator_url, trust_env=False)
        self._service_url = service_url
        self._products = products
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="shop-watch", daemon=True)
        self._truth: dict[str, Any] = {}
        self._rung: set[tuple[int, str, float]] = set()
        self._sold = 0
        self._votes: dict[int, Counter[int]] = defaultdict(Counter)
        self._came: dict[tuple[str, str], float] = {}
        self._shown: dict[tuple[str, str], float] = {}
        self._here: dict[tuple[str, str], float] = {}
        self._strangers: set[tuple[str, str]] = set()
        self._there_before: set[tuple[str, str]] = set()
        self._looked = False
        self.busy_zone: str | None = None
        self._recognised = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._simulator.close()

    def _run(self) -> None:
        places_due_s = 0.0
        with EdgeClient(self._service_url) as client:
            while not self._stop.wait(_POLL_S):
                # The service may just be restarting; the next look will do.
                with contextlib.suppress(PromenadeError, httpx.HTTPError):
                    self._truth = self._simulator.get("/items.json").raise_for_status().json()
                    self._look_at_mirrors(client.garments())
                    self._ring_up(client)
                    if time.monotonic() >= places_due_s:
                        self._vote(client.live())
                        self._recognise(client)
                        places_due_s = time.monotonic() + _PLACES_S

    def _ring_up(self, client: EdgeClient) -> None:
        """Hand in what has been bought since the last look, a transaction a shopper."""
        baskets: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for handled in self._truth["items"]["handled"]:
            key = (handled["person"], handled["epc"], handled["start_s"])
            if handled["kind"] == "buy" and key not in self._rung:
                baskets[handled["person"]].append(handled)
        if not baskets:
            return
        started_s = self._truth["started_utc_ns"] / NS_PER_S
        transactions = [
            {
                "transaction": f"till-1-{person}-{round(10 * lines[0]['start_s'])}",
                "time_utc": _instant(started_s + lines[0]["start_s"]),
                "lines": [{"sku": self._sku(line["epc"])} for line in lines],
            }
            for person, lines in baskets.items()
        ]
        body = json.dumps({"transactions": transactions}).encode()
        self._sold += client.hand_in_sales(body, "application/json").lines
        self._rung |= {
            (it["person"], it["epc"], it["start_s"]) for b in baskets.values() for it in b
        }

    def _look_at_mirrors(self, garments: GarmentsView) -> None:
        """Note when a garment was truly brought somewhere, and when it was told there."""
        now_s = time.monotonic()
        told = {(zone, it.key) for zone, rows in garments.zones.items() for it in rows}
        true = {(zone, epc) for epc, zone in self._truth["items"]["now"].items()}
        for pair in true:
            self._here[pair] = now_s
            # When what is there at the first look has come is not known.
            if self._looked and pair not in self._came and pair not in self._there_before:
                self._came[pair] = now_s
        if not self._looked:
            self._looked, self._there_before = True, true
        for pair in told:
            self._shown.setdefault(pair, now_s)
            if now_s - self._here.get(pair, -np.inf) > SETTLED_S:
                self._strangers.add(pair)
        self.busy_zone = next((zone for zone, rows in garments.zones.items() if rows), None)

    def _vote(self, live: LiveView) -> None:
        """Which of the simulator's people a person of the service stands for."""
        true = [(it["person"], it["x_m"], it["y_m"]) for it in self._truth["now"]]
        if not true:
            return
        places = np.array([row[1:] for row in true])
        for person in live.people:
            if person.position_m is not None:
                apart = np.hypot(*(places - np.array(person.position_m)).T)
                if apart.min() < _SAME_M:
                    self._votes[person.number][true[int(apart.argmin())][0]] += 1

    def _recognise(self, client: EdgeClient) -> None:
        known = sum(tag.sku is not None for tag in client.tags().tags)
        self._recognised = max(self._recognised, known)

    def _sku(self, epc: str) -> str:
        product = self._products.of_gtin(decode_epc(epc).gtin)
        return product.sku if product else epc

    def summary(self) -> dict[str, Any]:
        """What the service said beside what is true, JSON values only; call it after the end."""
        with EdgeClient(self._service_url) as client:
            events, items = client.item_events(_MOST_EVENTS), client.items()
        truth = self._truth["items"]
        return {
            "tagged": truth["garments"],
            "recognised": self._recognised,
            "events": dict(Counter(str(event.data["action"]) for event in events)),
            "someone": sum(event.data["visit"] is None for event in events),
            "against_truth": self._compare(events),
            "mirrors": self._mirrors(),
            "sales": {
                "rung_up": self._sold,
                "bought": sum(it.bought for it in items.items),
                "after_pick": sum(it.bought_after_pick for it in items.items),
            },
            "products": {
                name: sum(getattr(it, name) for it in items.items)
                for name in ("touched", "picked", "tried", "left", "bought")
            },
        }

    def _compare(self, events: Sequence[EventView]) -> dict[str, dict[str, int]]:
        """True actions that have settled, those found by product and time, and who of them."""
        started_ns = self._truth["started_utc_ns"]
        free = [(event, (event.data["start_utc_ns"] - started_ns) / NS_PER_S) for event in events]
        found: dict[str, dict[str, int]] = {}
        for handled in _settled(self._truth["items"]["handled"], self._truth["t_s"]):
            told = found.setdefault(handled["kind"], {"true": 0, "found": 0, "person_right": 0})
            told["true"] += 1
            sku = self._sku(handled["epc"])
            match = next(
                (
                    pair
                    for pair in free
                    if pair[0].data["sku"] == sku
                    and pair[0].data["action"] in _KINDS[handled["kind"]]
                    and abs(pair[1] - handled["start_s"]) <= TOLERANCE_S
                ),
                None,
            )
            if match is not None:
                free.remove(match)
                told["found"] += 1
                told["person_right"] += self._is(match[0].data["visit"], handled["person"])
        return found

    def _is(self, visit: int | None, person: int) -> bool:
        votes = self._votes.get(visit) if visit is not None else None
        return bool(votes) and votes is not None and votes.most_common(1)[0][0] == person

    def _mirrors(self) -> dict[str, Any]:
        """Garments brought to a mirror or fitting room for longer than a walk past.

        Seconds are from when the simulator lets it in, looked at five times a second.
        """
        stayed = {
            pair for pair, came_s in self._came.items() if self._here[pair] - came_s >= TOLERANCE_S
        }
        waits = sorted(self._shown[pair] - self._came[pair] for pair in stayed & set(self._shown))
        return {
            "brought": len(stayed),
            "shown": len(waits),
            "seconds_p50": round(float(np.median(waits)), 2) if waits else None,
            "seconds_most": round(waits[-1], 2) if waits else None,
            "strangers": len(self._strangers),
        }


def _settled(log: Sequence[Mapping[str, Any]], now_s: float) -> list[Mapping[str, Any]]:
    """Actions since the start whose events must have come by now.

    A garment that is taken is told of when it is put back, or heard no more.
    """
    settled = []
    for place, handled in enumerate(log):
        if handled["start_s"] <= 0 or handled["kind"] not in _KINDS:
            continue
        end_s = handled["end_s"]
        if handled["kind"] == "pick":
            ends = [it for it in log[place:] if it["epc"] == handled["epc"] and it["kind"] in _ENDS]
            if not ends:
                continue
            end_s = ends[0]["end_s"] + (_GONE_S if ends[0]["kind"] == "buy" else 0.0)
        if end_s <= now_s - SETTLED_S:
            settled.append(handled)
    return settled


def _instant(utc_s: float) -> str:
    whole, rest = divmod(utc_s, 1)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{round(1e6 * rest):06d}Z"
