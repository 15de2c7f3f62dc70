"""What the chain's page tells of lists and reminders: sums of days, and trials that are over."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, select

from edge_core.hub import tables as t
from edge_core.hub.after_visit.lift import Arms, Lift, lift
from edge_core.hub.store import HubStore
from edge_core.units import NS_PER_S

LATE_DAYS = 3
"""A trial is counted so long after its window: purchases may be reported late."""
_NS_PER_DAY = 86_400 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """Trials that are over, of people who confirmed within a span of days.

    Attributes:
        reminded, held: people of each arm.
        reminded_bought, held_bought: of them, who bought; told by list code or by contact.
        overall: the difference; None while there are too few.
        by_contact: the same by purchases told with the contact alone, which both arms tell alike.
        running: people whose window is not over.
    """

    reminded: int
    reminded_bought: int
    held: int
    held_bought: int
    overall: Lift | None
    by_contact: Lift | None
    running: int


def sums(store: HubStore, first: int, last: int) -> dict[str, Counter[str]]:
    """What was counted by site, both days within; a name stands for itself."""
    c = t.list_days.c
    query = (
        select(c.site, c.what, func.sum(c["count"]))
        .where(c.day >= first, c.day <= last)
        .group_by(c.site, c.what)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    with store.engine.connect() as connection:
        for site, what, count in connection.execute(query):
            found[site][what] = int(count)
    return dict(found)


def outcome(store: HubStore, first: int, last: int) -> Outcome:
    """How reminders did, by people who confirmed on these days.

    Args:
        store: what the hub keeps.
        first: day, in days since 1970-01-01.
        last: likewise; within.
    """
    now_ns = store.clock.utc_ns()
    c = t.trials.c
    over = c.ends_utc_ns <= now_ns - LATE_DAYS * _NS_PER_DAY
    started = (c.started_utc_ns >= first * _NS_PER_DAY) & (
        c.started_utc_ns < (last + 1) * _NS_PER_DAY
    )
    any_way = func.sum(case((c.by_code + c.by_contact > 0, 1), else_=0))
    by_contact = func.sum(case((c.by_contact > 0, 1), else_=0))
    query = (
        select(c.holdout_permille, c.arm, func.count(), any_way, by_contact)
        .where(over, started)
        .group_by(c.holdout_permille, c.arm)
    )
    with store.engine.connect() as connection:
        rows = connection.execute(query).all()
        still = select(func.count()).select_from(t.trials).where(started, ~over)
        running = int(connection.execute(still).scalar_one())
    people: dict[int, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for permille, arm, count, bought, told in rows:
        people[permille][arm] = (int(count), int(bought), int(told))
    none = (0, 0, 0)
    both = [(it.get("reminded", none), it.get("held-out", none)) for it in people.values()]
    return Outcome(
        reminded=sum(one[0] for one, _ in both),
        reminded_bought=sum(one[1] for one, _ in both),
        held=sum(other[0] for _, other in both),
        held_bought=sum(other[1] for _, other in both),
        overall=lift(Arms(one[0], one[1], other[0], other[1]) for one, other in both),
        by_contact=lift(Arms(one[0], one[2], other[0], other[2]) for one, other in both),
        running=running,
    )
