"""What the screens ask about suggestions. Sessions are the service's; a screen holds their id."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from edge_core.service.suggestion_schema import (
    Choice,
    Correction,
    CouponView,
    EndedView,
    ItemSuggestionsView,
    ListView,
    OutfitsView,
    RedemptionsView,
    SessionView,
    StoresView,
    TakeHomeView,
)

AnyView = TypeVar("AnyView", bound=BaseModel)
_PATH: Final = "/v1/suggestions"
Ask = Callable[[str, dict[str, Any], type[Any]], Any]
"""Posts a JSON object to a path and reads the answer as a view."""


class SuggestionCalls:
    """Asks the service for suggestions; use `EdgeClient.suggestions`.

    Every method raises ServiceUnavailableError where the service does not answer, and
    PromenadeError, with what to do, where it refuses: a session that is over, a name it lacks.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def begin(
        self, screen: str, choice: Choice, interests: Sequence[str] = (), text: str = ""
    ) -> SessionView:
        """Begin a session with what a person chose.

        Args:
            screen: id of the screen in site.toml.
            choice: theirs.
            interests: ids of categories, for `interests`.
            text: version of the question that was shown; "" where none was.
        """
        asked = {"screen": screen, "choice": choice, "interests": list(interests), "text": text}
        return self._view("sessions", asked, SessionView)

    def show(self, session: str) -> SessionView:
        """What is used of the person now; keeps the session alive."""
        return self._view("sessions/show", {"session": session}, SessionView)

    def end(self, session: str, *, forget: bool = False) -> EndedView:
        """Wipe a session; with `forget` also all that is known of whoever stands there."""
        return self._view("sessions/end", {"session": session, "forget": forget}, EndedView)

    def stores(self, session: str, limit: int = 8) -> StoresView:
        """Stores, best first, with reasons."""
        return self._view("stores", {"session": session, "limit": limit}, StoresView)

    def correct(self, session: str, kind: Correction, target: str, limit: int = 8) -> StoresView:
        """Say something of a suggestion; answers the stores ranked anew.

        Args:
            session: which.
            kind: what is said.
            target: id of a store, a style or SKU; of a category for `looking-for`.
            limit: at most so many stores.
        """
        asked = {"session": session, "kind": kind, "target": target, "limit": limit}
        return self._view("corrections", asked, StoresView)

    def coupon(self, session: str) -> CouponView:
        """The session's coupon, or none."""
        return self._view("coupon", {"session": session}, CouponView)

    def take_home(
        self, session: str, route: str, title: str = "", language: str = "en"
    ) -> TakeHomeView:
        """The signed text for a QR code.

        Args:
            session: which.
            route: the way in a line.
            title: a line for the shopper; the coupon's own where this is empty.
            language: `en` or `zh`.
        """
        asked = {"session": session, "route": route, "title": title, "language": language}
        return self._view("take-home", asked, TakeHomeView)

    def list_address(
        self,
        tried: Sequence[str],
        looked_at: Sequence[str] = (),
        *,
        session: str | None = None,
        language: str = "en",
    ) -> ListView:
        """Where a phone finds a list; nowhere without a hub for lists.

        Args:
            tried: SKUs that were with the shopper.
            looked_at: SKUs put on the list otherwise.
            session: whose coupon goes along.
            language: `en` or `zh`, of the coupon's title.
        """
        asked = {"tried": list(tried), "looked_at": list(looked_at), "session": session}
        return self._view("list", asked | {"language": language}, ListView)

    def items(
        self, skus: Sequence[str], session: str | None = None, limit: int = 8
    ) -> ItemSuggestionsView:
        """Garments that go with those."""
        asked = {"skus": list(skus), "session": session, "limit": limit}
        return self._view("items", asked, ItemSuggestionsView)

    def outfits(self, skus: Sequence[str], limit: int = 4) -> OutfitsView:
        """Outfits around those garments, in the order they came."""
        return self._view("outfits", {"skus": list(skus), "limit": limit}, OutfitsView)

    def redemptions(self, taken: Sequence[tuple[str, datetime, str]]) -> RedemptionsView:
        """Tell which coupons a till took: text as scanned, aware instant, till."""
        told: list[Mapping[str, str]] = [
            {"text": text, "used_at": used_at.isoformat(), "till": till}
            for text, used_at, till in taken
        ]
        return self._view("redemptions", {"redemptions": told}, RedemptionsView)

    def _view(self, name: str, asked: dict[str, Any], view: type[AnyView]) -> AnyView:
        answer: AnyView = self._ask(f"{_PATH}/{name}", asked, view)
        return answer
