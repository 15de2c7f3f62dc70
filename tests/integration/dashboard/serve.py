"""Serves the operator's page over a rehearsed afternoon in the demo mall, until stdin closes.

A folder that holds a rehearsed ledger already is served as it is; `--rehearse` only makes one.

Real app, real ledger, real stream; only cameras and people are made up.
"""

import math
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rehearsed_weeks import fill_weeks

from edge_core.analytics.occupancy_meter import InsideNow
from edge_core.clock import SystemClock
from edge_core.config import AccessConfig, Products, load_site
from edge_core.dashboard import mount_dashboard
from edge_core.ledger import Ledger, minute_of
from edge_core.runtime.board import HealthBoard
from edge_core.runtime.stills import StillBox
from edge_core.service.api import create_app
from edge_core.service.desk import DeskWiring, OperatorDesk
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.rows import SET_UP_COUNTERS, SET_UP_ROW
from edge_core.service.schema import HealthView, LiveView
from edge_core.service.server import ApiServer, Network, listen
from edge_core.service.site_schema import SiteView
from edge_core.service.stream import StreamHub
from edge_core.service.views import (
    ledger_health,
    live_view,
    site_view,
    tags_view,
    utc_from_ns,
)
from edge_core.service.visit_views import occupancy_view
from edge_core.service.visits_schema import OccupancyView
from edge_core.types import Event, EventKind, ItemAction, LivePerson, LiveSnapshot
from edge_core.units import NS_PER_S

SITE = Path(__file__).parents[3] / "assets" / "malls" / "mall" / "site.toml"
PRODUCTS = SITE.parents[1] / "shop" / "products.csv"
HOUR_NS = 3600 * NS_PER_S
HOURS = 13
GAP = (5.0, 7.1)
"""The hours ago between which the service was off."""


