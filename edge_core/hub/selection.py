"""Which products a shop should stock, and on which rack they should hang (ours).

For each product, score = demand x match x lift, each drawn towards what is usual as far as little
is known of it:

- demand: orders from the shop's trade area, a gamma posterior of a Poisson rate whose prior is
  fitted to all products by moments; over their mean.
- match: share of the shop's visitors a department is for, over the same share in the whole chain.
- lift: pieces sold per piece tried on, of the style in the whole chain, a beta posterior; over the
  mean of all styles.

What a score means in pieces a week follows from the shop's own sales: those of what it stocks are
shared out by score. The interval takes demand and lift as independent and log-normal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from statistics import fmean, median, pvariance
from typing import Final, Literal

Do = Literal["add", "more", "keep", "less"]
Confidence = Literal["high", "medium", "low"]

Z80: Final = 1.2816
"""Of an 80 % interval."""
_PRIOR_TRIES: Final = 20.0
_WEEKS_OF_STOCK: Final = 2.0
_LONG_WEEKS: Final = 8.0
_MATCH_LIMITS: Final = (0.5, 2.0)
_SURE: Final = 0.2
_HALF_SURE: Final = 0.45
"""Standard deviations of the score's logarithm."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What is known of one product at one shop.

    Attributes:
        sku, style, department, category: of the catalogue.
        rack: where it hangs in the chain's plan; "" = nowhere told.
        orders: from the shop's trade area; None = nobody told any, so the chain's sales stand in.
        chain_sold: pieces sold in the whole chain.
        style_tried, style_sold: of its style in the whole chain.
        handled, sold: here.
        stock: pieces here; None = unknown.
    """

    sku: str
    style: str
    department: str
    category: str
    rack: str
    orders: int | None
    chain_sold: int
    style_tried: int
    style_sold: int
    handled: int
    sold: int
    stock: int | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about it.

    Attributes:
        score, low, high: 1 = an average product; 80 % interval.
        demand, match, lift: what it is made of.
        weekly: pieces a week expected here.
        pieces: to bring in ("add", "more") or to send back ("less").
        rack: where to hang it; "" = nothing told of racks.
        moved: whether that is another than now.
    """

    offer: Offer
    do: Do
    score: float
    low: float
    high: float
    demand: float
    match: float
    lift: float
    weekly: float
    pieces: int
    confidence: Confidence
    rack: str
    moved: bool


def demands(orders: Sequence[int]) -> list[tuple[float, float]]:
    """Rates over their mean, drawn towards it, and standard deviations of their logarithms."""
    mean = fmean(orders) if orders else 0.0
    if mean == 0:
        return [(1.0, 1.0)] * len(orders)
    between = max(pvariance(orders) - mean, mean * mean * 0.01)
    shape, rate = mean * mean / between, mean / between
    return [((shape + count) / (rate + 1) / mean, 1 / sqrt(shape + count)) for count in orders]


def lifts(tried_sold: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Shares sold of what was tried, over the common one, and deviations of their logarithms."""
    tried, sold = (sum(it[place] for it in tried_sold) for place in (0, 1))
    common = min(0.95, max(0.01, sold / tried)) if tried else 0.3
    found = []
    for tries, sales in tried_sold:
        bought = min(sales, tries)
        share = (bought + _PRIOR_TRIES * common) / (tries + _PRIOR_TRIES)
        deviation = sqrt((1 - share) / (share * (tries + _PRIOR_TRIES)))
        found.append((share / common, deviation))
    return found


def match(here: Mapping[str, float], chain: Mapping[str, float], department: str) -> float:
    """How much more of a department's people come here than to the chain; 1 where not told."""
    if department not in here or not chain.get(department):
        return 1.0
    low, high = _MATCH_LIMITS
    return min(high, max(low, here[department] / chain[department]))


def advise(
    offers: Sequence[Offer],
    here: Mapping[str, float],
    chain: Mapping[str, float],
    attention: Mapping[str, float],
    weeks: float,
) -> list[Advice]:
    """Advice on every product, the highest score first.

    Args:
        offers: all products of the catalogue.
        here: share of this shop's visitors by department.
        chain: the same of the whole chain.
        attention: by rack, how much people see what hangs there.
        weeks: how long `sold` was counted.
    """
    wanted = [it.chain_sold if it.orders is None else it.orders for it in offers]
    rates = demands(wanted)
    sales = lifts([(it.style_tried, it.style_sold) for it in offers])
    scored = []
    for offer, (demand, spread), (lift, unsure) in zip(offers, rates, sales, strict=True):
        fits = match(here, chain, offer.department)
        scored.append(
            (offer, demand, fits, lift, demand * fits * lift, sqrt(spread**2 + unsure**2))
        )
    stocked = [it[4] for it in scored if it[0].stock or it[0].sold]
    usual = median(stocked or [it[4] for it in scored] or [1.0])
    a_week = sum(it.sold for it in offers) / weeks if weeks else 0.0
    per_score = a_week / sum(stocked) if stocked else 0.0
    best = _best_racks(offers, attention)
    advice = []
    for offer, demand, fits, lift, score, deviation in scored:
        low, high = score * exp(-Z80 * deviation), score * exp(Z80 * deviation)
        weekly = score * per_score
        do, pieces = _what(offer, weekly, low, high, usual)
        rack = offer.rack
        if do in ("add", "more", "keep") and low > usual:
            rack = best.get(_kind(offer), rack) if _is_dim(offer, attention, best) else rack
        advice.append(
            Advice(
                offer, do, score, low, high, demand, fits, lift, weekly, pieces,
                _confidence(deviation), rack, rack != offer.rack,
            )
        )  # fmt: skip
    return sorted(advice, key=lambda it: (-it.score, it.offer.sku))


def _what(offer: Offer, weekly: float, low: float, high: float, usual: float) -> tuple[Do, int]:
    want = max(1, round(weekly * _WEEKS_OF_STOCK))
    if not offer.stock:
        return ("add", want) if low > usual else ("keep", 0)
    if weekly and offer.stock < weekly:
        return "more", max(1, want - offer.stock)
    if high < usual and offer.stock > weekly * _LONG_WEEKS:
        return "less", offer.stock - want
    return "keep", 0


def _confidence(deviation: float) -> Confidence:
    if deviation < _SURE:
        return "high"
    return "medium" if deviation < _HALF_SURE else "low"


_Kind = tuple[str, str]


def _kind(offer: Offer) -> _Kind:
    """What hangs together: skirts with skirts, but not among the belts."""
    return offer.department, offer.category


def _best_racks(offers: Sequence[Offer], attention: Mapping[str, float]) -> dict[_Kind, str]:
    """By kind, the rack of its own that is seen most."""
    racks: dict[_Kind, set[str]] = {}
    for offer in offers:
        if offer.rack in attention:
            racks.setdefault(_kind(offer), set()).add(offer.rack)
    return {
        kind: max(sorted(names), key=lambda rack: attention[rack]) for kind, names in racks.items()
    }


def _is_dim(offer: Offer, attention: Mapping[str, float], best: Mapping[_Kind, str]) -> bool:
    """Whether it hangs where people see half as much as where its kind is seen most."""
    top = best.get(_kind(offer))
    if top is None or offer.rack not in attention:
        return False
    return log(max(attention[offer.rack], 1e-9)) < log(max(attention[top], 1e-9) / 2)
