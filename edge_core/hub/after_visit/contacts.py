"""Addresses that people type: e-mail addresses and telephone numbers, in one spelling each."""

import re
from typing import Final

from edge_core.hub.after_visit.settings import Channel

MOST_CHARACTERS: Final = 120
_EMAIL: Final = re.compile(r"^[^\s@<>\"',;:()\[\]\\]{1,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,24}$")
_PHONE: Final = re.compile(r"^\+[1-9]\d{7,14}$")


def channel_of(contact: str) -> Channel | None:
    """What a contact in one spelling is; None for neither."""
    if _EMAIL.fullmatch(contact) and ".." not in contact:
        return "email"
    return "sms" if _PHONE.fullmatch(contact) else None


def one_spelling(typed: str) -> str:
    """A contact as it is kept: small letters, or a plus and digits (E.164); "" if too long."""
    text = typed.strip()
    if len(text) > MOST_CHARACTERS:  # cutting it would make it somebody else's
        return ""
    if "@" in text:
        return text.lower()
    digits = re.sub(r"[\s().\-/]", "", text)
    return f"+{digits[2:]}" if digits.startswith("00") else digits
