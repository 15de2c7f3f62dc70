import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def _browser_module() -> Any:
    spec = importlib.util.spec_from_file_location("browser", HERE / "browser.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def dashboard_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a served page."""
    serving = subprocess.Popen(
        [sys.executable, str(HERE / "serve.py"), str(tmp_path_factory.mktemp("ledger"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdin is not None
    assert serving.stdout is not None
    yield serving.stdout.readline().strip()
    serving.stdin.close()
    assert serving.wait(15) == 0
    serving.stdout.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium window of 1440 x 1143 pixels, of which the page has 1440 x 1000."""
    module = _browser_module()
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    browser = module.Browser(tmp_path_factory.mktemp("profile"), (1440, 1143))
    yield browser
    browser.close()
