"""The list on a shopper's phone: HTML without scripts, that asks nobody else for anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from edge_core.config import Product
from edge_core.dashboard.language import Say
from edge_core.hub.after_visit.catalogue import Idea, Line, Nearby
from edge_core.hub.after_visit.phone_frame import day_of, document, money, qr
from edge_core.hub.after_visit.settings import AfterVisitConfig
from edge_core.suggest.list_link import NO_ROUTE, ListCoupon
from edge_core.suggest.take_home import CouponOffer, TakeHome, nonce_from, signed_text


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list's page shows.

    Attributes:
        site: id of the shop that made it.
        shop: its name.
        currency: of prices.
        token: the address's end.
        lines, ideas: garments and outfits.
        coupon: of the list, or None.
        expires_utc, now_utc: of the list, and now.
        zone: of the shop.
        code: for the till; "" without a reminder.
        note: what just happened: `asked`, or why not: `contact`, `agree`; else "".
        simulated: the chain is made up.
    """

    site: str
    shop: str
    currency: str
    token: str
    lines: Sequence[Line]
    ideas: Sequence[Idea]
    coupon: ListCoupon | None
    expires_utc: datetime
    now_utc: datetime
    zone: ZoneInfo
    code: str
    note: str
    simulated: bool


def list_html(page: ListPage, config: AfterVisitConfig, say: Say) -> str:
    """The whole page."""
    until = day_of(page.expires_utc, page.zone, say)
    made = say(
        f"From the mirror at {escape(page.shop)}. Opens until {until}.",
        f"来自 {escape(page.shop)} 的智能镜，{until}前有效。",
    )
    parts = [
        _simulated(say) if page.simulated else "",
        _note(page.note, say),
        f"<h1>{say('Your list', '您的清单')}</h1>",
        f'<p class="soft">{made}</p>',
        _garments(page, say),
        _coupon(page, say),
        _ideas(page.ideas, say),
        _till_code(page.code, say),
        _remind(page, config, say) if config.reminds and not page.code else "",
        _footer(config, say),
    ]  # fmt: skip
    return document(page.shop, say("Your list", "您的清单"), "".join(parts), say,
                    switch=f"?lang={say('zh', 'en')}")  # fmt: skip


def _simulated(say: Say) -> str:
    told = say(
        "Simulated: shop, list and figures are made up.", "模拟数据：门店、清单与数字均为虚构。"
    )
    return f'<p class="note">{told}</p>'


def _note(note: str, say: Say) -> str:
    told = {
        "asked": say(
            "Thank you. If the address is new to us today, a message is on its way: please confirm"
            " there. Until then nothing is agreed.",
            "谢谢。若该联系方式今日首次提交，确认消息即将送达，请按其中链接确认；确认前不会提醒。",
        ),
        "contact": say("Please check the address you typed.", "请检查您输入的联系方式。"),
        "agree": say(
            "A reminder needs your consent: tick the box.", "发送提醒需要您的同意，请勾选。"
        ),
    }.get(note)
    if told is None:
        return ""
    wrong = "" if note == "asked" else " wrong"
    return f'<p class="note{wrong}" role="status">{told}</p>'


def picture(product: Product, say: Say) -> str:
    """A garment's drawing."""
    name = escape(say(product.name, product.name_zh) or product.sku)
    tint = product.tint.lstrip("#")
    source = f"/r/garment/{quote(product.picture or 'garment')}.svg" + (
        f"?tint={tint}" if tint else ""
    )
    return f'<img src="{source}" alt="{name}" width="80" height="96">'


def _garments(page: ListPage, say: Say) -> str:
    if not page.lines:
        told = say("The shop does not carry these garments any more.", "门店已不再销售这些商品。")
        return f'<p class="note">{told}</p>'
    rows = "".join(_garment(line, page, say) for line in page.lines)
    return f'<ul aria-label="{say("Garments", "商品")}">{rows}</ul>'


def _garment(line: Line, page: ListPage, say: Say) -> str:
    product = line.product
    name = escape(say(product.name, product.name_zh) or product.sku)
    parts = (
        say(product.colour, product.colour_zh),
        product.size and say("size ", "尺码 ") + product.size,
    )
    about = escape(", ".join(it for it in parts if it))
    price = "" if product.price is None else money(product.price, page.currency)
    return (
        f'<li class="garment"><span class="picture">{picture(product, say)}</span><div>'
        f'<div class="name"><span>{name}</span><span class="price">{price}</span></div>'
        f'<div class="soft">{about}</div>{_stock(line, page.shop, say)}'
        f"{_near(line.nearby, say)}</div></li>"
    )


