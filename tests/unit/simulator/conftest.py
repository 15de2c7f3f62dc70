from pathlib import Path

import pytest

from edge_core.simulator import Cameras, Scene, load_scene

MALLS = Path(__file__).parents[3] / "assets" / "malls"


@pytest.fixture(scope="session", params=["shop", "mall"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return load_scene(MALLS / request.param)


@pytest.fixture(scope="session")
def shop() -> Scene:
    return load_scene(MALLS / "shop")


@pytest.fixture(scope="session")
def shop_cameras(shop: Scene) -> Cameras:
    return Cameras(shop, seed=1)
