"""One LLRP connection: requests matched with their answers, everything else handed on."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge_core.config import ReaderConfig
from edge_core.errors import LlrpError, ReaderError
from edge_core.llrp import (
    ConnectionStatus,
    Message,
    StatusCode,
    decode_header,
    decode_message,
    message,
    read_frame,
    write_message,
)
from edge_core.llrp.status import status_text

CONNECT_LIMIT_S: Final = 5.0
REQUEST_LIMIT_S: Final = 5.0
_MOST_MALFORMED: Final = 50
_NUMBERS: Final = 1 << 32
_LOOK_AT_NETWORK: Final = "Check the reader's power, its cable and the network."


class LlrpConnection:
    """A connection whose messages are read by `run` until it breaks.

    Attributes:
        malformed: messages refused because they are no valid LLRP.
        version: 1 for LLRP 1.0.1, 2 for 1.1; requests are sent in it.

    Args:
        streams: the open connection.
        on_message: is given every message that answers no request.
        silent_s: the connection counts as dead after so long without any message.
    """

    def __init__(
        self,
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        on_message: Callable[[Message], None],
        silent_s: float,
    ) -> None:
        self.malformed = 0
        self.version = 1
        self._reader, self._writer = streams
        self._on_message = on_message
        self._silent_s = silent_s
        self._number = 0
        self._answers: dict[int, asyncio.Future[Message]] = {}
        self._greeting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._ended: ReaderError | None = None

    async def run(self) -> None:
        """Take messages until the connection ends; requests under way end with it.

        Raises:
            ReaderError: it ended, with the reason.
        """
        reason = ReaderError("The connection to the reader was closed.", _LOOK_AT_NETWORK)
        try:
            while True:
                async with asyncio.timeout(self._silent_s):
                    frame = await read_frame(self._reader)
                await self._take(frame)
        except asyncio.IncompleteReadError:
            raise reason from None
        except TimeoutError:
            reason = ReaderError(
                f"The reader has been silent for {self._silent_s:g} s.", _LOOK_AT_NETWORK
            )
            raise reason from None
        except ReaderError as error:
            reason = error
            raise
        except OSError as error:
            reason = ReaderError(f"The connection to the reader broke: {error}.", _LOOK_AT_NETWORK)
            raise reason from None
        finally:
            self._ended = reason
            for answer in (*self._answers.values(), self._greeting):
                if not answer.done():
                    answer.set_exception(ReaderError(reason.message, reason.remedy))
            if not self._greeting.cancelled():
                self._greeting.exception()  # nobody may be waiting for it any more

    async def _take(self, frame: bytes) -> None:
        try:
            received = decode_message(frame)
        except LlrpError as error:
            # The frame's end is known, so that the next message is found all the same.
            self.malformed += 1
            if self.malformed > _MOST_MALFORMED:
                raise
            awaited = self._answers.get(decode_header(frame).number)
            if awaited is not None and not awaited.done():
                awaited.set_exception(error)
            return
        answer = self._answers.get(received.number)
        if received.name == "KEEPALIVE":
            ack = message("KEEPALIVE_ACK", number=received.number, version=self.version)
            await write_message(self._writer, ack)
        elif _is_answer(received) and answer is not None and not answer.done():
            answer.set_result(received)
        elif received.name == "READER_EVENT_NOTIFICATION" and not self._greeting.done():
            self._greeting.set_result(received)
            self._on_message(received)
        else:
            self._on_message(received)

    async def greeted(self) -> None:
        """Wait for the event a reader greets with.

        Raises:
            ReaderError: somebody else holds the reader, or it is not ready.
        """
        try:
            async with asyncio.timeout(CONNECT_LIMIT_S):
                require_greeting(await self._greeting)
        except TimeoutError:
            raise ReaderError(
                "What answers there does not greet as an LLRP reader.",
                "Check the address and the port in site.toml.",
            ) from None

    async def request(self, request: Message) -> Message:
        """Send a request and wait for its answer.

        Raises:
            ReaderError: the reader says no, says something else, or does not answer in time.
        """
        response = await self.ask(request)
        status = response.body.first("LLRPStatus")
        code = status["StatusCode"] if status else StatusCode.SUCCESS
        if code != StatusCode.SUCCESS or response.name == "ERROR_MESSAGE":
            text = status["ErrorDescription"] if status else ""
            raise ReaderError(
                f"The reader refuses {request.name}: {status_text(code)} {text}".rstrip() + ".",
                "Compare the settings in site.toml with the reader's manual.",
            )
        if response.name != f"{request.name}_RESPONSE":
            raise ReaderError(
                f"The reader answers {request.name} with {response.name}.",
                "Restart the reader and try again.",
            )
        return response

    async def ask(self, request: Message) -> Message:
        """Send a request and wait for its answer, whatever it says.

        Raises:
            LlrpError: its answer is no valid LLRP.
            ReaderError: the connection ended or the reader does not answer in time.
        """
        if self._ended is not None:
            raise ReaderError(self._ended.message, self._ended.remedy)
        self._number = (self._number + 1) % _NUMBERS
        request.number = self._number
        request.version = self.version
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._answers[request.number] = answer
        try:
            await write_message(self._writer, request)
            async with asyncio.timeout(REQUEST_LIMIT_S):
                return await answer
        except TimeoutError:
            raise ReaderError(
                f"The reader does not answer {request.name}.", _LOOK_AT_NETWORK
            ) from None
        except OSError as error:
            raise ReaderError(
                f"The connection to the reader broke: {error}.", _LOOK_AT_NETWORK
            ) from None
        finally:
            del self._answers[request.number]

    def close(self) -> None:
        """Close the socket; what has been written is still sent."""
        self._writer.close()

    async def closed(self) -> None:
        """Wait a moment for the socket to be closed."""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._writer.wait_closed()


def _is_answer(received: Message) -> bool:
    return received.name.endswith("_RESPONSE") or received.name == "ERROR_MESSAGE"


def require_greeting(greeting: Message) -> None:
    """Check the event a reader greets with.

    Raises:
        ReaderError: somebody else holds the reader, or it is not ready.
    """
    event = greeting.body.first("ReaderEventNotificationData")
    status = event.value("ConnectionAttemptEvent", "Status") if event else None
    if status == ConnectionStatus.SUCCESS:
        return
    if status in (ConnectionStatus.TAKEN_BY_CLIENT, ConnectionStatus.TAKEN_BY_READER):
        raise ReaderError(
            "Another program is connected to the reader, and it serves one at a time.",
            "Close that program. A session left over from a crash ends by itself in a minute.",
        )
    raise ReaderError(
        "The reader does not accept the connection.", "Restart the reader and try again."
    )


async def open_streams(
    config: ReaderConfig, folder: Path
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a reader, with TLS when it is configured.

    Args:
        config: whose.
        folder: what `tls_ca` is relative to.

    Raises:
        ReaderError: it cannot be reached or does not prove its identity.
    """
    where = f"{config.host}:{config.tcp_port}"
    context = _tls(config, folder) if config.tls else None
    name = (config.tls_name or config.host) if config.tls else None
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            return await asyncio.open_connection(
                config.host, config.tcp_port, ssl=context, server_hostname=name
            )
    except ssl.SSLCertVerificationError as error:
        raise ReaderError(
            f"The certificate of the reader at {where} is not trusted: {error.verify_message}.",
            "Give its certificate as tls_ca, and the name in it as tls_name.",
        ) from None
    except ssl.SSLError as error:
        raise ReaderError(
            f"The reader at {where} does not speak TLS: {error.reason}.",
            "Switch TLS on at the reader, or leave `tls` out.",
        ) from None
    except TimeoutError:
        raise ReaderError(f"Nothing answers at {where}.", _LOOK_AT_NETWORK) from None
    except OSError as error:
        raise ReaderError(
            f"The reader at {where} cannot be reached: {error.strerror or error}.",
            f"{_LOOK_AT_NETWORK} LLRP must be switched on at the reader.",
        ) from None


def _tls(config: ReaderConfig, folder: Path) -> ssl.SSLContext:
    if config.tls_ca is None:
        return ssl.create_default_context()
    path = folder / config.tls_ca
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ReaderError(
            f"The certificates in {path} cannot be used: {error}.",
            "Save them there in PEM format.",
        ) from None
