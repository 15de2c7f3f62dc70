"""Working as the owner of a folder, so that what root sets up stays readable for the service."""

import os
import sys
from pathlib import Path


def become_owner_of(folder: Path) -> str | None:
    """Give up root for good if the folder belongs to another user.

    An installed service runs as a user of its own; a command that an administrator runs beside it
    would else leave keys and databases that the service may not open.

    Args:
        folder: where files are about to be made.

    Returns:
        Name of the user that this process has become, None if it stays who it is.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    try:
        account = pwd.getpwuid(folder.stat().st_uid)
    except (OSError, KeyError):  # no such folder yet, or of a user that is gone
        return None
    if account.pw_uid == 0:
        return None
    os.initgroups(account.pw_name, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    return account.pw_name
