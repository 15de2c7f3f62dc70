"""What goes together in visits: garments handled, or stores entered, alone and in pairs."""

from collections import Counter
from collections.abc import Collection
from math import log, sqrt
from typing import Final

_DAMPING: Final = 10.0
_PRIOR_VISITS: Final = 20.0
_SMOOTHING: Final = 50.0


class Together:
    """Counts visits by style (or store) and by pair of them.

    A visit counts a style once, however often it was in hand. No visit is kept, only sums.
    """

    def __init__(self) -> None:
        self.visits = 0
        self._alone: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._since: dict[str, int] = {}
        self._partners: dict[str, set[str]] = {}

    def learn(self, styles: Collection[str]) -> None:
        """A visit handled these."""
        handled = sorted(set(styles))
        for style in handled:
            self._since.setdefault(style, self.visits)
        self.visits += 1
        self._alone.update(handled)
        for place, one in enumerate(handled):
            for other in handled[place + 1 :]:
                self._pairs[one, other] += 1
                self._partners.setdefault(one, set()).add(other)
                self._partners.setdefault(other, set()).add(one)

    def hang(self, style: str) -> None:
        """A style is in the shop from now on, though nobody has handled it yet."""
        self._since.setdefault(style, self.visits)

    def co(self, one: str, other: str) -> float:
        """n_ij / (sqrt(n_i n_j) + 10): 0 for strangers, towards 1 for what is always together."""
        pair = self._pairs[(one, other) if one < other else (other, one)]
        return pair / (sqrt(self._alone[one] * self._alone[other]) + _DAMPING)

    def information(self, one: str, other: str) -> float:
        """ln[P(one|other)/P(one)], smoothed towards 0 with 50 visits; 0 while nothing is known."""
        alone = self._alone[one]
        if not alone or not self.visits:
            return 0.0
        share = alone / self.visits
        together = self.count(one, other) + _SMOOTHING * share
        return log(together / (self._alone[other] + _SMOOTHING) / share)

    def count(self, one: str, other: str) -> int:
        """Visits that handled both."""
        return self._pairs[(one, other) if one < other else (other, one)]

    def partners(self, style: str) -> frozenset[str]:
        """Styles that were ever handled together with this one."""
        return frozenset(self._partners.get(style, ()))

    def popularity(self, style: str) -> float:
        """Share (0..1) of visits that handle it since it hangs here, shrunk towards the mean.

        A style nobody could know yet is taken for an average one, not for an unloved one.
        """
        mean = self._mean()
        seen = self.visits - self._since.get(style, self.visits)
        return (self._alone[style] + _PRIOR_VISITS * mean) / (seen + _PRIOR_VISITS)

    def _mean(self) -> float:
        if not self._since or not self.visits:
            return 0.0
        looks = sum(self.visits - since for since in self._since.values())
        return sum(self._alone.values()) / max(looks, 1)
