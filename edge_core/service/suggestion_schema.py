"""What the local API says about suggestions, and what it may be asked.

Reasons are codes with parameters, which screens put into the visitor's language.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from edge_core.service.schema import View

# Named again, for the screens know this module and not the stage; a test holds both to be the same.
Choice = Literal["seen", "interests", "no-thanks"]
WhyNot = Literal["not-chosen", "nobody", "several-people", "may-be-child", "somebody-else"]
Correction = Literal["not-for-me", "less-like-this", "looking-for"]
Slot = Literal["dress", "top", "bottom", "layer", "shoes", "accessory"]
ReasonCode = Literal[
    "looking-for", "interest", "like-visited", "like-you", "popular-now", "near", "quiet",
    "closing-soon", "tried-together", "goes-with", "colours", "popular", "in-stock",
]  # fmt: skip

MOST_SKUS: Final = 30
SessionId = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
Word = Annotated[str, Field(min_length=1, max_length=60)]


class Asked(BaseModel):
    """Base of what is asked; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class BeginQuestion(Asked):
    """What a person chose on a screen."""

    screen: Word
    choice: Choice
    interests: list[Word] = Field(default=[], max_length=20, description="ids of categories")
    text: str = Field(
        default="", max_length=40, description="version of the question the screen showed"
    )


class EndQuestion(Asked):
    """End a session; with `forget` also all that is known of whoever stands at the screen."""

    session: SessionId
    forget: bool = False


class StoresQuestion(Asked):
    """Which stores to suggest."""

    session: SessionId
    limit: int = Field(default=8, ge=1, le=100)


class CorrectionQuestion(Asked):
    """What a person says of a suggestion."""

    session: SessionId
    kind: Correction
    target: str = Field(
        max_length=60,
        description="id of a store, a style or SKU; of a category for `looking-for`, where an"
        " empty one takes it back",
    )
    limit: int = Field(default=8, ge=1, le=100)


class SessionQuestion(Asked):
    """Anything about a session."""

    session: SessionId


class TakeHomeQuestion(Asked):
    """What the QR code shall hold."""

    session: SessionId
    route: str = Field(max_length=400, description="the way in a line; cut to what fits")
    title: str = Field(
        default="",
        max_length=200,
        description="a line for the shopper; the coupon's own where there is one and this is empty",
    )
    language: str = Field(default="en", pattern="^(en|zh)$")


class ListQuestion(Asked):
    """What a list for a phone shall hold."""

    tried: list[Word] = Field(max_length=MOST_SKUS, description="SKUs that were with the shopper")
    looked_at: list[Word] = Field(
        default=[], max_length=MOST_SKUS, description="SKUs put on the list otherwise"
    )
    session: SessionId | None = Field(default=None, description="whose coupon goes along")
    language: str = Field(default="en", pattern="^(en|zh)$")


class ItemsQuestion(Asked):
    """What goes with garments; with a session, by what was said in it."""

    skus: list[Word] = Field(max_length=MOST_SKUS)
    session: SessionId | None = None
    limit: int = Field(default=8, ge=1, le=50)


class OutfitsQuestion(Asked):
    """What completes the look of garments, in the order they came."""

    skus: list[Word] = Field(max_length=MOST_SKUS)
    limit: int = Field(default=4, ge=1, le=20)


class RedemptionQuestion(Asked):
    """A coupon that a till took."""

    text: str = Field(max_length=1000, description="as scanned")
    used_at: AwareDatetime
    till: str = Field(default="", max_length=60)


class RedemptionsQuestion(Asked):
    """Coupons that tills took."""

    redemptions: list[RedemptionQuestion] = Field(max_length=1000)


class ReasonView(View):
    """One reason; `edge_core.suggest.reasons` tells the parameters of each."""

    code: ReasonCode
    params: dict[str, str | int] = Field(default={})


class SessionView(View):
    """A session of one screen. Nothing of it is kept when it ends.

    `personal` tells whether what this screen sees is used now; `why_not` tells why it is not.
    `estimates` are the probabilities that are used, by attribute and label.
    """

    session: str
    choice: Choice
    personal: bool
    why_not: WhyNot | None = None
    estimates: dict[str, dict[str, float]] = Field(default={})
    stores_visited: list[str] = Field(default=[])
    ends_after_s: float


class ForgottenView(View):
    """What was deleted of whoever stood at the screen; the receipt's number is kept nowhere."""

    receipt: str
    people: int
    tracks: int
    appearances: int = Field(description="descriptions of what they look like")
    visits: int


class EndedView(View):
    """That a session's profile is wiped; `known` is false where it was wiped before."""

    known: bool
    wiped_at: datetime
    forgotten: ForgottenView | None = None


class StoreSuggestionView(View):
    """A store and why."""

    store: str
    score: float
    reasons: list[ReasonView]
    walk_s: float | None = None
    closes_in_min: float | None = None
    crowd: float | None = None


class StoresView(View):
    """Stores, best first."""

    personal: bool
    why_not: WhyNot | None = None
    stores: list[StoreSuggestionView]


class OfferView(View):
    """A coupon for this session; asking again gives the same one."""

    coupon: str
    store: str
    title: str
    title_zh: str
    value: str
    expires_at: datetime


class CouponView(View):
    """The coupon, or null: some people are offered none, so that its worth can be told."""

    coupon: OfferView | None = None


class TakeHomeView(View):
    """What to write into the QR code: signed, complete by itself."""

    text: str
    coupon: OfferView | None = None


class ListView(View):
    """The address of a list; null where phones reach no hub, or nothing of it is known."""

    url: str | None = None
    expires_at: datetime | None = None


class ItemSuggestionView(View):
    """A garment and why; `stock` null = unknown."""

    sku: str
    score: float
    reasons: list[ReasonView]
    stock: int | None = None
    rack: str | None = None


class ItemSuggestionsView(View):
    """Garments, best first, not all alike."""

    items: list[ItemSuggestionView]


class PieceView(View):
    """One part of an outfit; `own` = the person has it with them."""

    slot: Slot
    sku: str
    own: bool
    stock: int | None = None
    rack: str | None = None


class OutfitView(View):
    """Garments to wear together."""

    pieces: list[PieceView]
    score: float
    in_stock: bool
    reasons: list[ReasonView]


class OutfitsView(View):
    """Outfits, in stock first."""

    outfits: list[OutfitView]


class RedemptionRefusalView(View):
    """A redemption that was not kept, by its place in what was handed in, from 0."""

    place: int
    refusal: str
    message: str


class RedemptionsView(View):
    """What became of them."""

    kept: int
    known: int
    refused: list[RedemptionRefusalView] = Field(default=[])
