"""The scripts of packaging/, which are no package."""

import importlib.util
import sys
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture(scope="session")
def packaging():
    return PACKAGING


@pytest.fixture(scope="session")
def bundle():
    return loaded("bundle")


@pytest.fixture(scope="session")
def build_deb(bundle):
    return loaded("build_deb")


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module
