"""Which garments to show beside those in hand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from edge_core.suggest.corrections import Corrections
from edge_core.suggest.diversity import diverse
from edge_core.suggest.garments import Garment, complement, likeness, looks, same_department
from edge_core.suggest.reasons import Reason, ReasonCode, strongest
from edge_core.suggest.together import Together

_CO: Final = 0.5
_FIT: Final = 0.3
_POPULAR: Final = 0.2
_LEAST_TOP: Final = 0.2
"""Co-statistics below this are not blown up to 1: in a new shop they are chance."""
_GOOD: Final = 0.7
_NOTABLE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ItemSuggestion:
    """A garment and why."""

    garment: Garment
    score: float
    reasons: tuple[Reason, ...]


def rank_items(
    having: Sequence[Garment],
    pool: Sequence[Garment],
    together: Together,
    corrections: Corrections = Corrections(),  # noqa: B008  # frozen
    most: int = 10,
) -> list[ItemSuggestion]:
    """Garments that go with those in hand, one of a style, best first, not all alike.

    Score: .5 co + .3 looks x complement + .2 popularity, each in 0..1, then MMR; co is the mean
    over what is in hand. With nothing in hand, or nothing known of it, what is popular. What is
    sold out is left out.

    Args:
        having: the garments in hand or tried on.
        pool: what the shop has; sizes of a style in the order they should be offered.
        together: what was handled together.
        corrections: what the person said.
        most: at most so many.
    """
    hidden = {it.style for it in having} | corrections.rejected
    offered = one_of_a_style(
        [it for it in pool if it.style not in hidden and it.stock != 0 and _sold_to(it, having)],
        {it.size for it in having},
    )
    scored = _scored(having, offered, together)
    disliked = [it for it in pool if it.style in corrections.less_like]
    lowered = [
        ItemSuggestion(it.garment, it.score * (1 - _most_like(it.garment, disliked)), it.reasons)
        for it in scored
    ]
    lowered.sort(key=lambda it: (-it.score, it.garment.sku))
    return diverse(lowered, lambda it: it.score, _alike, most)


def one_of_a_style(pool: Sequence[Garment], sizes: Collection[str]) -> list[Garment]:
    """One garment a style: in stock rather than not known to be, in one of `sizes` if there is."""
    best: dict[str, Garment] = {}

    def order(garment: Garment) -> tuple[bool, bool]:
        return (not garment.stock, garment.size not in sizes)

    for garment in pool:
        kept = best.get(garment.style)
        if kept is None or order(garment) < order(kept):
            best[garment.style] = garment
    return list(best.values())


def _scored(
    having: Sequence[Garment], offered: Sequence[Garment], together: Together
) -> list[ItemSuggestion]:
    if not offered:
        return []
    popularity = {it.style: together.popularity(it.style) for it in offered}
    loved = max(popularity.values()) or 1.0
    co = {it.style: _mean_co(it, having, together) for it in offered}
    top = max(_LEAST_TOP / max(len(having), 1), *co.values())
    found = []
    for garment in offered:
        terms = [(Reason(ReasonCode.POPULAR), _POPULAR * popularity[garment.style] / loved)]
        if having:
            terms += _with_own(garment, having, together, top)
        score = sum(worth for _, worth in terms)
        told = [(reason, worth) for reason, worth in terms if worth >= _NOTABLE]
        reasons = strongest(told, 2) + stock_reasons(garment)
        found.append(ItemSuggestion(garment, score, reasons))
    return found


def _with_own(
    garment: Garment, having: Sequence[Garment], together: Together, top: float
) -> list[tuple[Reason, float]]:
    tried = max(having, key=lambda own: together.co(garment.style, own.style))
    seen = max(having, key=lambda own: looks(garment, own) * complement(garment, own))
    fits = looks(garment, seen) * complement(garment, seen)
    code = ReasonCode.COLOURS if looks(garment, seen) >= _GOOD else ReasonCode.GOES_WITH
    return [
        (
            Reason(ReasonCode.TRIED_TOGETHER, {"sku": tried.sku}),
            _CO * _mean_co(garment, having, together) / top,
        ),
        (Reason(code, {"sku": seen.sku}), _FIT * fits),
    ]


def _mean_co(garment: Garment, having: Sequence[Garment], together: Together) -> float:
    """How much a garment is handled with those in hand, over all of them."""
    if not having:
        return 0.0
    return sum(together.co(garment.style, own.style) for own in having) / len(having)


def stock_reasons(garment: Garment) -> tuple[Reason, ...]:
    """That it is in stock and where it hangs, where that is known."""
    if not garment.stock:
        return ()
    return (Reason(ReasonCode.IN_STOCK, {"rack": garment.rack}),)


def _sold_to(garment: Garment, having: Sequence[Garment]) -> bool:
    return not having or any(same_department(garment, own) for own in having)


def _most_like(garment: Garment, others: Sequence[Garment]) -> float:
    return max((likeness(garment, other) for other in others), default=0.0)


def _alike(one: ItemSuggestion, other: ItemSuggestion) -> float:
    return likeness(one.garment, other.garment)
