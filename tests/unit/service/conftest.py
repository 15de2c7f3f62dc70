import importlib.util
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio
import httpx
import pytest

from edge_core.service.api import create_app


def _stand_in() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "stand_in", Path(__file__).with_name("stand_in.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Any]:
    state = _stand_in().StandInState(tmp_path / "ledger.db")
    yield state
    state.close()


@pytest.fixture
def get(state: Any) -> Callable[..., httpx.Response]:
    """Asks the app directly, without a network."""

    async def ask(path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(create_app(state))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8460"
        ) as client:
            return await client.get(path, **options)

    def run(path: str, **options: Any) -> httpx.Response:
        return anyio.run(lambda: ask(path, **options))

    return run


@pytest.fixture
def follow(state: Any) -> Callable[[], AsyncIterator[bytes]]:
    """Follows the hub as the API does."""
    from edge_core.service.views import event_view

    def start(last_event_id: int | None = None) -> AsyncIterator[bytes]:
        return state.hub.follow(
            lambda after: [event_view(it) for it in state.ledger.events_after(after)],
            last_event_id,
        )

    return start
