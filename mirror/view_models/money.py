"""Prices as people read them."""

from decimal import Decimal
from typing import Final

from edge_core.qt.screen import Screen

_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "CNY": "¥", "JPY": "¥", "CHF": "CHF "}


def money(screen: Screen, price: Decimal | None) -> str:
    """A price in the site's currency and the language shown; "" when it is unknown."""
    if price is None:
        return ""
    site = screen.facts.site
    currency = site.currency if site is not None else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return screen.tongue.locale().toCurrencyString(float(price), symbol)
