"""Suggestions for one site: sessions of screens, and what each is told.

The rule of consent is held here, not in the screens: every question is judged anew by who stands
before the screen at that moment. A session lives in memory and ends by itself; nothing of a profile
is logged, and what is kept of a decision about a coupon holds no attribute of anybody.
"""

import secrets
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from edge_core.clock import Clock
from edge_core.config import Products, SiteConfig
from edge_core.config.base import polygon_area_m2
from edge_core.ledger import LedgerReader
from edge_core.service.before_screen import BeforeScreen
from edge_core.service.catalogue_views import stock_here
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.coupon_offers import CouponOffers
from edge_core.service.forgetting import Forget
from edge_core.service.garments import garment_of, in_order
from edge_core.service.guide import Guide
from edge_core.service.lists import ListMaker, list_coupon
from edge_core.service.parts import Parts
from edge_core.service.schema import LiveView
from edge_core.service.sessions import Session, Sessions
from edge_core.service.store_facts import StoreGuide
from edge_core.service.views import utc_from_ns
from edge_core.service.visit_notes import VisitNotes
from edge_core.suggest.corrections import CorrectionKind, Corrections
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.garments import Garment
from edge_core.suggest.items import ItemSuggestion, rank_items
from edge_core.suggest.list_link import ListCoupon
from edge_core.suggest.outfits import Outfit, outfits
from edge_core.suggest.profiles import Choice, LiveProfile, make_profile
from edge_core.suggest.stores import StoreSuggestion, rank_stores
from edge_core.suggest.take_home import CouponOffer, TakeHome, read, shortened, sign, valid_offer
from edge_core.suggest.together import Together
from edge_core.types import Event, EventKind, Traits

_FULL_M2: Final = 12.0
_HISTORY: Final = 20_000


class UnknownNameError(ValueError):
    """A question names something that the site does not have."""


