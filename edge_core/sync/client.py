"""Calls of the hub. Every answer is checked; whatever goes wrong can be tried again."""

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from edge_core.clock import Clock
from edge_core.errors import HubError, HubRefusedError, SourceError
from edge_core.sync.pace import ByteBudget
from edge_core.sync.protocol import Batch, ContentPage, Enrolled, Enrolment, Receipt
from edge_core.units import NS_PER_S

_CONNECT_S: Final = 10.0
_SILENCE_S: Final = 30.0
_MOST_ANSWER_BYTES: Final = 16_000_000
_CHUNK_BYTES: Final = 8192
_HEAD_BYTES: Final = 600  # of a request or an answer, about
_LATER: Final = "It is tried again by itself; see that the hub runs and the network reaches it."
_Answer = TypeVar("_Answer", bound=BaseModel)


class TooLargeError(HubError):
    """The hub takes no request of this size."""


class HubClient:
    """Asks one hub; for one thread.

    Args:
        url: the hub's.
        token: see `DeviceKey.token`; "" before enrolment.
        ca: certificate of the hub's authority (PEM); None = the system's authorities.
        clock: the clocks.
        budget: what may go over the line.
        transport: another way to reach the hub, for tests.

    Attributes:
        clock_ahead_s: how far this machine's clock is ahead of the hub's, by the last answer that
            told; None before.

    Raises:
        SourceError: the certificate cannot be used.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        ca: Path | None,
        clock: Clock,
        budget: ByteBudget | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.clock_ahead_s: float | None = None
        self._clock = clock
        self._budget = budget
        verify: ssl.SSLContext | bool = True
        if ca is not None:
            try:
                verify = ssl.create_default_context(cafile=str(ca))
            except OSError as error:  # ssl.SSLError is one
                raise SourceError(
                    f"The certificate {ca} of the hub's authority cannot be used: {error}.",
                    "Give the PEM file that the hub's operator handed out.",
                ) from None
        self._http = httpx.Client(
            base_url=self.url,
            headers={"authorization": f"Bearer {token}"} if token else {},
            timeout=httpx.Timeout(_SILENCE_S, connect=_CONNECT_S),
            verify=verify,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def enrol(self, enrolment: Enrolment) -> Enrolled:
        """Make this store PC known; again with the same code and key it says the same.

        Raises:
            HubRefusedError: the code is wrong, used, expired, or of another site.
            HubError: no answer.
        """
        answer = self._call("POST", "/v1/enrolments", Enrolled, enrolment)
        assert answer is not None
        return answer

    def enrol_patiently(self, enrolment: Enrolment, tries: int) -> Enrolled:
        """The same, again when the answer got lost. Raises as `enrol`."""
        for left in range(tries - 1, -1, -1):
            try:
                return self.enrol(enrolment)
            except HubRefusedError:
                raise
            except HubError:
                if not left:
                    raise
        raise ValueError("at least one try")

    def send(self, batch: Batch) -> Receipt:
        """Hand over facts; what the receipt does not refuse is durable at the hub.

        Raises:
            TooLargeError: send fewer at a time.
            HubRefusedError: the key is not valid.
            HubError: no answer; whether they were kept is not known, so send them again.
        """
        before_ns = self._clock.utc_ns()
        receipt = self._call("POST", "/v1/batches", Receipt, batch)
        assert receipt is not None
        middle_ns = (before_ns + self._clock.utc_ns()) // 2
        self.clock_ahead_s = round((middle_ns - receipt.utc_ns) / NS_PER_S, 3)
        return receipt

    def content(self, since: int, etag: str = "") -> ContentPage | None:
        """The next page of what changed, or None when nothing did since `etag`.

        Raises:
            HubRefusedError: the key is not valid.
            HubError: no answer.
        """
        headers = {"if-none-match": etag} if etag else {}
        path = f"/v1/content?since={since}"
        return self._call("GET", path, ContentPage, headers=headers)

    def _call(
        self,
        method: str,
        path: str,
        kind: type[_Answer],
        body: BaseModel | None = None,
        headers: dict[str, str] | None = None,
    ) -> _Answer | None:
        data = body.model_dump_json(exclude_defaults=True).encode() if body is not None else b""
        more = {"content-type": "application/json", "content-length": str(len(data))}
        try:
            with self._http.stream(
                method,
                path,
                content=self._paced(data) if data else None,
                headers=(more if data else {}) | (headers or {}),
            ) as response:
                answer = self._read(response)
        except httpx.HTTPError as error:
            told = str(error) or type(error).__name__
            raise HubError(f"The hub {self.url} cannot be reached: {told}.", _LATER) from None
        if response.status_code == 304:
            return None
        _require_ok(response, answer)
        try:
            return kind.model_validate_json(answer)
        except ValidationError:
            raise HubError(f"The hub {self.url} answered nonsense.", _LATER) from None

    def _paced(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _CHUNK_BYTES):
            piece = data[start : start + _CHUNK_BYTES]
            self._spend(len(piece))
            yield piece

    def _read(self, response: httpx.Response) -> bytes:
        self._spend(2 * _HEAD_BYTES)
        pieces, counted, size = [], 0, 0
        for piece in response.iter_bytes():
            self._spend(response.num_bytes_downloaded - counted)
            counted = response.num_bytes_downloaded
            size += len(piece)
            if size > _MOST_ANSWER_BYTES:
                raise HubError(f"The hub {self.url} answered without end.", _LATER)
            pieces.append(piece)
        return b"".join(pieces)

    def _spend(self, count: int) -> None:
        if self._budget is not None:
            self._budget.spend(count)


def _require_ok(response: httpx.Response, answer: bytes) -> None:
    status = response.status_code
    if status == 200:
        return
    message, remedy = _told(answer)
    if status in (401, 403):
        raise HubRefusedError(message or "The hub does not know this store PC.", remedy or _LATER)
    if status == 413:
        raise TooLargeError(message or "The hub takes no request so large.", remedy or _LATER)
    try:
        wait_s = float(response.headers.get("retry-after", "0"))
    except ValueError:
        wait_s = 0.0
    told = message or "it is not well"
    raise HubError(f"The hub answered {status}: {told}", remedy or _LATER, wait_s)


def _told(answer: bytes) -> tuple[str, str]:
    """Message and remedy of a problem the hub tells; "" where it is none."""
    try:
        problem: Any = httpx.Response(200, content=answer).json()
        return str(problem["message"]), str(problem["remedy"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", ""
