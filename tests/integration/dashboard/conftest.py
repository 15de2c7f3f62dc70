import importlib.util
import shutil
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


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of rehearsed weeks, made once: to be copied."""
    folder = tmp_path_factory.mktemp("rehearsed")
    subprocess.run([sys.executable, str(HERE / "serve.py"), "--rehearse", folder], check=True)
    return folder


@pytest.fixture(scope="module")
def ledger_folder(tmp_path_factory: pytest.TempPathFactory, rehearsed: Path) -> Path:
    """Where the served pages have their ledger and site file."""
    return shutil.copytree(rehearsed, tmp_path_factory.mktemp("ledger"), dirs_exist_ok=True)


class Served:
    """The pages in a process of their own.

    Args:
        folder: where they have their ledger and site file.

    Attributes:
        url: their address.
    """

    def __init__(self, folder: Path) -> None:
        self._serving = subprocess.Popen(
            [sys.executable, str(HERE / "serve.py"), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._serving.stdout is not None
        self.url = self._serving.stdout.readline().strip()

    def stop(self) -> None:
        """End it; it can be ended again."""
        assert self._serving.stdin is not None
        assert self._serving.stdout is not None
        self._serving.stdin.close()
        assert self._serving.wait(15) == 0
        self._serving.stdout.close()


@pytest.fixture(scope="module")
def dashboard_url(ledger_folder: Path) -> Iterator[str]:
    """The address of a served page."""
    served = Served(ledger_folder)
    yield served.url
    served.stop()


@pytest.fixture
def going_away(new_browser: Any, tmp_path: Path, rehearsed: Path) -> Iterator[Served]:
    """Other pages, which a test may end; the operator is signed in."""
    served = Served(shutil.copytree(rehearsed, tmp_path, dirs_exist_ok=True))
    sign_in(new_browser, served.url, first=True)
    yield served
    served.stop()


PASSWORD = "eleven coats on a rail"


@pytest.fixture(scope="module")
def new_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A Chromium window of 1440 x 1043 pixels, of which the page has 1440 x 900."""
    module = _browser_module()
    if module.CHROMIUM is None or module.CHROMEDRIVER is None:
        pytest.skip("needs Debian's chromium and chromium-driver")
    browser = module.Browser(tmp_path_factory.mktemp("profile"), (1440, 1043))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def browser(new_browser: Any, dashboard_url: str) -> Any:
    """The same, with the operator signed in."""
    sign_in(new_browser, dashboard_url, first=True)
    return new_browser


@pytest.fixture(scope="module")
def phone(
    tmp_path_factory: pytest.TempPathFactory, dashboard_url: str, browser: Any
) -> Iterator[Any]:
    """A phone's browser of 390 x 844 pixels, with the operator signed in."""
    phone = _browser_module().Browser(tmp_path_factory.mktemp("phone"), (390, 844), phone=True)
    sign_in(phone, dashboard_url)
    yield phone
    phone.close()


def sign_in(browser: Any, url: str, *, first: bool = False) -> None:
    """Sign the operator in; `first` sets the first password."""
    browser.open(f"{url}/")
    fields = ("password", "again") if first else ("password",)
    browser.run(
        "for (const name of arguments[0])"
        " document.querySelector(`input[name=${name}]`).value = arguments[1];"
        "document.querySelector('main form').requestSubmit();",
        fields,
        PASSWORD,
    )
    browser.wait_for("document.querySelector('.pr-frame')")
