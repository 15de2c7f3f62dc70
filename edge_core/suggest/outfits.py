"""Complete the look: outfits around the garments that somebody has with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Final

from edge_core.suggest.diversity import diverse
from edge_core.suggest.garments import (
    Garment,
    Slot,
    complement,
    looks,
    same_department,
)
from edge_core.suggest.items import one_of_a_style
from edge_core.suggest.reasons import Reason, ReasonCode, strongest
from edge_core.suggest.together import Together

_WITH_DRESS: Final = (Slot.DRESS, Slot.LAYER, Slot.SHOES, Slot.ACCESSORY)
_WITHOUT: Final = (Slot.TOP, Slot.BOTTOM, Slot.LAYER, Slot.SHOES, Slot.ACCESSORY)
_OPTIONS: Final = 5
"""Garments tried for each part; all combinations of them are looked at."""
_CO: Final = 0.25
_LEAST: Final = 0.35
"""A part nothing fits better than this stays empty."""
_UNKNOWN_STOCK: Final = 0.9
_LOOKED_AT: Final = 5
"""So many times as many outfits as asked for are told apart from each other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of an outfit.

    Attributes:
        slot: which part.
        garment: the garment.
        own: whether the person has it already.
    """

    slot: Slot
    garment: Garment
    own: bool


@dataclass(frozen=True, slots=True)
class Outfit:
    """Garments to wear together.

    Attributes:
        pieces: own and added ones, in the order of `Slot`.
        score: 0..1.
        in_stock: every added piece is known to be here.
        reasons: why.
    """

    pieces: tuple[Piece, ...]
    score: float
    in_stock: bool
    reasons: tuple[Reason, ...]


def outfits(
    having: Sequence[Garment], pool: Sequence[Garment], together: Together, most: int = 4
) -> list[Outfit]:
    """Outfits around what somebody has, in stock first, then the best looking, not all alike.

    Args:
        having: garments in hand or tried on; of two for the same part the later one is worn.
        pool: what the shop has.
        together: what was handled together.
        most: at most so many.
    """
    own = worn_together(having)
    if not own:
        return []
    options = [choice for slot in _missing(own) if (choice := _options(slot, own, pool, together))]
    if not options:
        return []
    worth = _worths([*own, *(it for choice in options for it in choice)], together)
    found = [_outfit(own, added, worth, together) for added in _best(own, options, worth, most)]
    stocked = [it for it in found if it.in_stock]
    others = [it for it in found if not it.in_stock]
    first = diverse(stocked, lambda it: it.score, _alike, most)
    return first + diverse(others, lambda it: it.score, _alike, most - len(first))


_Worths = Mapping[tuple[str, str], float]
"""How well two garments go together, by their SKUs in either order."""


def _worths(garments: Sequence[Garment], together: Together) -> _Worths:
    found = {}
    for one, other in combinations(garments, 2):
        worth = compatibility(one, other, together)
        found[one.sku, other.sku] = found[other.sku, one.sku] = worth
    return found


def _best(
    own: Sequence[Garment], options: Sequence[Sequence[Garment]], worth: _Worths, most: int
) -> list[tuple[Garment, ...]]:
    """The best combinations of the options, best first: all in stock, then the others."""
    scored = [
        (
            not all(it.stock for it in added),
            -_score(own, added, worth),
            [it.sku for it in added],
            added,
        )
        for added in product(*options)
    ]
    scored.sort(key=lambda it: it[:3])
    stocked = [it[3] for it in scored if not it[0]]
    return stocked[: most * _LOOKED_AT] + [it[3] for it in scored if it[0]][: most * _LOOKED_AT]


def _score(own: Sequence[Garment], added: Sequence[Garment], worth: _Worths) -> float:
    """Mean and worst of the pairs that the added garments bring."""
    pairs = [worth[one.sku, other.sku] for one, other in combinations(added, 2)]
    pairs += [worth[one.sku, other.sku] for one in own for other in added]
    in_stock = all(it.stock for it in added)
    score = 0.6 * sum(pairs) / len(pairs) + 0.4 * min(pairs)
    return score * (1.0 if in_stock else _UNKNOWN_STOCK)


def worn_together(having: Sequence[Garment]) -> list[Garment]:
    """Of what somebody has, one for each part that can be worn at once; the newest counts."""
    worn: list[Garment] = []
    for garment in reversed(having):
        if garment.slot is None:
            continue
        if all(complement(garment, other) == 1.0 for other in worn) and all(
            same_department(garment, other) for other in worn
        ):
            worn.append(garment)
    return worn[::-1]


def compatibility(one: Garment, other: Garment, together: Together) -> float:
    """How well two garments go together, 0..1: by looks, and by being handled together."""
    co = min(1.0, together.co(one.style, other.style) / 0.5)
    return (1 - _CO) * looks(one, other) + _CO * co


def _missing(own: Sequence[Garment]) -> list[Slot]:
    slots = {garment.slot for garment in own}
    parts = _WITH_DRESS if Slot.DRESS in slots else _WITHOUT
    return [slot for slot in parts if slot not in slots]


def _options(
    slot: Slot, own: Sequence[Garment], pool: Sequence[Garment], together: Together
) -> list[Garment]:
    styles = {garment.style for garment in own}
    fitting = [
        it
        for it in pool
        if it.slot == slot
        and it.style not in styles
        and it.stock != 0
        and all(same_department(it, other) for other in own)
    ]
    scored = [
        (min(compatibility(it, other, together) for other in own), it)
        for it in one_of_a_style(fitting, {garment.size for garment in own})
    ]
    scored = [(worth, it) for worth, it in scored if worth >= _LEAST]
    scored.sort(key=lambda pair: (not pair[1].stock, -pair[0], pair[1].sku))
    return [it for _, it in scored[:_OPTIONS]]


def _outfit(
    own: Sequence[Garment], added: Sequence[Garment], worth: _Worths, together: Together
) -> Outfit:
    parts = [Piece(it.slot, it, True) for it in own if it.slot] + [
        Piece(it.slot, it, False) for it in added if it.slot
    ]
    order = list(Slot)
    pieces = tuple(sorted(parts, key=lambda piece: order.index(piece.slot)))
    in_stock = all(it.stock for it in added)
    return Outfit(pieces, _score(own, added, worth), in_stock, _reasons(own, added, together))


def _reasons(
    own: Sequence[Garment], added: Sequence[Garment], together: Together
) -> tuple[Reason, ...]:
    told = []
    for garment in own:
        co = max(together.co(garment.style, it.style) for it in added)
        seen = sum(looks(garment, it) for it in added) / len(added)
        told.append((Reason(ReasonCode.TRIED_TOGETHER, {"sku": garment.sku}), 2 * co - 0.2))
        told.append((Reason(ReasonCode.COLOURS, {"sku": garment.sku}), seen - 0.5))
    return strongest(told, 2)


def _alike(one: Outfit, other: Outfit) -> float:
    """Share of the added styles that two outfits have in common."""
    mine = {piece.garment.style for piece in one.pieces if not piece.own}
    theirs = {piece.garment.style for piece in other.pieces if not piece.own}
    return len(mine & theirs) / max(len(mine | theirs), 1)
