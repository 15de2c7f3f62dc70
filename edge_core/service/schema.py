"""What the local API says, as pydantic models: the base of all, ways, and how things are now.

The directory and routes, who is in view, what has just happened, how the service is, and why a
request was refused. The site, items, people counted, the past, products, requests and suggestions
have modules of their own. Positions in metres, instants in UTC. No pixels.
"""

from datetime import datetime, time
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
