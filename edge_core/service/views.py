"""What the core process shows the local API, and records turned into the API's views."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from edge_core.clock import Clock
from edge_core.config import Products, SiteConfig
from edge_core.ledger import LedgerReader, StoredEvent
from edge_core.sensing.rfid.epc import UNKNOWN
from edge_core.service.guide import Guide
from edge_core.service.item_schema import GarmentsView, TagsView, TagView
from edge_core.service.past import Past
from edge_core.service.schema import EventView, HealthView, LedgerHealth, LiveView, PersonView
from edge_core.service.site_schema import (
    CameraView,
    FixtureView,
    FloorView,
    LineView,
    ProgrammeView,
    RackView,
    ScreenView,
    ShopView,
    SiteView,
    ZoneView,
)
from edge_core.service.stream import StreamHub
from edge_core.service.tag_table import TagInView
from edge_core.service.visits_schema import CountBucket, CountsToday, OccupancyView
from edge_core.types import Event, LivePerson, LiveSnapshot
from edge_core.units import NS_PER_S, ms_from_ns

if TYPE_CHECKING:  # it turns instants into views by this module
    from edge_core.service.suggestions import Suggestions


class ServiceState(Protocol):
    """What the API asks of the running service; called from the API's threads at any time."""

    @property
    def clock(self) -> Clock:
        """The service's clocks."""
        ...

    @property
    def ledger(self) -> LedgerReader:
        """A reader for the API's use alone."""
        ...

    @property
    def hub(self) -> StreamHub:
        """Where the service publishes what open streams are sent."""
        ...

    def site(self) -> SiteView:
        """The plan and the names."""
        ...

    def live(self) -> LiveView:
        """Everybody in view now."""
        ...

    def tags(self) -> TagsView:
        """The RFID tags in view now."""
        ...

    def garments(self) -> GarmentsView:
        """The garments at mirrors and in fitting rooms now."""
        ...

    def occupancy(self) -> OccupancyView:
        """How many people are inside."""
        ...

    def mark_staff(self, number: int) -> None:
        """Somebody in view, by their number, works here."""
        ...

    def health(self) -> HealthView:
        """How the service is at this moment."""
        ...

    @property
    def guide(self) -> Guide:
        """The directory, closures and routes."""
        ...

    @property
    def past(self) -> Past:
        """What pages about the past are made of."""
        ...

    @property
    def products(self) -> Products:
        """The shop's products."""
        ...

    @property
    def suggestions(self) -> "Suggestions":
        """What to suggest to whom."""
        ...

    def keep(self, events: Sequence[Event]) -> int:
        """Make events durable and tell everybody; returns how many were new.

        Raises LedgerError when the disk refuses: nothing was kept.
        """
        ...


def utc_from_ns(utc_ns: int) -> datetime:
    """An aware instant in UTC, cut to microseconds; exact, unlike a float of seconds."""
    seconds, rest_ns = divmod(utc_ns, NS_PER_S)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=rest_ns // 1000)


