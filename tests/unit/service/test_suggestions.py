"""What the screens are told for their visitors, and what they are never told."""

import importlib.util
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import get_args

import anyio
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.config import DirectoryConfig, OffersConfig, Product, Products
from edge_core.errors import PromenadeError
from edge_core.service import suggestion_schema
from edge_core.service.api import create_app
from edge_core.service.client import EdgeClient
from edge_core.service.guide import Guide
from edge_core.service.lists import lists_key
from edge_core.service.parts import Parts
from edge_core.service.sessions import IDLE_S
from edge_core.suggest.corrections import CorrectionKind
from edge_core.suggest.garments import Slot
from edge_core.suggest.list_link import NO_ROUTE, read_list
from edge_core.suggest.profiles import Choice, WhyNot
from edge_core.suggest.reasons import ReasonCode
from edge_core.suggest.take_home import CouponOffer, TakeHome, nonce_from, read, signed_text
from edge_core.types import Event, EventKind, ItemAction, Traits
from edge_core.units import NS_PER_S

SECRET = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(SECRET).public_key()
LISTS = bytes(range(1, 33))
DIRECTORY = DirectoryConfig.model_validate(
    {
        "categories": [{"id": "fashion", "name": "Fashion"}, {"id": "toys", "name": "Toys"}],
        "stores": [
            {
                "id": "coats", "name": "Coats", "category": "fashion", "zone": "coats",
                "doors_m": [[4, 4.2]],
            },
            {
                "id": "suits", "name": "Suits", "category": "fashion", "floor": "ground",
                "polygon_m": [[8, 0], [12, 0], [12, 2], [8, 2]], "doors_m": [[10, 2.2]],
            },
            {
                "id": "toys", "name": "Toys", "category": "toys", "floor": "ground",
                "polygon_m": [[0, 5], [2, 5], [2, 8], [0, 8]], "doors_m": [[2.2, 6]],
            },
        ],
    }
)  # fmt: skip
OFFERS = OffersConfig.model_validate(
    {
        "audiences": [
            {"store": "coats", "visits": 500, "gender": {"female": 900, "male": 100}},
            {"store": "suits", "visits": 500, "gender": {"female": 100, "male": 900}},
            {"store": "toys", "visits": 100, "gender": {"female": 500, "male": 500}},
        ],
        "coupons": [
            {
                "id": f"{store}-10", "store": store, "title": "10% off", "title_zh": "九折",
                "percent": 10, "basket": "60.00", "margin": 0.5, "first_day": "2025-01-01",
                "last_day": "2035-12-31", "daily_budget": "600.00",
            }
            for store in ("coats", "toys")
        ],
    }
)  # fmt: skip


def _row(sku, picture, tint, rack="rail"):
    digits = f"40123450{len(sku):02d}{sum(map(ord, sku)) % 100:02d}0"
    check = -sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(digits.zfill(13))) % 10
    return Product(
        gtin=f"{digits.zfill(13)}{check}", sku=sku, name=sku, picture=picture, tint=tint, rack=rack
    )


PRODUCTS = Products(
    [
        _row("shirt", "shirt", "#e7dcc6"),
        _row("trousers", "trousers", "#27364f"),
        _row("jeans-blue", "jeans", "#34466b"),
        _row("coat-long", "coat", "#b98a56"),
    ]
)
HERE, THERE = (8.0, 6.5), (11.5, 1.0)
MAN = Traits(1, {"female": 0.03}, 44.0)


