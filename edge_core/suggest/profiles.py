"""What is known of somebody before a screen, for as long as they stand there.

Never an identity. What a camera estimates is used only after the person's choice on the screen,
only while nobody else stands there, and never of somebody who may be a child.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import erf, sqrt
from types import MappingProxyType
from typing import Final

from edge_core.types import Traits

AGE: Final = "age"
GENDER: Final = "gender"
ADULT_BANDS: Final = ((18, "18-34"), (35, "35-54"), (55, "55+"))
"""First year and label; the bands demographics are counted in, without children."""
_ADULT_YEARS: Final = 18.0
_AGE_ERROR_YEARS: Final = 7.5
"""Standard deviation that goes with the face model's mean error of 6.0 years."""
_SURELY_ADULT_YEARS: Final = _ADULT_YEARS + _AGE_ERROR_YEARS

Posterior = Mapping[str, Mapping[str, float]]
"""By attribute (`age`, `gender`) the probability of each label; what was not told is not in it."""
NOTHING: Final[Posterior] = MappingProxyType({})


class Choice(StrEnum):
    """What a person chose on the screen."""

    SEEN = "seen"
    """Use what this screen sees."""
    INTERESTS = "interests"
    """Choose for myself."""
    NO_THANKS = "no-thanks"


class WhyNot(StrEnum):
    """Why nothing personal is used."""

    NOT_CHOSEN = "not-chosen"
    NOBODY = "nobody"
    SEVERAL_PEOPLE = "several-people"
    MAY_BE_CHILD = "may-be-child"
    SOMEBODY_ELSE = "somebody-else"
    """Not who chose, or nobody knows who did."""


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody before a screen.

    Attributes:
        number: random number that lives while this person is followed.
        traits: what vision tells of them, or None.
        stores: ids of stores they were in during this visit, newest last.
        touched, tried, kept: SKUs of this visit.
    """

    number: int
    traits: Traits | None = None
    stores: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What somebody chose and did, without any attribute: all that a coupon may depend on.

    Attributes:
        interests: categories chosen on the screen.
        stores, touched, tried, kept: see `Onlooker`; empty where nothing personal may be used.
        hour: hour of the day at the site.
        weekend: Saturday or Sunday.
        crowd: how full the place is, 0..1.
    """

    interests: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    hour: int = 12
    weekend: bool = False
    crowd: float = 0.5


@dataclass(frozen=True, slots=True)
class LiveProfile:
    """All that a suggestion may depend on.

    Attributes:
        behaviour: what was chosen and done.
        attributes: the posterior; empty where nothing personal may be used.
        why_not: why nothing personal is used; None where it is.
    """

    behaviour: Behaviour
    attributes: Posterior
    why_not: WhyNot | None


def refusal(choice: Choice, before: Sequence[Onlooker], chose: int | None) -> WhyNot | None:
    """Why nothing personal may be used now; None where it may.

    Args:
        choice: the person's.
        before: everybody within reach of the screen.
        chose: number of who stood there alone when the choice was made; None where nobody did, for
            then nobody can tell whose choice it was.
    """
    if choice is not Choice.SEEN:
        return WhyNot.NOT_CHOSEN
    if not before:
        return WhyNot.NOBODY
    if len(before) > 1:
        return WhyNot.SEVERAL_PEOPLE
    if before[0].number != chose:
        return WhyNot.SOMEBODY_ELSE
    if may_be_child(before[0].traits):
        return WhyNot.MAY_BE_CHILD
    return None


def make_profile(
    choice: Choice,
    interests: Sequence[str],
    before: Sequence[Onlooker],
    chose: int | None,
    *,
    hour: int,
    weekend: bool,
    crowd: float,
) -> LiveProfile:
    """The profile of this moment; made anew for every question and never kept.

    Args:
        choice: see `refusal`.
        interests: categories chosen on the screen; used whatever else is.
        before: see `refusal`.
        chose: see `refusal`.
        hour: see `Behaviour`.
        weekend: see `Behaviour`.
        crowd: see `Behaviour`.
    """
    why_not = refusal(choice, before, chose)
    chosen = tuple(dict.fromkeys(interests))
    if why_not is not None:
        behaviour = Behaviour(chosen, hour=hour, weekend=weekend, crowd=crowd)
        return LiveProfile(behaviour, NOTHING, why_not)
    who = before[0]
    behaviour = Behaviour(
        chosen, who.stores, who.touched, who.tried, who.kept, hour, weekend, crowd
    )
    return LiveProfile(behaviour, posterior(who.traits), None)


def may_be_child(traits: Traits | None) -> bool:
    """Whether somebody is judged a child, or may be one by what is told of their age.

    Vision tells the gender presentation only of who it takes for grown up; without it, an age
    within the estimator's error of eighteen is no proof.
    """
    if traits is None or traits.age_years is None:
        return False
    told_adult = "female" in traits.probability
    return traits.age_years < (_ADULT_YEARS if told_adult else _SURELY_ADULT_YEARS)


def posterior(traits: Traits | None) -> Posterior:
    """Probabilities of an adult's age band and gender presentation; empty where nothing is told.

    The estimated age is taken for the mean of a normal distribution as wide as the estimator's
    error, cut off below eighteen.
    """
    if traits is None or may_be_child(traits):
        return NOTHING
    told: dict[str, Mapping[str, float]] = {}
    if traits.age_years is not None:
        told[AGE] = _age_bands(traits.age_years)
    p_female = traits.probability.get("female")
    if p_female is not None and traits.age_years is not None:
        told[GENDER] = {"female": p_female, "male": 1.0 - p_female}
    return told


def _age_bands(age_years: float) -> dict[str, float]:
    starts = [float(start) for start, _ in ADULT_BANDS]
    below = [_normal_cdf((edge - age_years) / _AGE_ERROR_YEARS) for edge in starts] + [1.0]
    whole = 1.0 - below[0]
    if whole < 1e-9:  # so far below eighteen that only rounding is left
        return {label: float(place == 0) for place, (_, label) in enumerate(ADULT_BANDS)}
    return {
        label: (below[place + 1] - below[place]) / whole
        for place, (_, label) in enumerate(ADULT_BANDS)
    }


def _normal_cdf(z: float) -> float:
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))
