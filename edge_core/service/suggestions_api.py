"""POST /v1/suggestions/…: what the kiosk and the mirror ask for their visitors."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final, TypeVar

from fastapi import APIRouter, HTTPException

from edge_core.service import suggestion_examples as examples
from edge_core.service.answers import Responses, answers, refused
from edge_core.service.dependencies import Service
from edge_core.service.problems import QueryError
from edge_core.service.sessions import IDLE_S, SessionOverError
from edge_core.service.suggestion_schema import (
    BeginQuestion,
    CorrectionQuestion,
    CouponView,
    EndedView,
    EndQuestion,
    ForgottenView,
    ItemsQuestion,
    ItemSuggestionsView,
    ItemSuggestionView,
    ListQuestion,
    ListView,
    OfferView,
    OutfitsQuestion,
    OutfitsView,
    OutfitView,
    PieceView,
    ReasonView,
    RedemptionRefusalView,
    RedemptionsQuestion,
    RedemptionsView,
    SessionQuestion,
    SessionView,
    StoresQuestion,
    StoreSuggestionView,
    StoresView,
    TakeHomeQuestion,
    TakeHomeView,
)
from edge_core.service.suggestions import Suggestions, UnknownNameError
from edge_core.service.views import utc_from_ns
from edge_core.suggest.corrections import CorrectionKind
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.outfits import Outfit
from edge_core.suggest.profiles import Choice, LiveProfile
from edge_core.suggest.reasons import Reason
from edge_core.suggest.stores import StoreSuggestion
from edge_core.suggest.take_home import CouponRefusedError

suggestions_router = APIRouter(prefix="/v1/suggestions")
_OVER: Final = "This session is over; begin a new one"
Answer = TypeVar("Answer")


def _answers(example: object) -> Responses:
    return answers(
        example,
        _410=refused("The session is over"),
        _422=refused("It names what is not there"),
        _503=refused("The ledger cannot be written"),
    )


@contextmanager
def _told() -> Iterator[None]:
    """Refusals of the suggestions as answers of the API."""
    try:
        yield
    except SessionOverError:
        raise HTTPException(410, _OVER) from None
    except UnknownNameError as error:
        raise QueryError(f"{str(error).capitalize()}.", "Ask for one that is there.") from None


@suggestions_router.post(
    "/sessions", summary="Begin a session", responses=_answers(examples.SESSION)
)
def post_session(state: Service, asked: BeginQuestion) -> SessionView:
    """What a person chose on a screen. It lives in memory and ends by itself.

    Whether what the screen sees is used is decided here and anew at every question: only after
    the choice `seen`, only while one person is within reach, and not of who may be a child.
    """
    with _told():
        session = state.suggestions.begin(
            asked.screen, Choice(asked.choice), asked.interests, asked.text
        )
        return _session_view(state.suggestions, session)


@suggestions_router.post(
    "/sessions/show", summary="What is used now", responses=_answers(examples.SESSION)
)
def post_show(state: Service, asked: SessionQuestion) -> SessionView:
    """The estimates and the visit that suggestions are made of at this moment, if any."""
    with _told():
        return _session_view(state.suggestions, asked.session)


@suggestions_router.post(
    "/sessions/end", summary="End a session", responses=_answers(examples.ENDED)
)
def post_end(state: Service, asked: EndQuestion) -> EndedView:
    """Wipes the session; with `forget` all else the service knows of whoever stands there too.

    That is tracks, descriptions of appearance, the open visit, what was estimated and noted. Totals
    stay. Who stands there is seen as somebody new afterwards.
    """
    if not asked.forget:
        known = state.suggestions.end(asked.session)
        return EndedView(known=known, wiped_at=utc_from_ns(state.clock.utc_ns()))
    with _told():
        deleted = state.suggestions.forget(asked.session)
    return EndedView(
        known=True,
        wiped_at=utc_from_ns(state.clock.utc_ns()),
        forgotten=ForgottenView(
            receipt=secrets.token_hex(4),
            people=deleted.people,
            tracks=deleted.tracks,
            appearances=deleted.appearances,
            visits=deleted.visits,
        ),
    )


@suggestions_router.post("/stores", summary="Stores", responses=_answers(examples.STORES))
def post_stores(state: Service, asked: StoresQuestion) -> StoresView:
    """Stores to go to, best first, each with its reasons; without a profile by hour and place."""
    with _told():
        return _stores_view(*state.suggestions.stores(asked.session), asked.limit)


@suggestions_router.post(
    "/corrections", summary="Correct a suggestion", responses=_answers(examples.STORES)
)
def post_correction(state: Service, asked: CorrectionQuestion) -> StoresView:
    """Changes the ranking at once, for this session only; answers the stores ranked anew."""
    with _told():
        state.suggestions.correct(asked.session, CorrectionKind(asked.kind), asked.target)
        return _stores_view(*state.suggestions.stores(asked.session), asked.limit)


@suggestions_router.post("/coupon", summary="A coupon", responses=_answers(examples.COUPON))
def post_coupon(state: Service, asked: SessionQuestion) -> CouponView:
    """One coupon or none a session, decided once.

    Neither what is offered nor what it is worth depends on an attribute of the person. Some are
    offered none, so that the worth of coupons can be told.
    """
    with _told():
        return CouponView(coupon=_offer(state.suggestions, state.suggestions.coupon(asked.session)))


@suggestions_router.post(
    "/take-home", summary="A signed code", responses=_answers(examples.TAKE_HOME)
)
def post_take_home(state: Service, asked: TakeHomeQuestion) -> TakeHomeView:
    """The text of a QR code: a way and the session's coupon, signed, complete by itself."""
    with _told():
        text, got = state.suggestions.take_home(
            asked.session, asked.route, asked.title, asked.language
        )
        return TakeHomeView(text=text, coupon=_offer(state.suggestions, got))


