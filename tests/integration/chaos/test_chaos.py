"""The shipped self-test at small scale: every fault is inflicted, every promise is kept."""

import json
import subprocess
import sys

import pytest

from edge_core.chaos.outcome import Verdict
from edge_core.chaos.trials import NAMES, SMALL, run_trials

pytestmark = pytest.mark.timeout(900)
ONCE = tuple(name for name in NAMES if name not in ("power-cut", "child-killed"))
"""The power cut has tests of its own beside this file, killed children have them in `edge`."""


@pytest.fixture(scope="module")
def outcomes():
    return {outcome.name: outcome for outcome in run_trials(ONCE, SMALL, seed=3)}


@pytest.mark.parametrize("name", ONCE)
def test_the_promise_is_kept(outcomes, name):
    outcome = outcomes[name]
    assert outcome.verdict is Verdict.KEPT, f"{outcome.promise}; but: {outcome.measured}"


def test_a_fault_that_there_is_not_is_told():
    command = [sys.executable, "-m", "edge_core", "doctor", "--chaos", "--only", "earthquake"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "earthquake" in done.stderr


def test_the_command_prints_what_a_machine_can_read():
    command = [sys.executable, "-m", "edge_core", "doctor", "--chaos", "--small", "--json"]
    command += ["--only", "hub-away"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["ok"]
    assert [it["name"] for it in told["trials"]] == ["hub-away"]