def ns_from_utc(instant: datetime) -> int:
    """Nanoseconds since 1970-01-01 UTC of an aware instant; exact."""
    passed = instant - datetime(1970, 1, 1, tzinfo=UTC)
    return (passed // timedelta(microseconds=1)) * 1000


def site_view(config: SiteConfig) -> SiteView:
    """What the screens draw; camera addresses and all else stay in the service."""
    site = config.site
    return SiteView(
        **site.model_dump(include={"id", "name", "name_zh", "timezone", "opens", "closes"}),
        languages=list(site.languages),
        minimum_group=config.privacy.minimum_group,
        embedding_ttl_s=config.privacy.embedding_ttl_s,
        privacy_pack=config.privacy.pack,
        off=list(config.privacy.off),
        attributes=list(config.attributes.told),
        currency=site.currency,
        floors=[
            FloorView(
                **floor.model_dump(include={"id", "name", "name_zh", "level", "outline_m"}),
                fixtures=[
                    FixtureView(kind=fixture.kind, polygon_m=list(fixture.polygon_m))
                    for fixture in floor.fixtures
                ],
            )
            for floor in config.floors
        ],
        zones=[ZoneView.model_validate(zone.model_dump()) for zone in config.zones],
        racks=[RackView.model_validate(rack.model_dump()) for rack in config.racks],
        lines=_line_views(config),
        cameras=[
            CameraView(
                id=it.id,
                name=it.name or it.id,
                name_zh=it.name_zh or it.name or it.id,
                floor=it.floor,
                position_m=it.position_m,
            )
            for it in config.cameras
        ],
        screens=[ScreenView.model_validate(screen.model_dump()) for screen in config.screens],
        programme=[ProgrammeView.model_validate(item.model_dump()) for item in config.programme],
        shops=[ShopView.model_validate(shop.model_dump()) for shop in config.shops],
    )


def _line_views(config: SiteConfig) -> list[LineView]:
    floors = {camera.id: camera.floor for camera in config.cameras}
    return [
        LineView.model_validate(line.model_dump() | {"floor": floors[line.camera]})
        for line in config.lines
    ]


def live_view(
    snapshot: LiveSnapshot, answered_mono_ns: int, zone_ids: Iterable[str] = ()
) -> LiveView:
    """Everybody in view, for the screens.

    Args:
        snapshot: the fused view.
        answered_mono_ns: now, on the monotonic clock; latency ends here.
        zone_ids: zones told in `by_zone` even when nobody stands in them.
    """
    inside = Counter(zone_id for person in snapshot.people for zone_id in person.zone_ids)
    return LiveView(
        at=utc_from_ns(snapshot.utc_ns),
        latency_ms=max(0.0, ms_from_ns(answered_mono_ns - snapshot.received_mono_ns)),
        people=[_person_view(person) for person in snapshot.people],
        by_zone=dict.fromkeys(zone_ids, 0) | dict(inside),
    )


def _person_view(person: LivePerson) -> PersonView:
    return PersonView(
        number=person.number,
        floor=person.floor_id or None,
        position_m=person.floor_m,
        velocity_m_s=person.velocity_m_s,
        camera=person.camera_id,
        box=person.box,
        zones=list(person.zone_ids),
    )


def tags_view(
    tags: Sequence[TagInView], zone_ids: Iterable[str], now_mono_ns: int, now_utc_ns: int
) -> TagsView:
    """The tags in view, for the screens.

    Args:
        tags: those in view.
        zone_ids: zones told in `by_zone` even when there is no tag.
        now_mono_ns: the moment on the monotonic clock.
        now_utc_ns: the same in UTC.
    """
    ahead_ns = now_utc_ns - now_mono_ns
    return TagsView(
        at=utc_from_ns(now_utc_ns),
        tags=[
            TagView(
                epc=tag.identity.epc,
                reader=tag.reader_id,
                antenna=tag.antenna,
                zone=tag.zone_id or None,
                uri=tag.identity.pure_identity or UNKNOWN,
                gtin=tag.identity.gtin or None,
                sku=tag.sku or None,
                moving=None if tag.p_moving is None else round(tag.p_moving, 3),
                last_seen=utc_from_ns(ahead_ns + tag.seen_mono_ns),
            )
            for tag in tags
        ],
        by_zone=dict.fromkeys(zone_ids, 0) | Counter(tag.zone_id for tag in tags if tag.zone_id),
    )


def event_view(stored: StoredEvent) -> EventView:
    """A ledger event as clients see it."""
    event = stored.event
    return EventView(
        id=stored.id,
        kind=event.kind,
        at=utc_from_ns(event.utc_ns),
        camera=event.camera_id,
        place=event.place_id,
        data=event.data,
    )


def local_day(site: SiteView, utc_ns: int) -> date:
    """The site's date at an instant."""
    return utc_from_ns(utc_ns).astimezone(ZoneInfo(site.timezone)).date()


def counts_today(
    ledger: LedgerReader,
    site: SiteView,
    people_in_view: int,
    utc_ns: int,
    estimated_inside: int | None = None,
) -> CountsToday:
    """Totals of the site's local day; every line of the site is told, also one without crossings.

    `inside` is the estimate; without one it is who went in and did not come out, but at least
    who is in view: missed crossings must not empty a room in which people stand.
    """
    day = local_day(site, utc_ns)
    totals = ledger.line_totals_of_day(day, ZoneInfo(site.timezone))
    by_line = {line.id: (0, 0) for line in site.lines}
    by_line |= {line_id: (total.entered, total.left) for line_id, total in totals.items()}
    inner = {line.id for line in site.lines if not line.entrance}
    entrances = [total for line_id, total in totals.items() if line_id not in inner]
    entered = sum(total.entered for total in entrances)
    left = sum(total.left for total in entrances)
    return CountsToday(
        date=day.isoformat(),
        entered=entered,
        left=left,
        inside=max(entered - left, people_in_view, 0)
        if estimated_inside is None
        else estimated_inside,
        by_line=by_line,
    )


def count_buckets(
    ledger: LedgerReader,
    site: SiteView,
    start_utc_ns: int,
    end_utc_ns: int,
    bucket_s: int,
    now: int,
) -> list[CountBucket]:
    """Crossings of the site's lines in spans of `bucket_s` seconds; `now` in UTC nanoseconds."""
    cameras = {line.id: line.camera for line in site.lines}
    return [
        CountBucket(
            start=utc_from_ns(bucket.start_utc_ns),
            line=bucket.line_id,
            entered=bucket.entered,
            left=bucket.left,
            available=bucket.available,
        )
        for bucket in ledger.line_buckets(start_utc_ns, end_utc_ns, bucket_s, cameras, now)
    ]


def ledger_health(ledger: LedgerReader, *, sound: bool) -> LedgerHealth:
    """The ledger's state; `sound` is what its last check said (a check reads the whole file)."""
    return LedgerHealth(
        schema_version=ledger.schema_version(),
        events=ledger.event_count(),
        size_mb=round(ledger.size_mb(), 3),
        ok=sound,
    )