@suggestions_router.post("/list", summary="A list for a phone", responses=_answers(examples.LIST))
def post_list(state: Service, asked: ListQuestion) -> ListView:
    """The address of a list: signed, expiring, with all of the list in it; nothing of it is kept.

    Without `lists` under [hub] there is none, and the screen shows the list as plain text.
    """
    with _told():
        found = state.suggestions.list_address(
            asked.tried, asked.looked_at, asked.session, asked.language
        )
    return ListView() if found is None else ListView(url=found[0], expires_at=found[1])


@suggestions_router.post("/items", summary="Garments", responses=_answers(examples.ITEMS))
def post_items(state: Service, asked: ItemsQuestion) -> ItemSuggestionsView:
    """Garments that go with those in hand; popular ones where nothing is."""
    with _told():
        found = state.suggestions.items(asked.skus, asked.session, asked.limit)
    return ItemSuggestionsView(
        items=[
            ItemSuggestionView(
                sku=it.garment.sku,
                score=round(it.score, 4),
                reasons=_reasons(it.reasons),
                stock=it.garment.stock,
                rack=it.garment.rack or None,
            )
            for it in found
        ]
    )


@suggestions_router.post("/outfits", summary="Outfits", responses=_answers(examples.OUTFITS))
def post_outfits(state: Service, asked: OutfitsQuestion) -> OutfitsView:
    """Outfits around the given garments: in stock first, with where each piece hangs."""
    return OutfitsView(
        outfits=[_outfit_view(it) for it in state.suggestions.outfits(asked.skus, asked.limit)]
    )


@suggestions_router.post(
    "/redemptions", summary="Coupons tills took", responses=_answers(examples.REDEMPTIONS)
)
def post_redemptions(state: Service, asked: RedemptionsQuestion) -> RedemptionsView:
    """Told by tills, also later; each is checked again, and telling one twice changes nothing."""
    kept = known = 0
    refused = []
    for place, one in enumerate(asked.redemptions):
        try:
            with _told():
                new = state.suggestions.redeemed(one.text, one.used_at.astimezone(UTC), one.till)
        except CouponRefusedError as error:
            refused.append(
                RedemptionRefusalView(
                    place=place, refusal=str(error.refusal), message=error.message
                )
            )
            continue
        kept, known = kept + new, known + (not new)
    return RedemptionsView(kept=kept, known=known, refused=refused)


def _session_view(suggestions: Suggestions, session: str) -> SessionView:
    choice, profile = suggestions.profile(session)
    return SessionView.model_validate(
        {
            "session": session,
            "choice": str(choice),
            "personal": profile.why_not is None,
            "why_not": _why_not(profile),
            "estimates": {
                name: {label: round(p, 3) for label, p in labels.items()}
                for name, labels in profile.attributes.items()
            },
            "stores_visited": list(profile.behaviour.stores),
            "ends_after_s": IDLE_S,
        }
    )


def _why_not(profile: LiveProfile) -> str | None:
    return None if profile.why_not is None else str(profile.why_not)


def _stores_view(profile: LiveProfile, stores: Sequence[StoreSuggestion], most: int) -> StoresView:
    views = [
        StoreSuggestionView(
            store=it.store.id,
            score=round(it.score, 4),
            reasons=_reasons(it.reasons),
            walk_s=_rounded(it.store.walk_s),
            closes_in_min=_rounded(it.store.closes_in_min),
            crowd=_rounded(it.store.crowd, 2),
        )
        for it in stores[:most]
    ]
    return StoresView.model_validate(
        {"personal": profile.why_not is None, "why_not": _why_not(profile), "stores": views}
    )


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def _offer(suggestions: Suggestions, got: tuple[Coupon, datetime] | None) -> OfferView | None:
    if got is None:
        return None
    coupon, expires = got
    return OfferView(
        coupon=coupon.id,
        store=coupon.store,
        title=suggestions.coupons.title(coupon.id, "en"),
        title_zh=suggestions.coupons.title(coupon.id, "zh"),
        value=suggestions.coupons.value(coupon),
        expires_at=expires.astimezone(UTC),
    )


def _outfit_view(outfit: Outfit) -> OutfitView:
    return OutfitView(
        pieces=[
            PieceView.model_validate(
                {
                    "slot": str(piece.slot),
                    "sku": piece.garment.sku,
                    "own": piece.own,
                    "stock": piece.garment.stock,
                    "rack": piece.garment.rack or None,
                }
            )
            for piece in outfit.pieces
        ],
        score=round(outfit.score, 4),
        in_stock=outfit.in_stock,
        reasons=_reasons(outfit.reasons),
    )


def _reasons(reasons: Sequence[Reason]) -> list[ReasonView]:
    return [
        ReasonView.model_validate({"code": str(it.code), "params": dict(it.params)})
        for it in reasons
    ]
