"""Simulated shoppers with hidden tastes, for judging suggestions.

The model is not the recommender's: tastes are points in a latent space of six dimensions, drawn
from a few loose crowds; somebody likes what lies near, within a budget, and goes from one garment
to one for another part of the body. What is in fashion drifts, and new styles come in. The
recommender sees none of it: only what is handled, and of people only what an erring camera tells.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.suggest.garments import Garment
from edge_core.types import Float64Array, Int64Array, Traits

DAYS: Final = 28
TRAIN_DAYS: Final = 21
_DIMENSIONS: Final = 6
_CROWDS: Final = 5
_LOOSE: Final = 0.75
"""Spread of tastes within a crowd; crowds' centres spread 1."""
_SHARP: Final = 0.9
"""How much nearer is better: weight of the squared distance."""
_DRIFT: Final = 0.03
"""What is in fashion moves this far a day in each dimension."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One simulated visit.

    Attributes:
        day: from 0.
        hour: of the day.
        things: what was handled, or the stores that were entered, in order, each once.
        traits: what a camera would tell; None where it tells nothing.
        favourite: the group of things the person likes best: what they would choose themselves.
    """

    day: int
    hour: int
    things: tuple[int, ...]
    traits: Traits | None = None
    favourite: int = 0


@dataclass(frozen=True, slots=True)
class Tastes:
    """Who comes.

    Attributes:
        centres: float64 (C, D), the crowds' tastes.
        female, young: float64 (C,), share of women and of people under 35 in each crowd.
    """

    centres: Float64Array
    female: Float64Array
    young: Float64Array

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> "Tastes":
        """Crowds that differ in taste, and a little in who they are."""
        return cls(
            rng.normal(size=(_CROWDS, _DIMENSIONS)),
            rng.uniform(0.1, 0.9, _CROWDS),
            rng.uniform(0.1, 0.9, _CROWDS),
        )

    def person(self, rng: np.random.Generator) -> tuple[Float64Array, Traits | None]:
        """Somebody's taste, float64 (D,), and what a camera tells of them.

        The camera errs as the shipped face model does: gender wrong for a twentieth, age by a
        normal error of 7.5 years, and nothing told of a fifth.
        """
        crowd = int(rng.integers(_CROWDS))
        taste = self.centres[crowd] + rng.normal(0, _LOOSE, _DIMENSIONS)
        woman = rng.random() < self.female[crowd]
        age = rng.uniform(18, 35) if rng.random() < self.young[crowd] else rng.uniform(35, 75)
        if rng.random() < 0.2:
            return taste, None
        seen = woman if rng.random() < 0.95 else not woman
        told_age = float(np.clip(age + rng.normal(0, 7.5), 18, 85))
        return taste, Traits(1, {"female": 0.95 if seen else 0.05}, told_age)


def garments(rng: np.random.Generator, count: int) -> list[Garment]:
    """Styles whose category and colour say nothing of who will like them."""
    categories = (
        "shirt", "blouse", "top", "knit", "sweat", "trousers", "jeans", "skirt", "dress", "coat",
        "jacket", "blazer", "shoes", "boots", "sneakers", "scarf", "bag", "hat",
    )  # fmt: skip
    return [
        Garment(
            sku=f"g{place}",
            style=f"g{place}",
            category=categories[int(rng.integers(len(categories)))],
            tint="#" + "".join(f"{int(part):02x}" for part in rng.integers(20, 236, 3)),
            stock=5,
        )
        for place in range(count)
    ]


def garment_visits(
    rng: np.random.Generator, styles: list[Garment], per_day: int
) -> tuple[list[Visit], Int64Array]:
    """Visits to a shop, and the day on which each style came in: int64 (N,).

    A tenth of the styles comes in during the four weeks. People take what they like and can pay,
    rather for another part of the body than what they have just had in hand.
    """
    tastes, count = Tastes.drawn(rng), len(styles)
    place = rng.normal(size=(count, _DIMENSIONS))
    fame = rng.normal(0, 0.7, count)
    price = rng.lognormal(4.0, 0.5, count)
    came_in = np.where(rng.random(count) < 0.1, rng.integers(1, DAYS, count), 0)
    slots = np.array([list(type(it.slot)).index(it.slot) for it in styles if it.slot])
    fashion, visits = np.zeros(_DIMENSIONS), []
    for day in range(DAYS):
        fashion = fashion + rng.normal(0, _DRIFT, _DIMENSIONS)
        for _ in range(per_day):
            taste, _ = tastes.person(rng)
            budget = rng.lognormal(4.6, 0.5)
            liking = -_SHARP * ((place - taste - fashion) ** 2).sum(axis=1) + fame
            liking -= 1.5 * np.maximum(0, np.log(price / budget))
            liking[came_in > day] = -np.inf
            things = _walk(rng, liking, slots, int(rng.integers(4, 10)))
            visits.append(Visit(day, int(rng.integers(10, 21)), things))
    return visits, came_in


def _walk(
    rng: np.random.Generator, liking: Float64Array, slots: Int64Array, steps: int
) -> tuple[int, ...]:
    left, taken = liking.copy(), list[int]()
    for _ in range(steps):
        again = slots == slots[taken[-1]] if taken else np.zeros(len(left), bool)
        taken.append(_drawn(rng, left - 0.8 * again))
        left[taken[-1]] = -np.inf
    return tuple(taken)


def store_visits(
    rng: np.random.Generator, categories: Int64Array, walk_s: Float64Array, per_day: int
) -> list[Visit]:
    """Visits to a mall: a few stores each, by taste, fame, hour and way.

    Args:
        rng: source of chance.
        categories: int64 (N,), of each store; stores of one category please similar people.
        walk_s: float64 (N,), from the kiosk.
        per_day: visits.
    """
    tastes, count = Tastes.drawn(rng), len(categories)
    groups = rng.normal(size=(int(categories.max()) + 1, _DIMENSIONS))
    place = 0.8 * groups[categories] + 0.6 * rng.normal(size=(count, _DIMENSIONS))
    fame, peak = rng.normal(0, 0.9, count), rng.uniform(10, 21, count)
    visits = []
    for day in range(DAYS):
        for _ in range(per_day):
            taste, traits = tastes.person(rng)
            hour = int(rng.integers(10, 21))
            liking = -0.5 * ((place - taste) ** 2).sum(axis=1) + fame - walk_s / 240
            liking -= ((peak - hour) / 6) ** 2
            things = _drawn_many(rng, liking, int(rng.integers(2, 7)))
            favourite = int(((groups - taste) ** 2).sum(axis=1).argmin())
            visits.append(Visit(day, hour, things, traits, favourite))
    return visits


def _drawn_many(rng: np.random.Generator, liking: Float64Array, count: int) -> tuple[int, ...]:
    left, taken = liking.copy(), list[int]()
    for _ in range(count):
        taken.append(_drawn(rng, left))
        left[taken[-1]] = -np.inf
    return tuple(taken)


def _drawn(rng: np.random.Generator, liking: Float64Array) -> int:
    """One of them with odds e^liking (Gumbel's trick)."""
    return int((liking + rng.gumbel(size=len(liking))).argmax())
