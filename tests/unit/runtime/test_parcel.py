"""Large arguments of child processes."""

from multiprocessing import context, reduction
from pathlib import Path

import pytest

from edge_core.config import load_site
from edge_core.runtime.parcel import Parcel, opened
from edge_core.service.engine import Wiring, sensing_workers

MALLS = Path(__file__).parents[3] / "assets" / "malls"
PIPE_BYTES = 65_536


class _Starting:
    """What a process being started offers to what is pickled for it."""

    def DupFd(self, descriptor):  # noqa: N802
        return descriptor

    duplicate_for_child = DupFd


def pickled(args):
    """As the starter of a process writes them."""
    context.set_spawning_popen(_Starting())
    try:
        return bytes(reduction.ForkingPickler.dumps(args))
    finally:
        context.set_spawning_popen(None)


def test_a_value_comes_out_as_it_went_in_and_later_changes_do_not_reach_it():
    value = {"plan": list(range(1000))}
    parcel = Parcel(value, "plan")
    value["plan"].clear()
    assert opened((1, parcel, "two")) == (1, {"plan": list(range(1000))}, "two")


@pytest.mark.parametrize("mall", ["mall", "shop"])
def test_what_the_vision_process_is_started_with_fits_into_a_pipe(mall):
    site = load_site(MALLS / mall / "site.toml")
    vision = sensing_workers(site, MALLS / mall, Wiring.of(site))[-1]
    assert len(pickled(vision.args)) < PIPE_BYTES / 4
