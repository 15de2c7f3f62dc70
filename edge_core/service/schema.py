"""What the local API says, as pydantic models. Positions in metres, instants in UTC. No pixels."""

from datetime import datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

XY = tuple[float, float]
LocalTime = Annotated[time, WithJsonSchema({"type": "string", "format": "time-local"})]
"""Of the site's clock, hence without an offset from UTC."""


class View(BaseModel):
    """Base of all answers; clients ignore keys they do not know.

    Each is built when the first of its kind is read, for a screen reads only a few.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class FixtureView(View):
    """Something on the floor, for drawing."""

    kind: str
    polygon_m: list[XY]


class FloorView(View):
    """One floor of the plan."""

    id: str
    name: str
    name_zh: str
    level: int
    outline_m: list[XY]
    fixtures: list[FixtureView] = []


class ZoneView(View):
    """One zone of the plan."""

    id: str
    name: str
    name_zh: str
    floor: str
    kind: str
    polygon_m: list[XY]


class RackView(View):
    """One rack of the plan."""

    id: str
    name: str
    name_zh: str
    floor: str
    zone: str | None = None
    polygon_m: list[XY]


class LineView(View):
    """One counting line; ends are None when it was drawn in the camera's picture."""

    id: str
    name: str
    name_zh: str
    camera: str
    entrance: bool = Field(default=True, description="whether going in here enters the site")
    floor: str | None = None
    start_m: XY | None = None
    end_m: XY | None = None


class CameraView(View):
    """One camera on the plan; its address never leaves the service."""

    id: str
    name: str
    name_zh: str = ""
    floor: str | None = None
    position_m: XY | None = None


class ScreenView(View):
    """One screen on the plan."""

    id: str
    kind: Literal["kiosk", "mirror"]
    floor: str | None = None
    position_m: XY | None = None
    facing_deg: float = 0.0
    language: str = "en"
    zone: str | None = Field(default=None, description="whose garments a mirror shows")


class ProgrammeView(View):
    """One entry of today's programme."""

    title: str
    title_zh: str
    place: str
    place_zh: str
    start: LocalTime
    end: LocalTime


class ShopView(View):
    """Another shop of the same house."""

    id: str
    name: str
    name_zh: str
    where: str = ""
    where_zh: str = ""
    minutes: int | None = Field(default=None, description="the way there, on foot")


class SiteView(View):
    """GET /v1/site: what the screens draw."""

    id: str
    name: str
    name_zh: str
    timezone: str
    opens: LocalTime
    closes: LocalTime
    languages: list[str]
    minimum_group: int
    embedding_ttl_s: int = Field(
        default=1800, description="what somebody looks like is forgotten so long after they left"
    )
    privacy_pack: str = "strict"
    off: list[str] = Field(default_factory=list, description="what the privacy policy switches off")
    attributes: list[str] = Field(
        default_factory=list, description="what is estimated of people here; often nothing"
    )
    currency: str = "EUR"
    floors: list[FloorView] = []
    zones: list[ZoneView] = []
    racks: list[RackView] = []
    lines: list[LineView] = []
    cameras: list[CameraView] = []
    screens: list[ScreenView] = []
    programme: list[ProgrammeView] = []
    shops: list[ShopView] = []


class CategoryView(View):
    """A kind of store, and the words visitors look for it by."""

    id: str
    name: str
    name_zh: str
    words: list[str] = []
    words_zh: list[str] = []


class TextView(View):
    """A text in both languages."""

    text: str
    text_zh: str


class StoreView(View):
    """One store of the directory."""

    id: str
    name: str
    name_zh: str
    category: str
    floor: str
    polygon_m: list[XY]
    doors_m: list[XY]
    unit: str = ""
    opens: LocalTime
    closes: LocalTime
    text: str = ""
    text_zh: str = ""
    products: list[str] = []
    products_zh: list[str] = []
    picture: str = Field(default="", description="a drawing in assets/stores")
    offers: list[TextView] = []
    watched: bool = Field(
        default=False, description="whether a camera sees who stands before its doors"
    )


