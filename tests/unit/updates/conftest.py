import importlib.util
import sys
from pathlib import Path

import pytest


def _stand_in():
    spec = importlib.util.spec_from_file_location(
        "updates_stand_in", Path(__file__).with_name("stand_in.py")
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["updates_stand_in"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def stand_in():
    return _stand_in()


@pytest.fixture(scope="session")
def maker(stand_in):
    return stand_in.maker()


@pytest.fixture(scope="session")
def bundles(stand_in, tmp_path_factory):
    """Built versions: 1.1.0 works, the others do not, each in its own way."""
    folder = tmp_path_factory.mktemp("bundles")
    ways = {
        "1.0.0": "works", "1.1.0": "works", "1.2.0": "does-not-start", "1.3.0": "unhealthy",
        "1.4.0": "hangs", "1.5.0": "crashes",
    }  # fmt: skip
    return {v: stand_in.make_bundle(folder / v, v, way) for v, way in ways.items()}
