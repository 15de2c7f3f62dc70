"""Handing a record to the retailer's messaging over HTTPS, signed, and nowhere it must not go.

The host's name is looked up once, every address it has must be a public one (unless the house's own
network is allowed), and the connection goes to the address that was judged: a name that changes
its mind in between (DNS rebinding) leads nowhere. Redirects are not followed.
"""

import hmac
import json
import socket
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final, Protocol

import httpx

from edge_core.clock import Clock
from edge_core.errors import PromenadeError, SourceError
from edge_core.hub.after_visit.records import MessageRecord
from edge_core.hub.after_visit.settings import WebhookConfig
from edge_core.units import NS_PER_S

SIGNATURE: Final = "promenade-signature"
_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
_LEAST_SECRET: Final = 32


class Outcome(StrEnum):
    """What became of a record."""

    DELIVERED = "delivered"
    LATER = "later"
    GONE = "gone"


class Connector(Protocol):
    """Takes records to where messages are sent from."""

    def deliver(self, record: MessageRecord) -> Outcome:
        """Hand one over; may be called again with the same id."""
        ...

    def close(self) -> None:
        """End what it holds."""
        ...


class Webhook:
    """One POST a record.

    The body is JSON. `Promenade-Signature: t=SECONDS,v1=HEX` is HMAC-SHA-256 over the seconds, a
    full stop and the body; whoever takes it should refuse old seconds. `Idempotency-Key` is the
    record's id. Any 2xx is taken for done, 410 says that the contact is no more, all else is tried
    again.

    Args:
        config: where, and with what secret.
        clock: the clocks.

    Raises:
        SourceError: the secret cannot be used.
    """

    def __init__(self, config: WebhookConfig, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._secret = _secret(config.secret)
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def deliver(self, record: MessageRecord) -> Outcome:
        """See `Connector`. Raises PromenadeError, told to the operator, where it may not go."""
        body = json.dumps(record.as_json(), ensure_ascii=False).encode()
        seconds = self._clock.utc_ns() // NS_PER_S
        headers = {
            "content-type": "application/json",
            "idempotency-key": record.id,
            SIGNATURE: f"t={seconds},v1={signature(self._secret, seconds, body)}",
        }
        url = httpx.URL(self._config.url)
        address = judged_address(url.host, url.port or 443, self._config.allow_private)
        more: dict[str, Any] = {"sni_hostname": url.host}
        headers["host"] = url.netloc.decode("ascii")
        try:
            request = self._http.build_request(
                "POST", url.copy_with(host=address), content=body, headers=headers, extensions=more
            )
            answer = self._http.send(request, stream=True)  # what it says is of no interest
            answer.close()
        except httpx.HTTPError as error:
            told = str(error) or type(error).__name__
            raise PromenadeError(f"The webhook cannot be reached: {told}.", _LATER) from None
        if answer.is_success:
            return Outcome.DELIVERED
        if answer.status_code == 410:
            return Outcome.GONE
        raise PromenadeError(f"The webhook answered {answer.status_code}.", _LATER)


_LATER: Final = "It is tried again by itself; see that the messaging runs and takes these records."


def signature(secret: bytes, seconds: int, body: bytes) -> str:
    """HMAC-SHA-256 of the time and the body, hexadecimal."""
    return hmac.digest(secret, f"{seconds}.".encode() + body, "sha256").hex()


def judged_address(host: str, port: int, allow_private: bool) -> str:
    """An address of a host that may be talked to.

    Raises:
        PromenadeError: it has none, or one that is not public and not allowed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise PromenadeError(f"The webhook's host {host} is not known: {error}.", _LATER) from None
    addresses = [str(it[4][0]) for it in found]
    for address in addresses:
        if not allow_private and not _is_public(address):
            raise PromenadeError(
                f"The webhook's host {host} is in a private network ({address}).",
                "Give a public one, or set `allow_private = true` under [webhook].",
            )
    return addresses[0]


def _is_public(address: str) -> bool:
    it = ip_address(address.partition("%")[0])
    if isinstance(it, IPv6Address) and it.ipv4_mapped is not None:
        it = it.ipv4_mapped
    return it.is_global and not it.is_multicast


def _secret(path: Path) -> bytes:
    try:
        secret = path.read_text(encoding="utf-8").strip().encode()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"The webhook's secret {path} cannot be read: {error}.",
            "Write one of at least 32 characters there, the same as in the messaging.",
        ) from None
    if len(secret) < _LEAST_SECRET:
        raise SourceError(
            f"The webhook's secret {path} is too short.", "Write at least 32 characters."
        )
    return secret