class PlaceView(View):
    """Something to find that is no store."""

    id: str
    name: str
    name_zh: str
    kind: str
    floor: str
    at_m: XY


class StopView(View):
    """Where a connector is boarded or left."""

    floor: str
    at_m: XY


class ConnectorView(View):
    """A way between floors, its stops from the lowest to the highest."""

    id: str
    name: str
    name_zh: str
    kind: Literal["lift", "escalator", "stairs"]
    direction: Literal["up", "down", "both"]
    stops: list[StopView]


class ClosureView(View):
    """Something closed for now, and why."""

    id: str = Field(description="to reopen it by")
    what: str | None = Field(default=None, description="id of a store, place or connector")
    floor: str | None = None
    polygon_m: list[XY] | None = None
    text: str
    text_zh: str


class DirectoryView(View):
    """GET /v1/directory and the server-sent event `directory`: stores, places, ways, closures."""

    categories: list[CategoryView] = []
    stores: list[StoreView] = []
    places: list[PlaceView] = []
    connectors: list[ConnectorView] = []
    closures: list[ClosureView] = []
    sounds: dict[str, str] = Field(
        default={},
        description="Chinese words of the directory in numbered pinyin, readings apart by /",
    )
    walks_s: dict[str, dict[str, float]] = Field(
        default={}, description="screen id -> id -> walking time from there; what can be reached"
    )


class StepView(View):
    """One instruction of a route; `floor_to` differs from `floor` for rides."""

    kind: Literal["walk", "lift", "escalator", "stairs", "arrive"]
    floor: str
    floor_to: str
    text: str
    text_zh: str
    seconds: float
    metres: float
    points_m: list[XY]


class WarningView(View):
    """What may spoil the walk."""

    kind: Literal["closed", "closes-before", "closes-soon", "detour", "crowd"]
    text: str
    text_zh: str


class RouteView(View):
    """GET /v1/routes?from=…&to=…&mode=…."""

    start: str
    goal: str
    mode: Literal["walking", "step-free", "stroller"]
    seconds: float
    metres: float = Field(description="walked")
    steps: list[StepView]
    warnings: list[WarningView] = []


class PersonView(View):
    """Somebody in view now: a number that lives only while they are followed, and a place."""

    number: int
    floor: str | None = None
    position_m: XY | None = None
    velocity_m_s: XY | None = None
    camera: str
    box: tuple[float, float, float, float] = Field(description="x1 y1 x2 y2, shares of the frame")
    zones: list[str] = []


class LiveView(View):
    """GET /v1/live and the server-sent event `live`."""

    at: datetime
    latency_ms: float = Field(description="from the newest frame's reception to this answer")
    people: list[PersonView]
    by_zone: dict[str, int]


class TagView(View):
    """One RFID tag in view of a reader; of things, never of people."""

    epc: str = Field(description="hexadecimal, lower case")
    reader: str
    antenna: int
    zone: str | None = Field(default=None, description="what that antenna looks at")
    uri: str = Field(description="GS1 pure identity, or `unknown` for a tag of no GS1 scheme")
    gtin: str | None = None
    sku: str | None = None
    moving: float | None = Field(
        default=None, ge=0, le=1, description="probability; null while read too little to tell"
    )
    last_seen: datetime


class TagsView(View):
    """GET /v1/tags and the server-sent event `tags`: what was read within the last 10 s."""

    at: datetime
    tags: list[TagView]
    by_zone: dict[str, int]


class GarmentView(View):
    """One garment at a place that a mirror shows."""

    key: str = Field(description="tells garments apart while they are there")
    sku: str
    name: str
    name_zh: str
    size: str = ""
    colour: str = ""
    colour_zh: str = ""
    tint: str = Field(default="", description="the drawing's colour, e.g. #3a5a7c")
    picture: str = Field(default="", description="a drawing in assets/catalogue")
    price: Decimal | None = Field(default=None, description="in the site's currency")
    since: datetime


