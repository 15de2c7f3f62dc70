"""Codes by which reader and client tell each other what went wrong (LLRP 1.0.1, 13.2.6, 14.1)."""

from enum import IntEnum


class StatusCode(IntEnum):
    """Status of a request; the letters before it name where the mistake is."""

    SUCCESS = 0
    PARAMETER_ERROR = 100
    FIELD_ERROR = 101
    UNEXPECTED_PARAMETER = 102
    MISSING_PARAMETER = 103
    DUPLICATE_PARAMETER = 104
    OVERFLOW_PARAMETER = 105
    OVERFLOW_FIELD = 106
    UNKNOWN_PARAMETER = 107
    UNKNOWN_FIELD = 108
    UNSUPPORTED_MESSAGE = 109
    UNSUPPORTED_VERSION = 110
    UNSUPPORTED_PARAMETER = 111
    INVALID = 300
    OUT_OF_RANGE = 301
    DEVICE_ERROR = 401


class ConnectionStatus(IntEnum):
    """How a reader greets a new connection, or tells of another one."""

    SUCCESS = 0
    TAKEN_BY_READER = 1
    TAKEN_BY_CLIENT = 2
    FAILED = 3
    ANOTHER_ATTEMPTED = 4


def status_text(code: int) -> str:
    """A status code in words, with its number."""
    try:
        return f"{StatusCode(code).name.lower().replace('_', ' ')} ({code})"
    except ValueError:
        return f"status {code}"
