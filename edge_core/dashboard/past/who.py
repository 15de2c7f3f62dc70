"""Who comes, as shares with their uncertainty; nothing where attributes are off."""

from functools import partial
from html import escape
from typing import Final

from nicegui import run, ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import Page
from edge_core.dashboard.language import Say
from edge_core.dashboard.past.choice import Days, choice, places
from edge_core.dashboard.past.style import PAST_STYLE
from edge_core.service.history_schema import AttributeView, DemographicsView, LabelView
from edge_core.service.history_views import demographics_view
from edge_core.service.views import ServiceState

_NAMES: Final = {
    "gender": ("Gender, as it looks", "外观性别"),
    "age": ("Age", "年龄"),
    "female": ("women", "女"),
    "male": ("men", "男"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
}


def build_who(state: ServiceState) -> None:
    """Everything inside the frame."""
    say, site = viewer().say, state.site()
    ui.add_css(PAST_STYLE)

    async def show() -> None:
        wanted = partial(demographics_view, state.past, site, place.value, days.span())
        found = await run.io_bound(wanted)
        if found is not None:
            shares.set_content(shares_html(found, site.minimum_group, say))

    with ui.element("div").classes("pr-bar-top"):
        days = Days(state, say, show, "month")
        of = places(state, say)
        lines = {it.id: say(it.name, it.name_zh) for it in site.lines if it.entrance}
        place = choice({"": of.pop("")} | lines | of, "", say("Place", "地点"), show)
    shares = ui.html(sanitize=False).style("width: 100%")
    ui.timer(0, show, once=True)


def shares_html(found: DemographicsView, least: int, say: Say) -> str:
    """A card an attribute."""
    if not found.attributes:
        title = say("Nothing is estimated", "未进行任何估计")
        told = say(
            "Attributes are off, or nobody was seen in that time. They are switched on in the site"
            " file, under [attributes], after an audit of your own: see the models' cards for how"
            " far they can be trusted. Shares are kept as sums by hour, never by person.",
            "属性估计已关闭，或该时段无人。请在自行审核后于站点文件的 [attributes] 中开启；"
            "其可信程度见模型卡片。占比仅按小时汇总保存，绝不按个人保存。",
        )
        return (
            f'<section class="pr-card"><div class="pr-title"><b>{title}</b></div>'
            f'<p class="pr-note" style="max-width: 640px; margin: 0">{told}</p></section>'
        )
    cards = "".join(_card(it, least, say) for it in found.attributes)
    return f'<div class="pr-shares">{cards}</div>'


def _card(attribute: AttributeView, least: int, say: Say) -> str:
    title = escape(_said(attribute.attribute, say))
    told = say(
        f"of {attribute.people:,} people, told of {attribute.coverage:.0%}",
        f"共 {attribute.people:,} 人，其中 {attribute.coverage:.0%} 可判断",
    )
    rows = "".join(_share(it, say) for it in attribute.labels)
    if not attribute.labels:
        few = say(f"Fewer than {least} people: not told.", f"少于 {least} 人，不予显示。")
        rows = f'<div class="pr-none">{few}</div>'
    how = (
        say("Corrected by the audit of this site.", "已按本场地审核结果校正。")
        if attribute.corrected
        else say("As estimated; not corrected by an audit.", "为估计值，未经审核校正。")
    )
    return (
        f'<section class="pr-card"><div class="pr-title"><b>{title}</b><span>{told}</span></div>'
        f'{rows}<p class="pr-note">{how}</p></section>'
    )


def _share(label: LabelView, say: Say) -> str:
    band, between = "", ""
    if label.low is not None and label.high is not None:
        left, wide = label.low * 100, (label.high - label.low) * 100
        band = f'<em style="left:{left:.1f}%;width:{wide:.1f}%"></em>'
        between = f" ({label.low:.0%} – {label.high:.0%})"
    return (
        f'<div class="pr-share"><span>{escape(_said(label.label, say))}</span>'
        f'<div class="track"><i style="width:{label.share:.1%}"></i>{band}</div>'
        f'<div class="figure"><b>{label.share:.0%}</b>{between}</div></div>'
    )


def _said(name: str, say: Say) -> str:
    return say(*_NAMES[name]) if name in _NAMES else name.replace("_", " ").capitalize()


WHO: Final = Page("/demographics", "Demographics", build_who, title_zh="客群构成", icon="people")