def _stock(line: Line, shop: str, say: Say) -> str:
    name = escape(shop)
    if line.here is None:
        return ""
    if line.here == 0:
        return f'<div class="stock none">{say(f"Sold out at {name}", f"{name} 已售罄")}</div>'
    many = line.here > 3
    told = say(
        f"At {name}" if many else f"{line.here} left at {name}",
        f"{name} 有货" if many else f"{name} 仅余 {line.here} 件",
    )
    return f'<div class="stock">{told}</div>'


def _near(nearby: Sequence[Nearby], say: Say) -> str:
    if not nearby:
        return ""
    count = len(nearby)
    shops = "1 other shop" if count == 1 else f"{count} other shops"
    rows = "".join(_near_row(it, say) for it in nearby[:12])
    return (
        f"<details><summary>{say(f'In {shops}', f'另有 {count} 家门店有货')}</summary>"
        f'<ul class="near">{rows}</ul></details>'
    )


def _near_row(shop: Nearby, say: Say) -> str:
    where = say(shop.where, shop.where_zh)
    way = (
        ""
        if shop.minutes is None
        else say(f"{shop.minutes} min on foot", f"步行 {shop.minutes} 分钟")
    )
    small = escape(" · ".join(it for it in (where, way) if it))
    name = escape(say(shop.name, shop.name_zh))
    left = say(f"{shop.pieces} left", f"{shop.pieces} 件")
    return f"<li><span>{name}<small>{small}</small></span><b>{left}</b></li>"


def _coupon(page: ListPage, say: Say) -> str:
    coupon = page.coupon
    if coupon is None:
        return ""
    until = f"{coupon.expires_utc.astimezone(page.zone):%H:%M}"
    day = day_of(coupon.expires_utc, page.zone, say)
    value = escape(coupon.value.replace("%", " %"))
    head = f"<h2>{say('Your coupon', '您的优惠券')}</h2>"
    if page.now_utc > coupon.expires_utc:
        told = say(f"{value} {escape(coupon.title)}: it was valid until {day}, {until}.",
                   f"{value} {escape(coupon.title)}：已于 {day} {until} 到期。")  # fmt: skip
        return f'{head}<div class="card"><p class="soft">{told}</p></div>'
    told = say(f"Until {day}, {until}. Show it at the till; it counts once.",
               f"有效期至 {day} {until}。请向收银员出示，限用一次。")  # fmt: skip
    code = qr(coupon_text(page.site, coupon), say("Code of the coupon", "优惠券二维码"))
    return (
        f'{head}<div class="card coupon"><div class="value">{value}</div>'
        f"<div>{escape(coupon.title)}</div>{code}"
        f'<p class="soft">{told}</p></div>'
    )


def coupon_text(site: str, coupon: ListCoupon) -> str:
    """The text that tills read, put together again from what the list carries."""
    offer = CouponOffer(coupon.coupon, coupon.value, coupon.expires_utc, nonce_from(coupon.nonce))
    content = TakeHome(site, coupon.title, NO_ROUTE, offer)
    return signed_text(content, coupon.key_id, coupon.signature)


def _ideas(ideas: Sequence[Idea], say: Say) -> str:
    if not ideas:
        return ""
    cards = "".join(_idea(it, say) for it in ideas)
    told = say("Put together from what the shop has.", "由门店现有商品搭配而成。")
    return (
        f"<h2>{say('Goes well with it', '搭配灵感')}</h2>"
        f'<p class="soft">{told}</p>'
        f'<div class="ideas" tabindex="0" role="group" aria-label="{say("Outfits", "搭配")}">'
        f"{cards}</div>"
    )


def _idea(idea: Idea, say: Say) -> str:
    def figure(product: Product, own: bool) -> str:
        name = escape(say(product.name, product.name_zh) or product.sku)
        mine = f'<br><span class="own">{say("on your list", "在清单上")}</span>' if own else ""
        return f"<figure>{picture(product, say)}<figcaption>{name}{mine}</figcaption></figure>"

    pieces = "".join(
        [*(figure(it, own=True) for it in idea.own), *(figure(it, own=False) for it in idea.added)]
    )
    return f'<div class="idea"><div class="row">{pieces}</div></div>'


