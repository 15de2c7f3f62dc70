"""What the retailer's own messaging is handed: the same record by webhook and as CSV."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, Final

from edge_core.dashboard.language import Say
from edge_core.hub.after_visit.catalogue import Catalogue, Line
from edge_core.hub.after_visit.deciding import Left, worth_reminding
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.settings import AfterVisitConfig
from edge_core.suggest.list_link import PATH, ShopList
from edge_core.units import NS_PER_S

CONFIRM: Final = "/r/confirm/"
STOP: Final = "/r/stop/"


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """One message to send.

    Attributes:
        id: the same whenever it is handed over again; send each id once.
        kind: `confirm` asks for the confirmation that makes an opt-in; `reminder` is the reminder.
        channel, contact: where to.
        language: `en` or `zh`.
        shop: name of the shop.
        subject, text: ready to send; the text holds the links.
        garments: names, as lines.
        url: what the message leads to.
        unsubscribe_url: stops everything; a person opens it, and a POST to it with the body
            `List-Unsubscribe=One-Click` does the same (RFC 8058). "" for `confirm`.
        created_utc: when the hub made it.
    """

    id: str
    kind: str
    channel: str
    contact: str
    language: str
    shop: str
    subject: str
    text: str
    garments: tuple[str, ...]
    url: str
    unsubscribe_url: str
    created_utc: str

    def as_json(self) -> dict[str, Any]:
        """For a webhook: e-mail headers come along, to be set as they are."""
        told = asdict(self)
        told["garments"] = list(self.garments)
        headers = {}
        if self.unsubscribe_url:
            headers = {
                "List-Unsubscribe": f"<{self.unsubscribe_url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
        return told | {"email_headers": headers}

    def as_row(self) -> tuple[str, ...]:
        """For a table, in the order of `COLUMNS`."""
        told = asdict(self) | {"garments": "; ".join(self.garments)}
        return tuple(str(told[name]) for name in COLUMNS)


COLUMNS: Final = tuple(it.name for it in fields(MessageRecord))


class Writer:
    """Writes messages for people, at the moment they are sent.

    Args:
        catalogue: names of garments, and what is left of them.
        keys: prove the links.
        config: the address of the links.
    """

    def __init__(self, catalogue: Catalogue, keys: ContactKeys, config: AfterVisitConfig) -> None:
        self._catalogue = catalogue
        self._keys = keys
        self._config = config

    def write(
        self, message: Any, opt_in: Any, content: ShopList, now_ns: int
    ) -> MessageRecord | None:
        """A record; None when there is nothing worth reminding of.

        Args:
            message: a row of `messages`.
            opt_in: the row of `opt_ins` it belongs to.
            content: of the list.
            now_ns: UTC.

        Raises:
            SourceError: the contact cannot be read.
        """
        say = Say("zh" if opt_in.language == "zh" else "en")
        site = self._catalogue.site(opt_in.site)
        shop = site.name if site is not None else opt_in.site
        contact = self._keys.unseal(opt_in.sealed, opt_in.id)
        now = datetime.fromtimestamp(now_ns / NS_PER_S, UTC)
        names: tuple[str, ...] = ()
        if message.kind == "confirm":
            url = self._config.address + CONFIRM + self._keys.link("confirm", opt_in.id)
            stop, (subject, text) = "", _confirm(shop, url, say)
        else:
            names = self._worth(opt_in, content, now, say)
            if not names:
                return None
            url = f"{self._config.address}{PATH}{opt_in.token}"
            stop = self._config.address + STOP + self._keys.link("stop", opt_in.id)
            subject, text = _reminder(shop, names, url, stop, say)
        return MessageRecord(
            message.id, message.kind, opt_in.channel, contact, opt_in.language, shop, subject, text,
            names, url, stop, now.isoformat(timespec="seconds"),
        )  # fmt: skip

    def _worth(self, opt_in: Any, content: ShopList, now: datetime, say: Say) -> tuple[str, ...]:
        lines = {it.product.gtin: it for it in self._catalogue.lines(opt_in.site, content.items)}
        asked = datetime.fromtimestamp(opt_in.asked_utc_ns / NS_PER_S, UTC)
        lefts = [Left(gtin, it.tried, asked, it.pieces) for gtin, it in lines.items()]
        return tuple(name_of(lines[it.gtin], say) for it in worth_reminding(lefts, now))


def name_of(line: Line, say: Say) -> str:
    """A garment in a line: name, colour and size, never a price."""
    product = line.product
    name = say(product.name, product.name_zh) or product.sku
    return ", ".join(
        it for it in (name, say(product.colour, product.colour_zh), product.size) if it
    )


def _confirm(shop: str, url: str, say: Say) -> tuple[str, str]:
    return (
        say(f"Please confirm: a reminder from {shop}", f"请确认：{shop} 的提醒"),
        say(
            f"Somebody, probably you, asked {shop} for one reminder of a list made at the mirror."
            f" Confirm it here:\n{url}\nIf it was not you, do nothing: this address is deleted"
            " within two days and you hear no more.",
            f"有人（可能是您）请 {shop} 就镜前清单发送一次提醒。请点此确认：\n{url}\n"
            "若非本人操作，请忽略：此地址将在两天内删除，不会再收到消息。",
        ),
    )


def _reminder(shop: str, names: Sequence[str], url: str, stop: str, say: Say) -> tuple[str, str]:
    listed = "\n".join(f"- {name}" for name in names)
    return (
        say(f"What you tried at {shop}", f"您在 {shop} 试过的"),
        say(
            f"You asked us to remind you of what you tried and left at {shop}:\n{listed}\n"
            f"Your list, and where to find it: {url}\n\nThis is the only reminder of this list."
            f" No more reminders, and your address deleted: {stop}",
            f"您曾请我们提醒您在 {shop} 试过而未带走的衣物：\n{listed}\n"
            f"清单与有货门店：{url}\n\n此清单仅提醒这一次。退订并删除联系方式：{stop}",
        ),
    )