class Suggestions:
    """Answers the screens; may be called from any thread.

    Args:
        site: the site's settings.
        parts: stores, coupons, products and the key.
        clock: the clocks.
        live: tells everybody in view now.
        guide: tells what is closed now, and how far the stores are from each screen.
        forget: deletes all that the service knows of people in view.
        keep: makes events durable.
        history: the log, to go on from; read once.
        count_choice: counts a choice by instant, screen, version of the question and what it was.
        rng: source of chance for decisions; never of secrets.

    Attributes:
        guide: the stores.
        coupons: the coupons.
    """

    def __init__(
        self,
        site: SiteConfig,
        parts: Parts,
        *,
        clock: Clock,
        live: Callable[[], LiveView],
        guide: Callable[[], Guide],
        forget: Forget,
        keep: Callable[[Sequence[Event]], int],
        history: LedgerReader,
        rng: Random,
        count_choice: Callable[[int, str, str, str], None],
    ) -> None:
        self._count_choice = count_choice
        self._site = site
        self._personal = site.privacy.allows("personal-suggestions")
        self._lists = ListMaker(site, parts.products, parts.lists_key, clock)
        self._clock, self._live, self._keep = clock, live, keep
        self._forget = forget
        self._zone = ZoneInfo(site.site.timezone)
        self._area_m2 = sum(polygon_area_m2(floor.outline_m) for floor in site.floors)
        self._before = {screen.id: BeforeScreen(site, screen) for screen in site.screens}
        self.guide = StoreGuide(site, parts.directory, parts.offers, guide)
        self.coupons = CouponOffers(site, parts, self.guide, self._log, rng)
        self._notes = VisitNotes(self.guide.store_of_zone)
        self._together, self._entered = Together(), Together()
        self._history = history
        self._products = in_order(parts.products)
        self._by_sku = {product.sku: garment_of(product) for product in self._products}
        for garment in self._by_sku.values():
            self._together.hang(garment.style)
        self._sessions = Sessions(clock)
        self._turn = threading.Lock()
        self._go_on_from(history)

    def take_stock(self, products: Products) -> None:
        """The same products with other stock."""
        with self._turn:
            self._products = in_order(products)

    def see(self, live: LiveView) -> None:
        """Everybody in view now; told by the core process."""
        with self._turn:
            people = live.people if self._personal else ()
            self._notes.see(people, self._clock.monotonic_ns())
            self._sessions.wipe_idle()

    def tell(self, number: int, traits: Traits) -> None:
        """What vision tells of somebody in view so far; used only by their choice."""
        with self._turn:
            if self._personal:
                self._notes.tell(number, traits)

    def handle(self, events: Sequence[Event]) -> None:
        """What happened to garments, and which visits ended; told by the core process."""
        with self._turn:
            for event in events:
                self._notes.handle(event)
                self._learn_stores(event)
            self._learn_visits(self._clock.utc_ns())

    def begin(self, screen: str, choice: Choice, interests: Sequence[str], text: str = "") -> str:
        """Begin a session; returns its id.

        The choice is counted by the hour, with the version of the question, and nothing else.

        Raises:
            UnknownNameError: no such screen or category.
        """
        if screen not in self._before:
            raise UnknownNameError(f"the site has no screen `{screen}`")
        unknown = [it for it in interests if it not in self.guide.categories]
        if unknown:
            raise UnknownNameError(f"the directory has no category `{unknown[0]}`")
        with self._turn:
            if not self._personal and choice is Choice.SEEN:
                choice = Choice.NO_THANKS  # the site's policy has the function off
            before = self._numbers_before(screen)
            chose = before[0] if choice is Choice.SEEN and len(before) == 1 else None
            session_id = self._sessions.begin(screen, choice, interests, chose)
        self._count_choice(self._clock.utc_ns(), screen, text, str(choice))
        return session_id

    def end(self, session_id: str) -> bool:
        """Wipe a session; whether there was one."""
        with self._turn:
            return self._sessions.end(session_id) is not None

    def forget(self, session_id: str) -> Forgotten:
        """Wipe a session, and delete all that the service knows of whoever stands at its screen.

        Nobody can tell which of several people asks, so all who stand there are forgotten, and who
        chose in this session wherever they are.

        Raises:
            ServiceUnavailableError: it was not done yet.
        """
        with self._turn:
            session = self._sessions.end(session_id)
            if session is None:
                return Forgotten()
            numbers = set(self._numbers_before(session.screen))
            if session.chose is not None:
                numbers.add(session.chose)
        deleted = self._forget(sorted(numbers))  # notes made meanwhile go too
        with self._turn:
            for number in numbers:
                self._notes.forget(number)
        return deleted

    def profile(self, session_id: str) -> tuple[Choice, LiveProfile]:
        """What is used of the person now. Raises SessionOverError."""
        with self._turn:
            session = self._sessions.of(session_id)
            return session.choice, self._profile(session)

    def stores(self, session_id: str) -> tuple[LiveProfile, list[StoreSuggestion]]:
        """Stores, best first, and the profile behind them. Raises SessionOverError."""
        with self._turn:
            session = self._sessions.of(session_id)
            profile = self._profile(session)
            facts = self.guide.facts(session.screen, self._now(), self._live().by_zone)
            return profile, rank_stores(facts, profile, session.corrections, self._entered)

    def correct(self, session_id: str, kind: CorrectionKind, target: str) -> None:
        """A person says something of a suggestion.

        Raises:
            SessionOverError: the session is over.
            UnknownNameError: no such store, garment or category.
        """
        if kind is CorrectionKind.LOOKING_FOR:
            if target and target not in self.guide.categories:
                raise UnknownNameError(f"the directory has no category `{target}`")
        else:
            target = self._known(target)
        with self._turn:
            session = self._sessions.of(session_id)
            session.corrections = session.corrections.add(kind, target)
            screen = session.screen
        data = {"correction": str(kind), "target": target}
        self._log(EventKind.CORRECTION, secrets.token_urlsafe(12), screen, data)

    def coupon(self, session_id: str) -> tuple[Coupon, datetime] | None:
        """The session's coupon and when it expires; decided once. Raises SessionOverError."""
        held = self._held(session_id)
        return None if held is None else held[:2]

    def take_home(
        self, session_id: str, route: str, title: str, language: str
    ) -> tuple[str, tuple[Coupon, datetime] | None]:
        """The text of a QR code, and the coupon in it.

        Raises:
            SessionOverError: the session is over.
            UnknownNameError: the site has no directory, so nothing is signed.
        """
        if self.coupons.key is None:
            raise UnknownNameError("this site has no `directory`, so no routes and no coupons")
        held = self._held(session_id)
        offer = None
        if held is not None:
            coupon, expires, nonce = held
            offer = CouponOffer(coupon.id, self.coupons.value(coupon), expires, nonce)
            title = title or self.coupons.title(coupon.id, language)
        content = TakeHome(self._site.site.id, shortened(title), shortened(route), offer)
        return sign(content, self.coupons.key), None if held is None else held[:2]

    def list_address(
        self,
        tried: Sequence[str],
        looked_at: Sequence[str],
        session_id: str | None,
        language: str,
    ) -> tuple[str, datetime] | None:
        """Where a phone finds a list, and until when; None where phones reach no hub.

        With a session its coupon goes along, where the site has any; decided once a session.

        Raises:
            SessionOverError: the session is over.
        """

        def coupon() -> ListCoupon | None:
            key = self.coupons.key
            if session_id is None or key is None or not self.coupons.has_any:
                return None
            held = self._held(session_id)
            if held is None:
                return None
            offered, expires, nonce = held
            title = self.coupons.title(offered.id, language)
            told = self.coupons.value(offered)
            return list_coupon(self._site.site.id, offered, told, title, expires, nonce, key)

        return self._lists.address(tried, looked_at, coupon)

    def items(self, skus: Sequence[str], session_id: str | None, most: int) -> list[ItemSuggestion]:
        """Garments that go with those. Raises SessionOverError."""
        having = self._garments(skus)
        with self._turn:
            said = self._sessions.of(session_id).corrections if session_id else Corrections()
            self._learn_visits(self._clock.utc_ns())
            return rank_items(having, self._pool(), self._together, said, most)

    def outfits(self, skus: Sequence[str], most: int) -> list[Outfit]:
        """Outfits around those garments."""
        having = self._garments(skus)
        with self._turn:
            return outfits(having, self._pool(), self._together, most)

    def redeemed(self, text: str, used_at: datetime, till: str) -> bool:
        """A till took a coupon; returns whether that was new.

        Raises:
            CouponRefusedError: it is none of ours, or was expired then.
            UnknownNameError: the site has no directory.
        """
        if self.coupons.key is None:
            raise UnknownNameError("this site has no `directory`, so no coupons")
        content = read(text, self._site.site.id, self.coupons.key.public_key())
        offer = valid_offer(content, used_at)
        data = {"coupon": offer.coupon, "nonce": offer.nonce, "till": till}
        new = self._log(EventKind.REDEMPTION, offer.nonce, "", data) > 0
        if new:
            with self._turn:
                self.coupons.book.redeem(offer.nonce)
        return new

    def _pool(self) -> list[Garment]:
        """What the shop has, with what is left of it now."""
        now_ns = self._clock.utc_ns()
        stock = stock_here(self._history, self._zone, self._products, now_ns)
        return [garment_of(product, stock[product.sku]) for product in self._products]

    def _held(self, session_id: str) -> tuple[Coupon, datetime, str] | None:
        """The session's coupon, when it expires, and its nonce; decided once."""
        with self._turn:
            session = self._sessions.of(session_id)
            offered = session.offered
            if offered is None:
                behaviour = self._profile(session).behaviour
                offered = self.coupons.decide(session, behaviour, self._now())
            nonce = session.nonce
        if offered.coupon is None or offered.expires_utc is None:
            return None
        return offered.coupon, offered.expires_utc, nonce

    def _profile(self, session: Session) -> LiveProfile:
        now = self._now()
        people = self._live().people
        before = [
            self._notes.onlooker(number) for number in self._before[session.screen].numbers(people)
        ]
        crowd = min(1.0, len(people) * _FULL_M2 / self._area_m2) if self._area_m2 else 0.0
        return make_profile(
            session.choice,
            session.interests,
            before,
            session.chose,
            hour=now.hour,
            weekend=now.weekday() >= 5,
            crowd=crowd,
        )

    def _numbers_before(self, screen: str) -> list[int]:
        return self._before[screen].numbers(self._live().people)

    def _known(self, target: str) -> str:
        """Id of a store, or the style of a garment."""
        if target in self.guide.stores:
            return target
        if target in self._by_sku:
            return self._by_sku[target].style
        if any(garment.style == target for garment in self._by_sku.values()):
            return target
        raise UnknownNameError(f"there is no store and no garment `{target}`")

    def _garments(self, skus: Sequence[str]) -> list[Garment]:
        return [self._by_sku[sku] for sku in skus if sku in self._by_sku]

    def _learn_visits(self, utc_ns: int) -> None:
        for skus in self._notes.over(utc_ns):
            self._together.learn({it.style for it in self._garments(sorted(skus))})

    def _learn_stores(self, event: Event) -> None:
        if event.kind is EventKind.VISIT and not event.data["staff"]:
            zones = [zone for zone, _ in event.data["zones"]]
            known = self.guide.store_of_zone
            self._entered.learn({known[zone] for zone in zones if zone in known})

    def _now(self) -> datetime:
        return utc_from_ns(self._clock.utc_ns()).astimezone(self._zone)

    def _log(self, kind: EventKind, key: str, place: str, data: dict[str, Any]) -> int:
        now_ns = self._clock.utc_ns()
        return self._keep(
            [Event(f"{kind}/{key}", kind, now_ns, self._clock.monotonic_ns(), "", place, data)]
        )

    def _go_on_from(self, history: LedgerReader) -> None:
        """Learn anew from the log what was known before a restart."""
        self.coupons.go_on_from(history, _HISTORY, self._now())
        for stored in reversed(history.newest_of(EventKind.VISIT, _HISTORY)):
            self._learn_stores(stored.event)
        for stored in reversed(history.newest_of(EventKind.ITEM, _HISTORY)):
            self._notes.handle(stored.event)
            self._learn_visits(stored.event.utc_ns)
