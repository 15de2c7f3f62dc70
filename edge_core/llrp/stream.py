"""Messages on a byte stream."""

import asyncio

from edge_core.llrp.codec import (
    HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    decode_header,
    decode_message,
    encode_message,
)
from edge_core.llrp.element import Message


async def read_frame(stream: asyncio.StreamReader, limit_bytes: int = MAX_MESSAGE_BYTES) -> bytes:
    """The bytes of the next message; only its header has been checked.

    Never more than `limit_bytes` are held for it, whatever its header announces.

    Raises:
        LlrpError: the header makes no sense: where the next message begins is not known.
        asyncio.IncompleteReadError: the other end has closed the connection.
        OSError: the connection broke.
    """
    head = await stream.readexactly(HEADER_BYTES)
    header = decode_header(head, limit_bytes)
    return head + await stream.readexactly(header.length - HEADER_BYTES)


async def read_message(
    stream: asyncio.StreamReader, limit_bytes: int = MAX_MESSAGE_BYTES
) -> Message:
    """The next message. Raises as `read_frame` and `decode_message`."""
    return decode_message(await read_frame(stream, limit_bytes))


async def write_message(stream: asyncio.StreamWriter, message: Message) -> None:
    """Send a message and wait until the other end keeps up.

    Raises:
        OSError: the connection broke.
    """
    stream.write(encode_message(message))
    await stream.drain()
