"""Debian's Chromium, driven over the WebDriver protocol by its own chromedriver."""

import base64
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Browser:
    """One window.

    Args:
        profile: an empty folder of its own.
        size_px: width and height of the window.
        phone: the page has the whole size and is touched, as on a phone.
    """

    def __init__(self, profile: Path, size_px: tuple[int, int], *, phone: bool = False) -> None:
        self._driver = subprocess.Popen(
            [str(CHROMEDRIVER), "--port=0"], stdout=subprocess.PIPE, text=True
        )
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                port = line.rstrip(".\n").rsplit(" ", 1)[1]
                break
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=90, trust_env=False)
        options: dict[str, Any] = {
            "binary": CHROMIUM,
            "args": [
                *FLAGS,
                f"--user-data-dir={profile}",
                f"--window-size={size_px[0]},{size_px[1]}",
            ],
        }
        if phone:
            metrics = {"width": size_px[0], "height": size_px[1], "pixelRatio": 1, "touch": True}
            options["mobileEmulation"] = {"deviceMetrics": metrics}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        session = self._ask("", {"capabilities": {"alwaysMatch": wanted}})
        self._path = f"/{session['sessionId']}"

    def close(self) -> None:
        """End the browser and its driver."""
        self._http.delete(f"/session{self._path}")
        self._http.close()
        self._driver.terminate()
        self._driver.wait(10)
        assert self._driver.stdout is not None
        self._driver.stdout.close()

    def open(self, url: str) -> None:
        """Load a page."""
        self._ask(f"{self._path}/url", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        body = {"script": script, "args": list(arguments)}
        return self._ask(f"{self._path}/execute/sync", body)

    def wait_for(self, condition: str, deadline_s: float = 15.0) -> None:
        """Wait inside the page until an expression holds."""
        script = (
            "const [deadline, done] = arguments; const begun = performance.now();"
            f"const look = () => ({condition}) ? done(true)"
            " : performance.now() - begun > deadline ? done(false) : setTimeout(look, 30);"
            "look();"
        )
        body = {"script": script, "args": [deadline_s * 1000]}
        assert self._ask(f"{self._path}/execute/async", body), f"never came true: {condition}"

    def cookies(self) -> dict[str, str]:
        """The cookies of the page shown, those that no script may read as well."""
        answer = self._http.get(f"/session{self._path}/cookie").json()
        return {cookie["name"]: cookie["value"] for cookie in answer["value"]}

    def log(self, kind: str) -> list[dict[str, Any]]:
        """Entries of the browser's `browser` or `performance` log since the last call."""
        entries: list[dict[str, Any]] = self._ask(f"{self._path}/se/log", {"type": kind})
        return entries

    def command(self, name: str, **parameters: Any) -> None:
        """A command of Chromium's DevTools protocol."""
        self._ask(f"{self._path}/goog/cdp/execute", {"cmd": name, "params": parameters})

    def screenshot(self, path: Path) -> None:
        """Save what is shown as PNG."""
        answer = self._http.get(f"/session{self._path}/screenshot").json()
        path.write_bytes(base64.b64decode(answer["value"]))

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        answer = self._http.post(f"/session{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]
