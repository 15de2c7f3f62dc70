"""Downloads for The Update Framework's client that go on where they broke off."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import httpx
from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    SlowRetrievalError,
)
from tuf.ngclient import FetcherInterface

_CONNECT_S: Final = 10.0
_SILENCE_S: Final = 30.0
_GRACE_S: Final = 60.0
SLOWEST_BYTES_S: Final = 2_000
"""A server that gives less is as good as none: a slow one must not hold an update up for ever."""
_WITH_HASH: Final = re.compile(r"[0-9a-f]{64}\.[A-Za-z0-9_.-]{1,200}")
PART: Final = ".part"


class ResumingFetcher(FetcherInterface):
    """Fetches metadata into memory and archives into a folder, a part at a time if need be.

    What a part holds is believed no more than what comes over the line: the whole is checked
    against the signed hash, and a part that turns out wrong is deleted.

    Args:
        parts: the folder.
        verify: as httpx takes it.
        slowest_bytes_s: less than this on average ends a download.
    """

    def __init__(
        self, parts: Path, verify: object = True, slowest_bytes_s: float = SLOWEST_BYTES_S
    ) -> None:
        self._parts = parts
        self._slowest_bytes_s = slowest_bytes_s
        self._http = httpx.Client(
            timeout=httpx.Timeout(_SILENCE_S, connect=_CONNECT_S),
            verify=verify,  # type: ignore[arg-type]
            headers={"accept-encoding": "identity"},
        )

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _fetch(self, url: str) -> Iterator[bytes]:
        with self._asked(url, 0) as response:
            yield from self._chunks(response)

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        """See `FetcherInterface`; a file whose name holds its hash goes on in its part."""
        name = urlsplit(url).path.rpartition("/")[2]
        if not _WITH_HASH.fullmatch(name):
            with super().download_file(url, max_length) as file:
                yield file
            return
        self._parts.mkdir(mode=0o755, exist_ok=True)
        part = self._parts / f"{name}{PART}"
        if part.exists() and part.stat().st_size > max_length:
            part.unlink()
        with part.open("a+b") as file:
            if file.tell() < max_length:
                self._go_on(url, file, max_length)
            file.seek(0)
            try:
                yield file
            except BaseException:
                part.unlink(missing_ok=True)  # it is not what was signed
                raise
        part.unlink()

    def _go_on(self, url: str, file: IO[bytes], most_bytes: int) -> None:
        try:
            with self._asked(url, file.tell()) as response:
                if response.status_code != httpx.codes.PARTIAL_CONTENT:
                    file.truncate(0)
                    file.seek(0)
                for chunk in self._chunks(response):
                    if file.tell() + len(chunk) > most_bytes:
                        file.truncate(0)
                        raise DownloadLengthMismatchError(f"{url} is longer than was signed")
                    file.write(chunk)
        finally:
            file.flush()

    @contextmanager
    def _asked(self, url: str, offset: int) -> Iterator[httpx.Response]:
        headers = {"range": f"bytes={offset}-"} if offset else {}
        try:
            with self._http.stream("GET", url, headers=headers) as response:
                code = response.status_code
                begun = response.headers.get("content-range", "").startswith(f"bytes {offset}-")
                if code != httpx.codes.OK and not (code == httpx.codes.PARTIAL_CONTENT and begun):
                    raise DownloadHTTPError(f"{url} answered {code}", code)
                yield response
        except httpx.HTTPError as error:
            told = str(error) or type(error).__name__
            raise DownloadError(f"{url}: {told}") from error

    def _chunks(self, response: httpx.Response) -> Iterator[bytes]:
        begun_ns, count = time.monotonic_ns(), 0
        for chunk in response.iter_raw():
            count += len(chunk)
            since_s = (time.monotonic_ns() - begun_ns) / 1e9
            if since_s > _GRACE_S and count < since_s * self._slowest_bytes_s:
                raise SlowRetrievalError(f"{response.url} comes too slowly")
            yield chunk
