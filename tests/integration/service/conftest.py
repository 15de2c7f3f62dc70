import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from edge_core.service.api import create_app
from edge_core.service.server import ApiServer, listen

STAND_IN = Path(__file__).parents[2] / "unit" / "service" / "stand_in.py"


def _stand_in() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stand_in", STAND_IN)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Service:
    """A state and its API on a real port."""

    def __init__(self, ledger_path: Path, port: int = 0, **options: Any) -> None:
        self.state = _stand_in().StandInState(ledger_path, **options)
        self.server = ApiServer(create_app(self.state), self.state.hub, listen("127.0.0.1", port))
        self.url, self.port = self.server.url, self.server.port
        self.server.start()

    def stop(self) -> None:
        self.server.stop()
        self.state.close()


@pytest.fixture
def start_service(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts services on the same ledger, one after the other; stops what still runs."""
    started: list[Service] = []

    def start(**options: Any) -> Service:
        started.append(Service(tmp_path / "ledger.db", **options))
        return started[-1]

    yield start
    for service in started:
        if service.server.alive:
            service.stop()