def _stand_in():
    spec = importlib.util.spec_from_file_location(
        "stand_in", Path(__file__).with_name("stand_in.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def state(tmp_path):
    state = _stand_in().StandInState(
        tmp_path / "ledger.db",
        parts=Parts(DIRECTORY, OFFERS, PRODUCTS, SECRET, LISTS),
        more_toml='\n[hub]\nurl = "https://hub.example"\nlists = "https://list.example/"\n',
    )
    state.guide = Guide(state.config, DIRECTORY)
    yield state
    state.close()


@pytest.fixture
def ask(state):
    """The client the screens use, on the app itself."""
    app = httpx.ASGITransport(create_app(state))

    def pass_on(request: httpx.Request) -> httpx.Response:
        async def answer() -> httpx.Response:
            base = "http://127.0.0.1:8460"
            async with httpx.AsyncClient(transport=app, base_url=base) as http:
                return await http.send(request)

        got = anyio.run(answer)
        return httpx.Response(got.status_code, content=got.content)

    with EdgeClient("http://127.0.0.1:8460", transport=httpx.MockTransport(pass_on)) as client:
        yield client.suggestions


def _order(view):
    return [it.store for it in view.stores]


def test_the_schemas_words_are_the_stages():
    for words, enum in (
        (suggestion_schema.Choice, Choice),
        (suggestion_schema.WhyNot, WhyNot),
        (suggestion_schema.Correction, CorrectionKind),
        (suggestion_schema.Slot, Slot),
        (suggestion_schema.ReasonCode, ReasonCode),
    ):
        assert issubclass(enum, StrEnum)
        assert list(get_args(words)) == [str(it) for it in enum]


def test_alone_and_by_choice_estimates_rank_the_stores_and_are_shown(state, ask):
    state.stand(n5=HERE)
    state.suggestions.tell(5, MAN)
    session = ask.begin("lobby", "seen")
    assert session.personal
    assert session.estimates["gender"]["male"] == pytest.approx(0.97)
    view = ask.stores(session.session)
    assert view.personal
    assert _order(view).index("suits") < _order(view).index("coats")
    suits = next(it for it in view.stores if it.store == "suits")
    assert "like-you" in [reason.code for reason in suits.reasons]


@pytest.mark.parametrize(
    ("choice", "people", "traits", "why_not"),
    [
        ("no-thanks", {"n5": HERE}, MAN, "not-chosen"),
        ("interests", {"n5": HERE}, MAN, "not-chosen"),
        ("seen", {"n5": HERE, "n6": (8.0, 5.5)}, MAN, "several-people"),
        ("seen", {"n5": THERE}, MAN, "nobody"),
        ("seen", {"n5": HERE}, Traits(1, {}, 12.0), "may-be-child"),
    ],
)
def test_the_service_uses_nothing_personal_otherwise(state, ask, choice, people, traits, why_not):
    state.stand(**people)
    state.suggestions.tell(5, traits)
    session = ask.begin("lobby", choice)
    assert (session.personal, session.why_not) == (False, why_not)
    assert not session.estimates
    plain = ask.stores(ask.begin("lobby", "no-thanks").session)
    assert _order(ask.stores(session.session)) == _order(plain)


def test_who_joins_or_leaves_ends_what_is_personal_at_once(state, ask):
    state.stand(n5=HERE)
    state.suggestions.tell(5, MAN)
    session = ask.begin("lobby", "seen").session
    state.stand(n5=HERE, n6=(8.5, 6.5))
    assert ask.stores(session).why_not == "several-people"
    state.stand(n6=(8.5, 6.5))
    assert ask.stores(session).why_not == "somebody-else"
    state.stand()
    assert ask.show(session).why_not == "nobody"


def test_a_choice_made_in_a_group_never_turns_to_who_is_left(state, ask):
    state.stand(n5=HERE, n6=(8.5, 6.5))
    session = ask.begin("lobby", "seen").session
    state.stand(n5=HERE)
    assert ask.show(session).why_not == "somebody-else"


def test_walking_times_are_told_from_the_screen(ask):
    stores = ask.stores(ask.begin("lobby", "no-thanks").session).stores
    walks = {it.store: it.walk_s for it in stores}
    assert 0 < walks["coats"] < walks["toys"] < 60


def test_stores_of_this_visit_are_used_by_choice_only(state, ask):
    state.stand(n5=(3.0, 2.0))
    state.stand(n5=HERE)
    seen = ask.begin("lobby", "seen")
    assert seen.stores_visited == ["coats"]
    assert _order(ask.stores(seen.session))[0] != "coats"
    assert ask.begin("lobby", "no-thanks").stores_visited == []


def test_chosen_interests_lead_and_corrections_count_at_once_and_are_logged_without_a_session(
    state, ask
):
    session = ask.begin("lobby", "interests", ["toys"]).session
    assert _order(ask.stores(session))[0] == "toys"
    assert "toys" not in _order(ask.correct(session, "not-for-me", "toys"))
    assert _order(ask.correct(session, "looking-for", "fashion"))[0] in ("coats", "suits")
    logged = [it.event for it in state.ledger.newest_of(EventKind.CORRECTION)]
    assert [it.data["correction"] for it in logged] == ["looking-for", "not-for-me"]
    assert all(session not in str(it) for it in logged)
    assert "toys" in _order(ask.stores(ask.begin("lobby", "no-thanks").session))


def test_a_session_ends_when_told_and_by_itself(state, ask):
    session = ask.begin("lobby", "no-thanks").session
    assert ask.end(session).known
    assert not ask.end(session).known
    with pytest.raises(PromenadeError, match="over"):
        ask.stores(session)
    session = ask.begin("lobby", "no-thanks").session
    state.clock.advance_ns(int((IDLE_S + 1) * NS_PER_S))
    with pytest.raises(PromenadeError, match="begin a new one"):
        ask.stores(session)


def test_forget_me_drops_the_visit_too(state, ask):
    state.stand(n5=(3.0, 2.0))
    state.stand(n5=HERE)
    state.suggestions.tell(5, MAN)
    session = ask.begin("lobby", "seen")
    assert session.stores_visited
    ended = ask.end(session.session, forget=True)
    assert state.forgotten == [5]
    assert (ended.forgotten.people, ended.forgotten.tracks) == (1, 2)
    assert len(ended.forgotten.receipt) == 8
    again = ask.begin("lobby", "seen")
    assert (again.stores_visited, again.estimates) == ([], {})


def test_who_cannot_tell_which_of_several_asks_forgets_them_all_and_who_chose(state, ask):
    state.stand(n5=HERE)
    session = ask.begin("lobby", "seen").session
    state.stand(n5=THERE, n6=HERE, n7=HERE, n8=THERE)
    ask.end(session, forget=True)
    assert state.forgotten == [5, 6, 7]
    assert not ask.end(session).known


def _coupon(state, ask, **begin):
    """A session that is offered something; some are held out."""
    for _ in range(50):
        session = ask.begin("lobby", **({"choice": "no-thanks"} | begin)).session
        if ask.coupon(session).coupon is not None:
            return session
    raise AssertionError("nothing was offered fifty times")


def test_a_coupon_is_decided_once_a_session_and_logged_with_its_odds(state, ask):
    session = _coupon(state, ask)
    first = ask.coupon(session).coupon
    assert ask.coupon(session).coupon == first
    assert (first.value, first.title_zh) == ("10%", "九折")
    logged = [it.event for it in state.ledger.newest_of(EventKind.OFFER)]
    newest = logged[0].data
    assert newest["coupon"] == first.coupon
    assert sum(newest["propensities"].values()) == pytest.approx(1.0)
    assert newest["propensity"] == pytest.approx(newest["propensities"][first.coupon])
    assert all(session not in str(it) for it in logged)


def test_no_log_of_an_offer_tells_anything_of_the_person(state, ask):
    def offers(traits):
        state.stand(n5=HERE)
        state.suggestions.tell(5, traits)
        session = ask.begin("lobby", "seen").session
        ask.coupon(session)
        data = state.ledger.newest_of(EventKind.OFFER, 1)[0].event.data
        ask.end(session)
        return {key: data[key] for key in ("x", "propensities")}

    assert offers(MAN) == offers(Traits(1, {"female": 0.99}, 20.0))


def test_what_is_taken_home_is_signed_and_redeemed_once(state, ask):
    session = _coupon(state, ask)
    taken = ask.take_home(session, "Ground floor: to the left", language="zh")
    content = read(taken.text, "harbour", PUBLIC)
    assert content.offer.coupon == taken.coupon.coupon
    assert content.title == "九折"
    assert ask.take_home(session, "another way").text != taken.text
    now = datetime.fromtimestamp(state.clock.utc_ns() / 1e9, UTC)
    told = (taken.text, now, "till 1")
    assert (ask.redemptions([told]).kept, ask.redemptions([told]).known) == (1, 1)
    again = ask.take_home(session, "another way").text
    assert ask.redemptions([(again, now, "till 2")]).known == 1
    late = (taken.text, now + timedelta(days=2), "till 1")
    forged = (taken.text.replace("10%", "50%"), now, "till 1")
    refused = ask.redemptions([late, forged, ("hello", now, "")]).refused
    assert [it.refusal for it in refused] == ["expired", "altered", "unreadable"]
    (event,) = state.ledger.newest_of(EventKind.REDEMPTION)
    assert event.event.data["till"] == "till 1"


def _opened(url, now):
    key = Ed25519PrivateKey.from_private_bytes(LISTS).public_key()
    return read_list(url.removeprefix("https://list.example/l/"), [key], now)


def test_a_list_for_a_phone_carries_the_sessions_coupon_for_the_till(state, ask):
    session = _coupon(state, ask)
    now = datetime.fromtimestamp(state.clock.utc_ns() / 1e9, UTC)
    view = ask.list_address(["shirt", "nothing"], ["coat-long"], session=session, language="zh")
    content = _opened(view.url, now)
    assert [it.tried for it in content.items] == [True, False]
    assert content.items[0].gtin == PRODUCTS.of_sku("shirt").gtin
    assert view.expires_at == content.expires_utc == now.replace(second=0) + timedelta(days=30)
    coupon = content.coupon
    assert coupon.title == "九折"
    offer = CouponOffer(coupon.coupon, coupon.value, coupon.expires_utc, nonce_from(coupon.nonce))
    home = TakeHome("harbour", coupon.title, NO_ROUTE, offer)
    text = signed_text(home, coupon.key_id, coupon.signature)
    assert ask.redemptions([(text, now, "till 1")]).kept == 1
    again = ask.list_address(["shirt"], session=session).url
    assert _opened(again, now).coupon.nonce == coupon.nonce  # one coupon a session
    assert again != ask.list_address(["shirt"], session=session).url
    assert _opened(ask.list_address(["shirt"]).url, now).coupon is None
    assert ask.list_address(["nothing"]).url is None


def test_without_an_address_for_phones_there_is_no_list_and_no_key(tmp_path):
    state = _stand_in().StandInState(tmp_path / "plain.db", parts=Parts(products=PRODUCTS))
    assert state.suggestions.list_address(["shirt"], [], None, "en") is None
    assert lists_key(state.config, tmp_path) is None
    assert list(tmp_path.glob("*.key")) == []
    state.close()


def test_a_way_without_a_coupon_is_signed_too(state, ask):
    state.clock.advance_ns(11 * 3600 * NS_PER_S)  # at night the stores are closed
    session = ask.begin("lobby", "no-thanks").session
    taken = ask.take_home(session, "Ground floor", title="To Toys")
    assert taken.coupon is None
    assert read(taken.text, "harbour", PUBLIC).title == "To Toys"
    assert ask.stores(session).stores == []


def test_after_a_restart_budgets_and_what_was_learnt_are_there_again(state, ask, tmp_path):
    session = _coupon(state, ask)
    taken = ask.take_home(session, "")
    now = datetime.fromtimestamp(state.clock.utc_ns() / 1e9, UTC)
    ask.redemptions([(taken.text, now, "")])
    book = state.suggestions.coupons.book
    local = now.astimezone()
    before = (book.committed(local), book.model._moment.tolist())
    state.close()
    again = _stand_in().StandInState(
        tmp_path / "ledger.db", parts=Parts(DIRECTORY, OFFERS, PRODUCTS, SECRET)
    )
    book = again.suggestions.coupons.book
    after = (book.committed(local), book.model._moment.tolist())
    again.writer.append([])
    assert after[0] == before[0]
    assert Decimal("6.00") <= after[0][taken.coupon.coupon]
    assert after[1] == pytest.approx(before[1], abs=1e-4)
    state.writer, state.ledger, state.hub = again.writer, again.ledger, again.hub


def test_garments_tried_together_are_suggested_once_the_visit_is_over(state, ask):
    def handled(visit, *skus):
        events = [
            Event(
                f"{visit}/{sku}", EventKind.ITEM, state.clock.utc_ns(), 0, "rail", "room",
                {"action": str(ItemAction.TRIED_ON), "sku": sku, "visit": visit},
            )
            for sku in skus
        ]  # fmt: skip
        state.suggestions.handle(events)

    def together():
        items = ask.items(["shirt"]).items
        codes = {it.sku: [reason.code for reason in it.reasons] for it in items}
        return [sku for sku, told in codes.items() if "tried-together" in told]

    assert together() == []
    for visit in range(1, 30):
        handled(visit, "shirt", "jeans-blue")
    assert together() == []
    state.clock.advance_ns(3600 * NS_PER_S)
    assert together() == ["jeans-blue"]
    assert ask.items(["shirt"]).items[0].sku == "jeans-blue"


def test_outfits_tell_each_part_and_where_it_hangs(state, ask):
    (first, *_) = ask.outfits(["shirt"]).outfits
    told = {piece.slot: piece for piece in first.pieces}
    assert told["top"].own
    assert told["bottom"].sku in ("trousers", "jeans-blue")
    assert told["bottom"].rack == "rail"
    assert ask.outfits(["never-heard-of"]).outfits == []


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda ask: ask.begin("nowhere", "seen"), "no screen"),
        (lambda ask: ask.begin("lobby", "interests", ["boats"]), "no category"),
        (lambda ask: ask.correct("a" * 22, "not-for-me", "boats"), "no store"),
        (lambda ask: ask.begin("lobby", "everything"), "choice"),
    ],
)
def test_what_is_not_there_is_refused_by_name(ask, call, named):
    with pytest.raises(PromenadeError, match=named):
        call(ask)