class GarmentsView(View):
    """GET /v1/garments and the server-sent event `garments`: by fitting room or mirror's zone."""

    at: datetime
    zones: dict[str, list[GarmentView]]


class ItemView(View):
    """What happened to the garments of one product in a span of time."""

    sku: str = Field(description="the GTIN of a product that the shop's table lacks")
    name: str = ""
    name_zh: str = ""
    size: str = ""
    colour: str = ""
    colour_zh: str = ""
    picture: str = ""
    tint: str = ""
    touched: int = Field(description="handled in any way")
    picked: int = Field(description="taken in hand")
    tried: int = Field(description="taken to a fitting room")
    left: int = Field(description="put back, where they belong or elsewhere")
    misplaced: int = Field(description="of those, left elsewhere")
    bought: int = Field(description="by the till, less what was taken back")
    bought_after_pick: int = Field(description="of those, whose taking was seen before")
    bought_after_try: int = Field(description="of those, seen in a fitting room before")
    visits: int | None = Field(
        description="visits that handled one; null for small groups and for other spans than a day"
    )


class VisitsView(View):
    """Items a visit; all null for fewer visits than `minimum_group`."""

    visits: int | None
    touched: float | None = Field(description="mean of the visits that handled anything")
    picked: float | None
    tried: float | None


class ItemsView(View):
    """GET /v1/items?start=…&end=…."""

    start: datetime
    end: datetime
    items: list[ItemView]
    per_visit: VisitsView


class RefusalView(View):
    """One line of a till's file that could not be taken; its transaction was left out whole."""

    transaction: str
    line: int = Field(description="in a CSV file, from 1; else the place in `lines`, from 1")
    reason: str
    remedy: str


class TillReceiptView(View):
    """What became of sales handed to POST /v1/till."""

    kept: int = Field(description="transactions that are new and durable now")
    known: int = Field(description="transactions that were kept before")
    lines: int = Field(description="lines of those that are new")
    unknown_skus: list[str] = Field(description="kept, though the table of products lacks them")
    refused: list[RefusalView]


class CountsToday(View):
    """Totals of the site's local day; the server-sent event `counts`."""

    date: str
    entered: int = Field(description="into the site, by its entrance lines")
    left: int
    inside: int = Field(
        description="as /v1/occupancy tells; where that is null, people in view or inside by the"
        " lines, never below zero"
    )
    by_line: dict[str, tuple[int, int]] = Field(description="line id -> (in, out)")


class OccupancyPoint(View):
    """How many were inside at one moment; a gap in the counting is null, or no point at all."""

    at: datetime
    inside: float | None = None
    low: int | None = Field(default=None, description="lower end of the 90 % interval")
    high: int | None = None


class OccupancyView(View):
    """GET /v1/occupancy: how many people are inside, staff among them.

    From crossings, corrected by whom the cameras see; zero at closing time.
    """

    at: datetime
    inside: int | None = Field(description="null while the entrances are not watched enough")
    low: int | None = Field(description="lower end of the 90 % interval")
    high: int | None
    in_view: int = Field(description="different people seen inside just now")
    staff: int = Field(description="of those inside, known to work here")
    watched: float = Field(ge=0, le=1, description="of the last 15 min, at the entrances")
    counting_since: datetime = Field(description="the site was empty, or counting began")
    today: list[OccupancyPoint] = []


class UniqueView(View):
    """Different people of one day, staff left out."""

    uncorrected: int | None = Field(description="as identity told them apart; null when few")
    estimate: int | None = Field(description="corrected for splits and merges; null before audits")
    low: int | None = Field(description="lower end of the 95 % interval")
    high: int | None
    split: float | None = Field(description="share that duplicates somebody, by the last audit")
    merged: float | None = Field(description="share taken for somebody else, by the same")
    audited_clusters: int = 0
    audited_persons: int = 0
    audited_at: datetime | None = None
    source: str = ""


