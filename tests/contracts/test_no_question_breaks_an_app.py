"""Whatever is asked of the service or the hub, the answer is one that the OpenAPI page tells of.

A few hundred questions of each app, the same at every run; a hundred times as many, and every
value's borders, by

    PROMENADE_FUZZ=200 python -m pytest -s tests/contracts/test_no_question_breaks_an_app.py

where the number is that of random questions of each operation; PROMENADE_FUZZ_SEED draws others.
"""

import importlib.util
import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from edge_core.clock import ManualClock
from edge_core.config import OffersConfig, Products, load_site, parse_directory, parse_site
from edge_core.dashboard import mount_dashboard
from edge_core.dashboard.access.accounts import Accounts, accounts_path
from edge_core.dashboard.access.guard import COOKIE
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.runtime.board import HealthBoard
from edge_core.runtime.stills import StillBox
from edge_core.service.api import create_app
from edge_core.service.desk import DeskWiring, OperatorDesk
from edge_core.service.parts import Parts
from edge_core.service.rows import SET_UP_COUNTERS, SET_UP_ROW
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment
from edge_core.types import ItemAction
from edge_core.units import NS_PER_S

pytestmark = [pytest.mark.timeout(7200), pytest.mark.filterwarnings("ignore::UserWarning")]

TESTS = Path(__file__).parents[1]
SITE = TESTS.parent / "assets" / "malls" / "mall" / "site.toml"
MOST = int(os.environ.get("PROMENADE_FUZZ", "1"))
SEED = int(os.environ.get("PROMENADE_FUZZ_SEED", "1"))
HERE = "http://127.0.0.1:8460"
PASSWORD = "eleven coats on a rail"
OFFERS = OffersConfig.model_validate(
    {
        "audiences": [{"store": "honey", "visits": 500, "gender": {"female": 900, "male": 100}}],
        "coupons": [
            {
                "id": "honey-10", "store": "honey", "title": "10% off", "title_zh": "九折",
                "percent": 10, "basket": "60.00", "margin": 0.5, "first_day": "2025-01-01",
                "last_day": "2035-12-31", "daily_budget": "600.00",
            }
        ],
    }
)  # fmt: skip


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def questions():
    pytest.importorskip("schemathesis")
    return load(TESTS / "contracts" / "questions.py")


@pytest.fixture
def state(tmp_path):
    stand_in = load(TESTS / "unit" / "service" / "stand_in.py")
    site = parse_site(stand_in.SITE_TOML)
    directory = parse_directory(stand_in.DIRECTORY_TOML, site)
    parts = Parts(directory, OFFERS, Products([stand_in.COAT]), bytes(range(32)))
    state = stand_in.StandInState(tmp_path / "ledger.db", parts=parts)
    state.watch_minute()
    state.cross(*(f"in-{number}" for number in range(9)))
    for number in range(7):
        state.handle(f"coat-{number}", ItemAction.TRIED_ON, visit=number)
    state.appear(1, 2, 3)
    yield state
    state.close()


def ask(questions, app, times=1, **more):
    found = questions.ask_everything(
        app, seed=SEED, most=MOST * times, borders="PROMENADE_FUZZ" in os.environ,
        base_url=HERE, **more
    )  # fmt: skip
    told = dict(sorted(found.statuses.items()))
    print(f"\n{app.title}: {found.inputs} inputs, answered {told}")  # noqa: T201
    assert found.inputs > 10
    assert found.faults == {}, "\n\n".join(f"{it}\n{told}" for it, told in found.faults.items())
    return found


def test_of_the_service(questions, state):
    app = create_app(state)
    state.hub.close()  # streams end after what they have
    answered = ask(questions, app).statuses
    assert answered[200] > 20
    assert answered[429] == 0


def test_of_the_operators_forms_and_files(questions, state, tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    site_file = shutil.copy(SITE, folder / "site.toml")
    for name in ("directory.toml", "offers.toml"):
        shutil.copy(SITE.with_name(name), folder / name)
    site = load_site(site_file)
    wiring = DeskWiring(site_file, StillBox([]))
    desk = OperatorDesk(wiring, site, HealthBoard({SET_UP_ROW: SET_UP_COUNTERS}), dict)
    app = create_app(state)
    mount_dashboard(app, state, desk)
    with Accounts(accounts_path(state.ledger.path), state.clock) as accounts:
        accounts.set_first_password(PASSWORD)
        token = accounts.sign_in("operator", PASSWORD, "127.0.0.1")
    # What ends the session, asks for a second's rest each time, or waits for a camera.
    but_for = frozenset({"/sign-out", "/sign-in", "/setup/still/{camera}", "/v1/{rest:path}"})
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": HERE}
    answered = ask(questions, app, 3, headers=headers, unlisted=but_for).statuses
    assert answered[200] > 5


class Hurried(ManualClock):
    """A second passes between any two looks, so that nobody asks too often."""

    def monotonic_ns(self):
        self.advance_ns(NS_PER_S)
        return super().monotonic_ns()


@pytest.mark.parametrize("signed_in", [True, False])
def test_of_the_hub(questions, tmp_path, signed_in):
    hub, secret = Hub.open(tmp_path / "hub", clock=Hurried()), new_secret()
    hub.store.add_site(Site("shop", "Shop", "EUR"))
    code = hub.store.new_code("shop")
    device = hub.store.enrol(Enrolment(code=code, site="shop", key_sha256=hash_of(secret)))
    hub.shelf.publish("shop", [("shops", "a", {"id": "a", "name": "A"})])
    headers = {"Authorization": f"Bearer {device.id}.{secret}"} if signed_in else {}
    with closing(hub.store):
        answered = ask(questions, hub.api(), 20, headers=headers).statuses
    assert answered[429] == 0
    assert (answered[200] > 0) is signed_in
