"""What the phone's pages share: their frame, codes, amounts and days; and pages of a few words."""

from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

import segno

from edge_core.dashboard.language import Say
from edge_core.hub.after_visit.phone_style import STYLE_NAME
from edge_core.hub.after_visit.settings import AfterVisitConfig
from edge_core.suggest.list_link import ListTrouble

_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥", "JPY": "¥", "CHF": "CHF "}
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December")  # fmt: skip


def document(shop: str, name: str, content: str, say: Say, switch: str = "") -> str:
    """A page round its content; `switch` leads to the same in the other language."""
    other = say("中文", "English")
    tongue = (
        f'<a class="tongue" href="{escape(switch)}" hreflang="{say("zh", "en")}"'
        f' lang="{say("zh", "en")}">{other}</a>'
        if switch
        else ""
    )
    return (
        f'<!doctype html><html lang="{say("en", "zh-Hans")}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex">'
        f"<title>{escape(name)} · {escape(shop)}</title>"
        f'<link rel="stylesheet" href="/r/{STYLE_NAME}"><link rel="icon" href="data:,"></head>'
        f'<body><div class="page"><header><span class="shop">{escape(shop)}</span>{tongue}'
        f"</header><main>{content}</main></div></body></html>"
    )


def trouble_html(trouble: ListTrouble, shop: str, say: Say) -> str:
    """Instead of a list that is none, or none any more."""
    if trouble is ListTrouble.EXPIRED:
        name = say("This list has run out", "清单已过期")
        told = say(
            "Lists open for a while only, and nothing of them is kept here. At the mirror a new one"
            " takes a moment.",
            "清单仅在一段时间内有效，此处不留任何内容。您可随时在智能镜前生成新清单。",
        )
    else:
        name = say("No list here", "此处没有清单")
        told = say(
            "The address is not complete, or was not made by one of our mirrors. Scan the code on"
            " the mirror again. Nothing was kept of your visit to this page.",
            "网址不完整，或并非由我们的智能镜生成。请重新扫描镜上的二维码。此次访问未留下任何记录。",
        )
    return _alone(name, told, say, shop)


def confirm_html(shop: str, link: str, say: Say) -> str:
    """Asks once more; a mail scanner that follows links agrees to nothing."""
    told = say(
        f"One reminder of your list from {escape(shop)}, and no other message.",
        f"{escape(shop)} 仅就该清单提醒您一次，不发送其他消息。",
    )
    button = _button(f"/r/confirm/{link}", say("Yes, remind me once", "确认，提醒我一次"))
    return _alone(say("One reminder?", "确认提醒"), told, say, shop, button)


def confirmed_html(shop: str, stop: str, config: AfterVisitConfig, say: Say) -> str:
    """It is agreed."""
    share = round(1 / config.holdout)
    told = say(
        f"If a reminder comes, it is one, and no sooner than {config.wait_h:g} hours from now."
        f" One person in {share}, drawn by chance, gets none: that is how we tell whether"
        " reminders are of any use. The code for the till now stands on your list.",
        f"提醒至多一次，且不早于 {config.wait_h:g} 小时之后。每 {share} 人中随机有一人不会收到，"
        "以便了解提醒是否有用。收银代码现已显示在您的清单上。",
    )
    words = say("Changed your mind? Stop it here", "改变主意？点此取消")
    link = f'<p><a class="tongue" href="/r/stop/{stop}">{words}</a></p>'
    return _alone(say("Agreed", "已确认"), told, say, shop, link)


def stop_html(shop: str, link: str, say: Say) -> str:
    """Asks before it stops; the header of mail programs does it at once."""
    told = say(
        "No reminder of any list of this chain, and your address is deleted at once.",
        "不再收到本集团任何清单的提醒，您的联系方式将立即删除。",
    )
    button = _button(f"/r/stop/{link}", say("Stop reminders", "停止提醒"))
    return _alone(say("Stop reminders?", "停止提醒？"), told, say, shop, button)


def stopped_html(shop: str, say: Say) -> str:
    """It is done."""
    told = say(
        "Your address is deleted. There is nothing else to do.",
        "您的联系方式已删除，无需其他操作。",
    )
    return _alone(say("Stopped", "已停止"), told, say, shop)


def over_html(shop: str, say: Say) -> str:
    """A link that leads nowhere any more."""
    told = say(
        "It may have been used, or its time is over. No address is kept for it.",
        "该链接可能已使用或已失效，我们未为其保留任何联系方式。",
    )
    return _alone(say("This link has run out", "链接已失效"), told, say, shop)


def _alone(name: str, told: str, say: Say, shop: str, after: str = "") -> str:
    content = f'<div class="alone"><h1>{name}</h1><p>{told}</p>{after}</div>'
    return document(shop, name, content, say)


def _button(action: str, name: str) -> str:
    return f'<form method="post" action="{escape(action)}"><button>{name}</button></form>'


def qr(text: str, name: str) -> str:
    """A code on white."""
    code = segno.make_qr(text, error="m")
    drawn = code.svg_inline(border=0, omitsize=True, lineclass=None, svgclass=None, dark="#0b0e14")
    return f'<div class="code" role="img" aria-label="{escape(name)}">{drawn}</div>'


def money(price: Decimal, currency: str) -> str:
    """An amount with its currency."""
    sign = _SIGNS.get(currency)
    return f"{sign}{price:.2f}" if sign else f"{price:.2f} {escape(currency)}"


def day_of(at_utc: datetime, zone: ZoneInfo, say: Say) -> str:
    """Day and month by the shop's calendar."""
    day = at_utc.astimezone(UTC).astimezone(zone)
    return say(f"{day.day} {_MONTHS[day.month - 1]}", f"{day.month}月{day.day}日")