def _where_it_is_evening(clock: SystemClock) -> str:
    """A time zone where it is past six in the evening now, so that its day is nearly whole.

    A day that began an hour ago has hardly any figures, whatever the tests' hour.
    """
    ahead = (18 - clock.utc_ns() // HOUR_NS) % 24
    ahead -= 24 if ahead > 12 else 0
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts the hours behind


class Rehearsal:
    """Implements ServiceState."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        path, zone = folder / "ledger.db", folder / "zone"
        rehearsed = path.exists()
        if not rehearsed:
            zone.write_text(_where_it_is_evening(self.clock), encoding="utf-8")
        site = load_site(SITE)
        section = site.site.model_copy(update={"timezone": zone.read_text(encoding="utf-8")})
        site = site.model_copy(update={"site": section})
        self._site = site_view(site)
        self._writer = Ledger(path, timezone=section.timezone)
        self.ledger = self._writer.reader()
        self.products = Products.from_csv(PRODUCTS)
        plans = FloorPlans(site)
        if not rehearsed:
            self._fill(Random(7))
            self._handle(Random(8))
            self._stay(Random(9))
            fill_weeks(self._writer, site, plans, self.clock.utc_ns())
        self.past = Past.of(site, plans, self.ledger, self.products)
        self.hub = StreamHub(self.ledger.newest_id())
        self._walkers = [_Walker(number, self._site, Random(number)) for number in range(64)]

    def close(self) -> None:
        self.ledger.close()
        self._writer.close()

    def site(self) -> SiteView:
        return self._site

    def live(self) -> LiveView:
        now = self.clock.monotonic_ns()
        people = tuple(walker.at(now / NS_PER_S) for walker in self._walkers)
        snapshot = LiveSnapshot(self.clock.utc_ns(), now, now - 90_000_000, people)
        return live_view(snapshot, now, [zone.id for zone in self._site.zones])

    def tags(self) -> TagsView:
        return tags_view([], [], self.clock.monotonic_ns(), self.clock.utc_ns())

    def garments(self) -> GarmentsView:
        return garments_view({}, self.clock.monotonic_ns(), self.clock.utc_ns())

    def occupancy(self) -> OccupancyView:
        return occupancy_view(InsideNow(None, 0.0, 0), 64, 0, self.clock.utc_ns())

    def mark_staff(self, number: int) -> None:
        raise NotImplementedError(number)

    def keep(self, events: Sequence[Event]) -> int:
        return len(self._writer.append(events))

    def _handle(self, rng: Random) -> None:
        """Some hundred garments touched, taken, tried on, left and bought within the last hour."""
        now, products, events = self.clock.utc_ns(), list(self.products), []
        for number in range(420):
            product = products[min(int(rng.expovariate(0.07)), len(products) - 1)]
            steps = [ItemAction.TOUCHED if rng.random() < 0.7 else ItemAction.LOOKED_AT]
            if rng.random() < 0.4:
                steps = [ItemAction.PICKED_UP]
                steps += [ItemAction.TRIED_ON] if rng.random() < 0.4 else []
                back = ItemAction.PUT_BACK if rng.random() < 0.8 else ItemAction.MISPLACED
                steps += [back] if rng.random() < 0.6 else [ItemAction.GONE]
            at_ns = now - round(rng.uniform(1, 3500) * NS_PER_S)
            visit = rng.randrange(120) + 1000 if rng.random() < 0.8 else None
            for place, action in enumerate(steps):
                data = {
                    "action": str(action),
                    "sku": product.sku,
                    "gtin": product.gtin,
                    "start_utc_ns": at_ns,
                    "duration_s": 4.0,
                    "confidence": 0.9,
                    "visit": visit,
                    "visit_confidence": 0.8 if visit else 0.0,
                }
                key = f"item-{number}-{place}"
                rack = product.rack or ""
                events.append(Event(key, EventKind.ITEM, at_ns, 0, "rail", rack, data))
            if steps[-1] is ItemAction.GONE:
                sale = {"transaction": str(number), "sku": product.sku, "quantity": 1}
                events.append(Event(f"sale-{number}", EventKind.SALE, at_ns, 0, "", "", sale))
        events.sort(key=lambda event: event.utc_ns)
        self._writer.append(events)

    def _stay(self, rng: Random) -> None:
        """Stays of the last hours, more in some zones than in others, few in the last one."""
        now, events = self.clock.utc_ns(), []
        for place, zone in enumerate(self._site.zones):
            most = 3 if zone is self._site.zones[-1] else 20 + 37 * (place % 7)
            for number in range(most):
                at_ns = now - round(rng.uniform(1, 3500) * NS_PER_S)
                data = {"duration_s": round(rng.lognormvariate(4.2, 0.9), 1)}
                key = f"stay-{zone.id}-{number}"
                events.append(Event(key, EventKind.STAY, at_ns, 0, "", zone.id, data))
        self._writer.append(events)

    def health(self) -> HealthView:
        cameras = [
            {
                "id": camera.id,
                "state": "streaming",
                "size_px": (640, 360),
                "received_fps": 15.0,
                "processed_fps": 8.0 - 0.2 * index,
                "skipped": 40 * index,
                "dropped": 0,
                "reconnects": 0,
                "frame_age_s": 0.05,
            }
            for index, camera in enumerate(self._site.cameras)
        ]
        cameras[-1] |= {
            "state": "lost",
            "detail": "connection refused",
            "frame_age_s": 41.0,
            "reconnects": 3,
        }
        workers = [
            {"name": f"capture:{camera.id}", "memory_mb": 58.0} for camera in self._site.cameras
        ]
        workers += [{"name": "vision", "memory_mb": 212.0}, {"name": "core", "memory_mb": 141.0}]
        running = {"pid": 1, "state": "running", "restarts": 0, "heartbeat_age_s": 0.2}
        name = self._site.cameras[-1].name
        return HealthView.model_validate(
            {
                "status": "degraded",
                "reasons": [f"Camera “{name}” does not answer. It is being tried again."],
                "version": "0.1.0",
                "uptime_s": 90_000.0,
                "latency_ms_p95": 131.0,
                "workers": [running | worker for worker in workers],
                "cameras": cameras,
                "ledger": ledger_health(self.ledger, sound=True),
                "hub": {
                    "url": "https://hub.example:8470",
                    "state": "waiting",
                    "told": "The hub https://hub.example:8470 cannot be reached: timed out.",
                    "last_at": utc_from_ns(self.clock.utc_ns() - 3 * HOUR_NS),
                    "waiting": 1284,
                    "sent": 40_211,
                    "clock_ahead_s": -0.4,
                    "revision": 7039,
                },
            }
        )

    def _fill(self, rng: Random) -> None:
        """Half a day of crossings, with more in the afternoon and a gap without anybody."""
        now = self.clock.utc_ns()
        events, number = [], 0
        for line in self._site.lines:
            for minutes_ago in range(HOURS * 60):
                hours_ago = minutes_ago / 60
                at_ns = now - minutes_ago * 60 * NS_PER_S
                if not GAP[0] <= hours_ago < GAP[1]:
                    self._writer.mark_available(line.camera, minute_of(at_ns), 60)
                    busy = 1.3 + math.cos((hours_ago - 2) / 3)
                    for direction, share in (("in", 1.0), ("out", 0.93)):
                        for _ in range(_poisson(busy * share, rng)):
                            number += 1
                            events.append(
                                Event(
                                    f"{number}",
                                    EventKind.CROSSING,
                                    at_ns,
                                    0,
                                    line.camera,
                                    line.id,
                                    {"direction": direction},
                                )
                            )
        self._writer.append(events)


class _Walker:
    """Strolls round one zone."""

    def __init__(self, number: int, site: SiteView, rng: Random) -> None:
        zone = rng.choice([zone for zone in site.zones if zone.kind != "reach"])
        xs, ys = zip(*zone.polygon_m, strict=True)
        self._number, self._zone = 1000 + number, zone
        self._centre = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
        self._reach = ((max(xs) - min(xs)) * 0.4, (max(ys) - min(ys)) * 0.38)
        self._phases = (rng.uniform(0, 6.28), rng.uniform(0, 6.28), rng.uniform(0.6, 1.6))
        self._camera = rng.choice(site.cameras).id

    def at(self, seconds: float) -> LivePerson:
        turn = seconds / max(*self._reach, 2.0) * self._phases[2]
        x = self._centre[0] + self._reach[0] * math.sin(turn + self._phases[0])
        y = self._centre[1] + self._reach[1] * math.sin(1.31 * turn + self._phases[1])
        box = (0.1, 0.1, 0.2, 0.4)
        return LivePerson(
            self._number, self._zone.floor, (x, y), None, self._camera, box, (self._zone.id,)
        )


def _poisson(mean: float, rng: Random) -> int:
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def desk_in(folder: Path) -> OperatorDesk:
    """The set-up page's side of a service whose other processes are made up."""
    site_file = folder / "site.toml"
    shutil.copy(SITE, site_file)
    site = load_site(site_file)
    board = HealthBoard({SET_UP_ROW: SET_UP_COUNTERS})
    wiring = DeskWiring(site_file, StillBox([camera.id for camera in site.cameras]))
    return OperatorDesk(wiring, site, board, dict)


def network_in(folder: Path) -> AccessConfig:
    """Settings with a certificate that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "store PC")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    form = serialization.PrivateFormat.PKCS8
    (folder / "key.pem").write_bytes(key.private_bytes(pem, form, plain))
    return AccessConfig(
        network_host="127.0.0.1",
        network_port=0,
        certificate=Path("certificate.pem"),
        key=Path("key.pem"),
    )


def main() -> None:
    """Take the ledger's folder as the argument; tell the address, then wait for stdin to close."""
    if sys.argv[1] == "--rehearse":
        Rehearsal(Path(sys.argv[2])).close()
        return
    state = Rehearsal(Path(sys.argv[1]))
    app = create_app(state)
    mount_dashboard(app, state, desk_in(Path(sys.argv[1])))
    folder = Path(sys.argv[1])
    access = network_in(folder)
    network = Network.of(access, folder)
    port = network.listening.getsockname()[1]
    (folder / "network_url").write_text(f"https://127.0.0.1:{port}", encoding="utf-8")
    server = ApiServer(app, state.hub, listen("127.0.0.1", 0), network)
    server.start()
    print(server.url, flush=True)  # noqa: T201
    sys.stdin.read()
    server.stop()


if __name__ == "__main__":
    main()