class CorrectedView(View):
    """Crossings of the entrances on one day, corrected by the newest audit of them."""

    counted: int
    estimate: int | None = Field(default=None, description="null before any audit")
    low: int | None = Field(default=None, description="lower end of the 95 % interval")
    high: int | None = None
    audited: int = Field(default=0, description="true crossings of that audit")
    audited_at: datetime | None = None


class VisitCountsView(View):
    """GET /v1/visits?date=…: visits that began on one day of the site and are over.

    Numbers under the site's `minimum_group` are null.
    """

    date: str
    entered: CorrectedView = Field(description="everybody, staff among them")
    left: CorrectedView
    visits: int | None = Field(description="staff left out")
    again: int | None = Field(description="of those, by people who had been here that day")
    seen_in: dict[str, int | None] = Field(description="by which of their ends was seen")
    groups: int | None = Field(description="groups of two and more that came in together")
    in_groups: int | None = Field(description="visits of people in groups")
    staff: int | None = Field(description="visits of staff")
    median_s: float | None = Field(description="duration of those whose both ends were seen")
    unique: UniqueView


class StaffMark(View):
    """Body of POST /v1/staff."""

    model_config = ConfigDict(defer_build=False)  # FastAPI asks for it at once

    number: int = Field(description="a person's, as in /v1/live")


class StaffMarked(View):
    """Answer of POST /v1/staff."""

    number: int
    staff: bool = True


class RatesView(View):
    """Body and answer of POST /v1/rates: what an audit found."""

    model_config = ConfigDict(defer_build=False)  # FastAPI asks for it at once

    of: Literal["identity", "entries", "exits"]
    duplicates: int = Field(
        ge=0, description="clusters that duplicate another one's person; false crossings"
    )
    clusters: int = Field(ge=1, description="of so many clusters, or counted crossings")
    absorbed: int = Field(ge=0, description="persons without a cluster; missed crossings")
    persons: int = Field(ge=1, description="of so many persons, or true crossings")
    source: Literal["walks", "tallies"]


class CountBucket(View):
    """Crossings of one line within one span of time; `available` is the observed share of it."""

    start: datetime
    line: str
    entered: int
    left: int
    available: float = Field(ge=0, le=1, description="0 = nothing was watched: not a zero count")


class CountsView(View):
    """GET /v1/counts?start=…&end=…&bucket_s=900."""

    today: CountsToday
    buckets: list[CountBucket]


class EventView(View):
    """One ledger event; the server-sent event `event`, whose id is `id`."""

    id: int
    kind: str
    at: datetime
    camera: str
    place: str
    data: dict[str, Any]


class EventsView(View):
    """GET /v1/items/events: newest first."""

    events: list[EventView]


class WorkerView(View):
    """One process of the service."""

    name: str
    pid: int
    state: Literal["starting", "running", "restarting", "failed", "stopped"]
    restarts: int
    last_reason: str = ""
    heartbeat_age_s: float
    memory_mb: float


class CameraHealth(View):
    """One camera's state."""

    id: str
    state: Literal["connecting", "streaming", "stalled", "lost", "ended", "refused"]
    detail: str = ""
    view: Literal["learning", "well", "moved", "blocked", "blurred", "dark"] = Field(
        default="learning", description="what the picture is like beside its own history"
    )
    size_px: tuple[int, int] | None = None
    received_fps: float
    processed_fps: float
    behind: bool = Field(
        default=False, description="for a minute, less than half as often looked at as asked"
    )
    skipped: int = Field(description="frames never converted because vision was busy")
    dropped: int = Field(description="frames written and overwritten unseen")
    reconnects: int
    frame_age_s: float | None = None