def _till_code(code: str, say: Say) -> str:
    if not code:
        return ""
    shown = f"{code[:4]} {code[4:]}"
    told = say(
        "If you buy something, show this at the till. It changes no price and names nobody: it"
        " counts that this list led to a purchase, whether or not you were reminded.",
        "若您购买商品，请向收银员出示。它不影响价格，也不含身份信息，"
        "仅统计清单是否带来购买，无论您是否收到提醒。",
    )
    image = qr(code, say("Code of the list", "清单代码"))
    return (
        f"<h2>{say('At the till', '收银代码')}</h2>"
        f'<div class="card coupon">{image}<p class="signs">{shown}</p>'
        f'<p class="soft">{told}</p></div>'
    )


def _remind(page: ListPage, config: AfterVisitConfig, say: Say) -> str:
    mail, phone = "email" in config.channels, "sms" in config.channels
    field = (
        say("E-mail address or mobile number", "电子邮箱或手机号") if mail and phone
        else say("E-mail address", "电子邮箱") if mail
        else say("Mobile number, with country code", "手机号（含国家代码）")
    )  # fmt: skip
    kind = (
        'inputmode="email" autocomplete="email"' if mail else 'inputmode="tel" autocomplete="tel"'
    )
    once = say("Once, of what you tried and left here.", "仅一次，关于您试过而未带走的衣物。")
    wrong = ' aria-invalid="true"' if page.note == "contact" else ""
    agree = say(
        f"{escape(config.controller)} may send me one reminder of this list. I can stop it at any"
        " time with one tap.",
        f"同意由 {escape(config.controller)} 就此清单向我发送一次提醒，并可随时一键取消。",
    )
    return (
        f'<h2 id="remind">{say("Shall we remind you?", "需要提醒吗？")}</h2>'
        f'<p class="soft">{once}</p>'
        f'<form class="card" method="post" action="/l/{page.token}/remind">'
        f'<input type="hidden" name="lang" value="{say("en", "zh")}">'
        f'<label class="field" for="contact">{field}</label>'
        f'<input id="contact" name="contact" type="text" required maxlength="120" {kind}'
        f' spellcheck="false" autocapitalize="none"{wrong}>'
        f'<label class="agree"><input type="checkbox" name="agree" value="yes" required>'
        f"<span>{agree}</span></label>"
        f"<button>{say('Remind me once', '提醒我一次')}</button>{_how(config, say)}</form>"
    )


def _how(config: AfterVisitConfig, say: Say) -> str:
    share = round(1 / config.holdout)
    points = (
        say("You confirm first, by a link we send you. Unconfirmed addresses are deleted within two"
            " days.", "您需先通过我们发送的链接确认；未确认的联系方式将在两天内删除。"),
        say(f"One person in {share}, drawn by chance, gets no reminder, so that we learn whether"
            " reminders help. Nothing else depends on it, prices least of all.",
            f"每 {share} 人中随机有一人不会收到提醒，以了解提醒是否有用；价格等一切不受影响。"),
        say("Your address is kept encrypted and is deleted once the reminder has gone out, once you"
            " buy, or when you stop it.", "联系方式加密保存，提醒发出、您已购买或您取消后即删除。"),
        say(f"What stays for {config.window_days + 3} days is a keyed fingerprint, by which a"
            " purchase you make with the same address is counted. After that nothing names you.",
            f"此后 {config.window_days + 3} 天内仅留加密指纹，用于统计该联系方式的购买，随后清除"),
        say(f"At most one reminder in {config.within_days} days from all our shops together, and"
            f" none between {config.quiet_from:%H:%M} and {config.quiet_until:%H:%M}.",
            f"所有门店合计 {config.within_days} 天内至多一次，"
            f"{config.quiet_from:%H:%M} 至 {config.quiet_until:%H:%M} 不发送。"),
    )  # fmt: skip
    rows = "".join(f"<li>{escape(it)}</li>" for it in points)
    head = say("What happens with my address", "我的联系方式如何使用")
    return f'<details class="how"><summary>{head}</summary><ul>{rows}</ul></details>'


def _footer(config: AfterVisitConfig, say: Say) -> str:
    told = say(
        "No account, no cookies, no app. The list is in the address itself: nothing of it is kept"
        " here, and whoever has the address can open it.",
        "无需账户，不使用 Cookie，无需应用。清单内容即在网址中，此处不保存；持有网址者均可打开。",
    )
    who = say("Answerable:", "责任方：")
    return f"<footer><p>{told}</p><p>{who} {escape(config.controller)}</p></footer>"
