"""What goes over the wire between a store PC and its hub. Unknown fields are passed over.

From the store: sums by day with small counts left out, what happened to garments by the hour,
coupons that tills took, and how the store PC is. To the store: numbered records.
"""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from edge_core.types import ItemAction

MOST_ROWS: Final = 500
MOST_BYTES: Final = 1_000_000
"""Of a request's body."""
MOST_QUANTITY: Final = 1_000_000
"""Of one line of a sale."""
MOST_SUM: Final = 2**53
WHOLE_DAY: Final = -1
"""In place of an hour."""
SOLD: Final = "sold"

_PLAIN: Final = r"^[^\x00-\x1f]*$"
"""No database keeps a NUL, and no name has a line break."""
Name = Annotated[str, Field(max_length=80, pattern=_PLAIN)]
Hour = Annotated[int, Field(ge=WHOLE_DAY, le=23, description="of the site's day")]
Section = Literal[
    "categories", "stores", "places", "connectors", "closures", "audiences", "offers", "coupons",
    "products", "stock", "racks", "shops", "programme", "policy", "settings",
]  # fmt: skip
Scope = Literal["chain", "site"]


class Wire(BaseModel):
    """Frozen; numbers are finite."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Enrolment(Wire):
    """Body of POST /v1/enrolments. The store PC draws its key; the hub keeps its hash only."""

    code: str = Field(min_length=4, max_length=40)
    site: str = Field(min_length=1, max_length=40, pattern=_PLAIN, description="id in site.toml")
    name: str = Field(default="", max_length=60, pattern=_PLAIN, description="of the store PC")
    key_sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Enrolled(Wire):
    """Answer to it."""

    device: str
    site: str
    hub: str = Field(description="what the hub calls itself")
    content_key: str = Field(description="Ed25519 public key that signs content, hexadecimal")


class Cell(Wire):
    """One sum: of a day, or of an hour of it.

    `entered` and `left` are of entrance lines, `stays` and `dwell_s` of zones, `watched_s` of the
    entrances' cameras, `people` of a label, `offered` of coupons ("" = nothing, to compare with).
    """

    metric: Literal[
        "entered", "left", "watched_s", "stays", "dwell_s", "visits", "complete", "visit_s",
        "people", "offered",
    ]  # fmt: skip
    place: Name = ""
    label: Name = ""
    hour: Hour = WHOLE_DAY
    value: int | None = Field(ge=0, le=MOST_SUM, description="null = too few to be told")


class DayBody(Wire):
    """Sums of one day of the site; told once, when it is over."""

    day: date
    cells: tuple[Cell, ...] = Field(max_length=20_000)


class ItemBody(Wire):
    """Something happened to a garment of a product; by whom, with what tag and when exactly stay.

    `sold` is a till's; its quantity is negative for what was taken back.
    """

    day: date
    hour: Hour
    action: ItemAction | Literal["sold"]
    sku: Name
    rack: Name = ""
    quantity: int = Field(default=1, ge=-MOST_QUANTITY, le=MOST_QUANTITY)


class RedemptionBody(Wire):
    """A till took a coupon."""

    day: date
    hour: Hour
    coupon: Name


class Row(Wire):
    """One fact; the hub keeps each key of a site once."""

    key: Name
    kind: Name = Field(description="day, item or redemption")
    body: dict[str, Any]


class HealthReport(Wire):
    """How a store PC is."""

    version: str = Field(max_length=40)
    status: Literal["ok", "degraded", "down"]
    reasons: tuple[Annotated[str, Field(max_length=200)], ...] = Field(default=(), max_length=12)
    uptime_s: float
    cameras: int
    cameras_well: int
    readers: int
    readers_well: int
    ledger_mb: float
    waiting: int = Field(default=0, description="facts that wait to be sent")
    refused: int = Field(default=0, description="facts the hub would not take")
    clock_ahead_s: float | None = Field(default=None, description="of the hub's clock")
    content_revision: int = 0
    content_refused: str = Field(default="", max_length=400)


class Batch(Wire):
    """Body of POST /v1/batches."""

    number: int = Field(
        ge=1, le=2**62, description="rises with every try; a late one changes no health"
    )
    health: HealthReport | None = None
    list_key: str = Field(
        default="",
        pattern="^([0-9a-f]{64})?$",
        description="Ed25519 public key that signs lists for phones, hexadecimal",
    )
    rows: tuple[Row, ...] = Field(max_length=MOST_ROWS)


class Receipt(Wire):
    """Answer to it: every row is durable, or refused for good."""

    kept: int
    known: int
    refused: dict[str, str] = Field(default={}, description="key -> why it will never be taken")
    utc_ns: int = Field(description="the hub's clock")


class Record(Wire):
    """Something the hub tells of a site, or of all sites of the chain."""

    section: Section
    key: str = Field(min_length=1, max_length=80)
    scope: Scope
    position: int = Field(description="records of a section are shown in this order")
    revision: int = Field(ge=1)
    body: dict[str, Any] | None = Field(description="null = it is no more")


class ContentPage(Wire):
    """Answer to GET /v1/content?since=…: records changed after `since`, in order of change.

    With `more`, go on from `revision`; only without it is anything whole.
    """

    site: str
    since: int = Field(description="0 = begin anew, whatever was asked")
    revision: int
    more: bool
    records: tuple[Record, ...]
    digest: str = Field(description="of all records together; empty while there is more")
    signature: str = Field(description="of site, revision and digest")
    utc_ns: int
