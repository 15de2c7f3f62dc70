"""What is left of a ledger when the power is cut, on disks that lose what was not synced."""

from collections import Counter
from random import Random

import pytest

from edge_core.chaos.power import cut_often, record_life
from edge_core.chaos.steps import Kind
from edge_core.errors import PromenadeError

CUTS = 24


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """One life of a real writer, with a backup or two in it."""
    try:
        steps = record_life(tmp_path_factory.mktemp("life"), seed=5, life_s=1.5)
    except PromenadeError as error:
        pytest.skip(f"NO POWER CUT HERE: {error}")
    return steps


def test_the_journal_follows_the_ledger_its_log_and_its_redo_log(life):
    kinds = Counter((step.kind, step.name.rpartition("db")[2].split("-")[0]) for step in life)
    assert {name for kind, name in kinds if kind is Kind.WRITE} >= {"", ".redo"}
    assert kinds[Kind.SYNC, ".redo"] >= 10
    assert any(step.kind is Kind.WRITE and step.name.endswith("-wal") for step in life)


def test_nothing_acknowledged_is_lost_wherever_the_power_is_cut(life):
    tally = cut_often(life, CUTS, seed=Random(life[-1].at).randrange(2**31))
    assert tally.cuts == CUTS
    assert tally.dropped_bytes > 0
    assert (tally.lost, tally.altered, tally.unsound) == (0, 0, 0), tally.complaints


def test_without_the_redo_logs_syncs_the_same_cuts_lose_events(life):
    """Else the test above would show nothing."""
    assert cut_often(life, CUTS, seed=7, deaf=("redo",)).lost > 0
