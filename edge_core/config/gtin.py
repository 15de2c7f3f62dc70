"""GS1's numbers of products."""


def check_digit(digits: str) -> int:
    """Check digit that follows these digits of a GTIN (GS1 General Specifications, 7.9)."""
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -weighted % 10


def gtin_14(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 with fourteen digits; ValueError when it is none."""
    digits = text.strip()
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"{text!r} is no GTIN: it needs 8, 12, 13 or 14 digits")
    if check_digit(digits[:-1]) != int(digits[-1]):
        raise ValueError(f"{text!r} is no GTIN: its check digit is wrong")
    return digits.zfill(14)
