"""What coupons earn beyond what would have been earned without, on simulated shoppers.

Our book of coupons runs as in the service, with exploration, holdout, budgets and pacing; beside it
run a uniform policy and one that offers nothing, to the same people. What each would have done is
known, so uplift is told truly; what a shop could tell, its holdout's estimate and the off-policy
estimates, is told beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.coupon_world import CLOSES_H, OPENS_H, CouponWorld, Guest
from edge_core.bench.ranking import Interval, difference_interval, mean_interval
from edge_core.suggest.bandit import NO_COUPON, DecisionKind
from edge_core.suggest.coupon_book import TILLS_TELL_WITHIN, CouponBook
from edge_core.suggest.off_policy import LoggedDecisions, ips, snips

_DAYS: Final = 42
_PER_DAY: Final = 120
_LATE_DAY: Final = 28
"""From this day on what was learnt is judged."""
_CAP: Final = 20.0


@dataclass(slots=True)
class _Run:
    """What became of people, each value one person's; `late` ones come after the learning."""

    ours: list[float] = field(default_factory=list)
    uniform: list[float] = field(default_factory=list)
    treated_money: list[float] = field(default_factory=list)
    held_out_money: list[float] = field(default_factory=list)
    held_out: int = 0
    decisions: int = 0
    reward: list[float] = field(default_factory=list)
    propensity: list[float] = field(default_factory=list)
    target: list[float] = field(default_factory=list)


def coupon_figures(seeds: Sequence[int]) -> list[Figure]:
    """Uplift of ours and of the uniform policy, and how well a shop could have told it."""
    late, early = _Run(), _Run()
    for seed in seeds:
        run_coupons(seed, early, late)
    return [
        *_interval("coupons, simulated: uplift a person, ours", mean_interval(late.ours), late),
        *_interval(
            "coupons, simulated: uplift a person, ours, first four weeks",
            mean_interval(early.ours),
            early,
        ),
        *_interval(
            "coupons, simulated: uplift a person, uniform", mean_interval(late.uniform), late
        ),
        *_interval(
            "coupons, simulated: uplift of ours over uniform",
            mean_interval(np.subtract(late.ours, late.uniform).tolist()),
            late,
        ),
        *_interval(
            "coupons, simulated: the same uplift of offers as the holdout tells it",
            difference_interval(
                early.treated_money + late.treated_money,
                early.held_out_money + late.held_out_money,
            ),
            late,
        ),
        *_off_policy(early, late),
        Figure(
            "coupons, simulated: held out",
            (early.held_out + late.held_out) / (early.decisions + late.decisions),
            "share",
            None,
            None,
            early.decisions + late.decisions,
        ),
    ]


def run_coupons(seed: int, early: _Run, late: _Run, *, days: int = _DAYS) -> None:
    """Six weeks of one simulated mall."""
    world = CouponWorld.drawn(seed)
    book = CouponBook(world.coupons)
    rng, open_min = Random(seed), (CLOSES_H - OPENS_H) * 60.0
    waiting: list[tuple[str, Guest]] = []
    for number, guest in enumerate(world.guests(seed + 7, days, _PER_DAY)):
        day = number // _PER_DAY
        run = late if day >= _LATE_DAY else early
        waiting = _redeemed(book, waiting, guest)
        passed = (guest.at.hour + guest.at.minute / 60 - OPENS_H) / (CLOSES_H - OPENS_H)
        stores = {it.store: max(1.0, open_min * (1 - passed)) for it in world.coupons}
        offered = book.choose(guest.behaviour, guest.at, stores, passed, rng)
        decision, nonce = offered.decision, f"{seed}/{number}"
        book.promise(nonce, offered, guest.at)
        if offered.coupon is not None and world.redeems(guest, decision.arm):
            waiting.append((nonce, guest))
        arms = [arm for arm in decision.propensities if arm != NO_COUPON]
        run.ours.append(world.uplift(guest, decision.arm))
        each = [world.uplift(guest, arm) for arm in arms]
        run.uniform.append(sum(each) / len(each) if each else 0.0)
        run.decisions += 1
        if decision.kind is DecisionKind.HOLDOUT:
            run.held_out += 1
            run.held_out_money.append(world.money(guest, NO_COUPON))
        else:
            run.treated_money.append(world.money(guest, decision.arm))
        run.reward.append(world.uplift(guest, decision.arm))
        run.propensity.append(decision.propensity)
        run.target.append(1 / len(arms) if arms and decision.arm != NO_COUPON else 0.0)
    last = world.guests(seed, 1, 1)[0].at + timedelta(days=days) + TILLS_TELL_WITHIN
    book.settle(last)


def _redeemed(
    book: CouponBook, waiting: list[tuple[str, Guest]], now: Guest
) -> list[tuple[str, Guest]]:
    """Who bought does so an hour later; returns who has not yet."""
    due = [nonce for nonce, guest in waiting if now.at - guest.at >= timedelta(hours=1)]
    for nonce in due:
        book.redeem(nonce)
    return [(nonce, guest) for nonce, guest in waiting if nonce not in set(due)]


def _off_policy(early: _Run, late: _Run) -> Iterator[Figure]:
    """The uniform policy's worth, told from our log alone; its true worth stands beside."""
    log = LoggedDecisions(
        np.array(early.reward + late.reward),
        np.array(early.propensity + late.propensity),
        np.array(early.target + late.target),
    )
    truth = float(np.mean(early.uniform + late.uniform))
    name = "coupons, simulated: uplift of uniform from our log"
    for method, found in (("IPS", ips(log)), ("SNIPS, capped", snips(log, _CAP))):
        yield Figure(f"{name}, {method}", found.value, "EUR", None, None, found.n)
        yield Figure(f"{name}, {method}, 95 % from", found.low, "EUR", None, None, found.n)
        yield Figure(f"{name}, {method}, 95 % to", found.high, "EUR", None, None, found.n)
        yield Figure(
            f"{name}, {method}, effective n", found.effective_n, "decisions", None, None, found.n
        )
    yield Figure(f"{name}, truth", truth, "EUR", None, None, len(log.reward))


def _interval(name: str, found: Interval, run: _Run) -> Iterator[Figure]:
    yield Figure(name, found.value, "EUR", None, None, run.decisions)
    yield Figure(f"{name}, 95 % from", found.low, "EUR", None, None, run.decisions)
    yield Figure(f"{name}, 95 % to", found.high, "EUR", None, None, run.decisions)
