"""Work on files of another user with that user's rights.

The updater runs as root, the ledger's folder belongs to the service's user: whoever took that
account over must not be able to lay links there for root to follow.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from edge_core.errors import PromenadeError, UpdateError


def as_user(user: str | None, work: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function with a user's rights, in a process of its own when that is another user.

    Args:
        user: name; None for whoever this is.
        work: returns a JSON value.
        arguments: of it.

    Raises:
        UpdateError: there is no such user, or the work ran into the environment's fault.
    """
    if user is None or os.name != "posix" or os.geteuid() != 0:
        try:
            return work(*arguments)
        except PromenadeError as error:
            raise UpdateError(error.message, error.remedy) from error
    uid, gid = _ids(user)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(writer, uid, gid, work, arguments)
    os.close(writer)
    with os.fdopen(reader, "rb") as told:
        text = told.read()
    os.waitpid(child, 0)
    answer = json.loads(text) if text else {"bug": "it ended without an answer"}
    if "failed" in answer:
        raise UpdateError(*answer["failed"])
    if "bug" in answer:
        raise RuntimeError(f"the work as {user} failed: {answer['bug']}")
    return answer["done"]


def _ids(user: str) -> tuple[int, int]:
    if sys.platform == "win32":
        raise UpdateError("Windows knows no such users.", "Leave --user out.")
    import pwd

    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise UpdateError(f"There is no user {user}.", "Name the service's own.") from None
    return entry.pw_uid, entry.pw_gid


def _work(
    writer: int, uid: int, gid: int, work: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """In the child; never returns."""
    answer: dict[str, Any]
    try:
        if sys.platform != "win32":
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
            os.umask(0o077)
        answer = {"done": work(*arguments)}
    except PromenadeError as error:
        answer = {"failed": [error.message, error.remedy]}
    except BaseException:  # noqa: BLE001 - a process's edge: told to the parent, which raises
        answer = {"bug": traceback.format_exc()}
    with os.fdopen(writer, "wb") as told:
        told.write(json.dumps(answer).encode())
    os._exit(0)
