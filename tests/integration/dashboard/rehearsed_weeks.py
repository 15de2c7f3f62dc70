"""Five weeks of a made-up mall for the pages about the past, written through the real ledger."""

import math
import sqlite3
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from edge_core.config import SiteConfig
from edge_core.ledger import Ledger, minute_of
from edge_core.service.presence import FloorPlans
from edge_core.types import Event, EventKind, FloorGrid, PresenceSums, TraitCount
from edge_core.units import NS_PER_S

DAYS = 36
HOUR_S = 3600
BLIND_DAY = 9
"""So many days ago nothing was watched in the afternoon."""
FEMALE = 0.6


def fill_weeks(writer: Ledger, site: SiteConfig, plans: FloorPlans, now_ns: int) -> None:
    """Crossings, stays, moves, heat and shares of the last weeks, until yesterday evening."""
    rng, chance = Random(3), np.random.default_rng(3)
    zone = ZoneInfo(site.site.timezone)
    midnight = datetime.fromtimestamp(now_ns / NS_PER_S, zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    watched: list[tuple[str, int, int]] = []
    for days_ago in range(DAYS, 0, -1):
        day = midnight - timedelta(days=days_ago)
        busy = 1.5 if day.weekday() >= 5 else 1.0
        events = []
        for hour in range(9, 22):
            start_ns = round(day.replace(hour=hour).timestamp()) * NS_PER_S
            if days_ago == BLIND_DAY and hour >= 14:
                continue
            watched += [(camera.id, minute_of(start_ns), HOUR_S * 1000) for camera in site.cameras]
            crowd = busy * (14 + 12 * math.cos((hour - 17) / 2.6)) + rng.uniform(-3, 3)
            people = max(2, round(crowd))
            events += _hour(site, start_ns, people, rng)
            writer.add_presence([_heat(plans, site, start_ns, people, chance)])
            writer.add_traits(_shares(start_ns, people, rng))
        writer.append(events)
    # Whole hours at once: minute by minute, as the service tells them, would take minutes.
    with sqlite3.connect(writer.path) as ledger:
        ledger.executemany("INSERT OR REPLACE INTO camera_hours VALUES (?, ?, ?)", watched)
    ledger.close()


def _hour(site: SiteConfig, start_ns: int, people: int, rng: Random) -> list[Event]:
    events = []
    shops = [zone for zone in site.zones if zone.kind in ("store", "corridor", "department")]
    for number in range(people):
        key, line = f"past-{start_ns}-{number}", rng.choice(site.lines)
        at_ns = start_ns + round(rng.uniform(0, HOUR_S) * NS_PER_S)
        events += _crossings(line.id, line.camera, key, at_ns)
        origin = "@entrance"
        for step in range(rng.randrange(1, 5)):
            zone = shops[min(int(rng.expovariate(0.35)), len(shops) - 1)]
            if zone.id == origin:
                continue
            lasted = round(rng.lognormvariate(4.0, 1.0), 1)
            stay = {"duration_s": lasted, "engaged": rng.random() < 0.5, "cut": rng.random() < 0.1}
            move = {"from": origin, "window": ""}
            events += [
                Event(f"{key}-stay-{step}", EventKind.STAY, at_ns, 0, "", zone.id, stay),
                Event(f"{key}-move-{step}", EventKind.MOVE, at_ns, 0, "", zone.id, move),
            ]
            origin = zone.id
        if origin != "@entrance":
            move = {"from": origin, "window": ""}
            events.append(Event(f"{key}-out", EventKind.MOVE, at_ns, 0, "", "@exit", move))
    return events


def _crossings(line: str, camera: str, key: str, at_ns: int) -> list[Event]:
    return [
        Event(f"{key}-{way}", EventKind.CROSSING, at_ns, 0, camera, line, {"direction": way})
        for way in ("in", "out")
    ]


def _heat(
    plans: FloorPlans, site: SiteConfig, utc_ns: int, people: int, chance: np.random.Generator
) -> PresenceSums:
    floor = site.floors[0].id
    grid: FloorGrid = plans.grids[floor]
    seen = np.flatnonzero(plans.visible()[floor])
    spots = chance.permutation(seen)[:6]
    centres_m = grid.centres_m()
    dwell, walked = np.zeros(grid.cells, np.int64), np.zeros(grid.cells, np.int64)
    fixed = seen[np.linspace(0, len(seen) - 1, 9).astype(int)]
    for spot in (*fixed, *spots):
        near = np.hypot(*(centres_m - centres_m[spot]).T)
        dwell += (np.exp(-((near / 0.9) ** 2)) * 4000 * people).astype(np.int64)
        walked += (np.exp(-((near / 3.0) ** 2)) * 300 * people).astype(np.int64)
    dwell[~plans.visible()[floor]] = 0
    walked[~plans.visible()[floor]] = 0
    cameras = tuple(sorted(camera.id for camera in site.cameras))
    return PresenceSums(grid, utc_ns, dwell, walked, {cameras: HOUR_S * 1000})


def _shares(utc_ns: int, people: int, rng: Random) -> list[TraitCount]:
    women = sum(rng.random() < FEMALE for _ in range(people))
    unsure = people // 5
    told = {"female": women, "male": people - women, "": unsure}
    return [TraitCount(utc_ns, "", "gender", label, count) for label, count in told.items()]
