"""Tags, garments, what happened to items, and what became of sales, in the local API."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from edge_core.service.schema import View


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