class ReaderHealth(View):
    """One RFID reader's state."""

    id: str
    state: Literal["connecting", "streaming", "lost"]
    detail: str = Field(default="", description="why it is lost, and what to do")
    antennas: int | None = Field(default=None, description="configured ones that are plugged in")
    antennas_configured: int
    reads_per_s: float
    tags: int = Field(description="in view now")
    reconnects: int
    malformed: int = Field(default=0, description="messages refused: no valid LLRP")
    dropped: int = Field(default=0, description="reads nobody took in time")


class LedgerHealth(View):
    """The ledger's state."""

    schema_version: int
    events: int
    size_mb: float
    ok: bool
    backup_at: datetime | None = Field(default=None, description="when it was backed up last")
    backup_failed: str = Field(default="", description="why the last try made no backup")
    restored: str = Field(
        default="", description="that it was damaged and what was done, for a week"
    )
    refused: str = Field(default="", description="why the disk takes no writes just now")
    waiting: int = Field(default=0, description="events kept in memory until it does")
    given_up: int = Field(default=0, description="events that were too many to wait for it")


class StorageHealth(View):
    """How much of the disk the data take, and what went for want of room."""

    used_mb: float
    budget_mb: float
    free_mb: float = Field(description="on the disk")
    gave_up: list[str] = Field(default=[], description="since the start, the newest last")
    stuck: str = Field(default="", description="why there is too little room all the same")


class HubHealth(View):
    """How it stands with the hub; the service does without it."""

    url: str
    state: Literal["starting", "well", "waiting", "refused"]
    told: str = Field(default="", description="what is wrong, and what to do")
    last_at: datetime | None = Field(default=None, description="when the hub answered last")
    waiting: int = Field(default=0, description="facts that wait to be sent")
    refused: int = Field(default=0, description="facts that the hub will never take")
    sent: int = Field(default=0, description="facts sent since the core started")
    clock_ahead_s: float | None = Field(default=None, description="of the hub's clock")
    revision: int = Field(default=0, description="of the content in use; 0 = the site's own files")
    content_refused: str = Field(default="", description="why newer content is not used")


class PrivacyHealth(View):
    """What the privacy policy switches off, and what the vision process really has loaded."""

    pack: str
    off: list[str]
    models: list[str] = Field(description="kinds of networks loaded now")


class UpdatesHealth(View):
    """New versions of the program; told by the updater, which is a program of its own."""

    phase: Literal["idle", "switching", "probation", "returning"] = Field(
        description="how far an update has come; `probation`: this version is being tried"
    )
    offered: str = Field(default="", description="newest version that is for this machine")
    checked_at: datetime | None = Field(default=None, description="when the channel answered last")
    problem: str = Field(default="", description="why the last look at the channel failed")
    refused: bool = Field(default=False, description="nobody vouches for what the channel says")
    returned: str = Field(
        default="", description="which version did not hold and was taken back, for a week"
    )
    bad: list[str] = Field(default=[], description="versions that did not hold here")
    pinned: str = ""


class HealthView(View):
    """GET /health and the server-sent event `health`."""

    status: Literal["ok", "degraded", "down"]
    reasons: list[str] = []
    version: str
    uptime_s: float
    latency_ms_p95: float | None = None
    visitors: int = Field(default=0, description="distinct people followed since the core started")
    workers: list[WorkerView] = []
    cameras: list[CameraHealth] = []
    readers: list[ReaderHealth] = []
    ledger: LedgerHealth | None = None
    storage: StorageHealth | None = None
    hub: HubHealth | None = Field(default=None, description="null for a site without a hub")
    privacy: PrivacyHealth | None = None
    updates: UpdatesHealth | None = Field(
        default=None, description="null for a site without a channel for updates"
    )


class ProblemView(View):
    """Body of every refused request (RFC 9457, with what to do about it)."""

    title: str
    status: int
    message: str
    remedy: str
