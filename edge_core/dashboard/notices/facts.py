"""What a site does with people, in sentences of two languages, read from its settings alone."""

from dataclasses import dataclass
from typing import Final

from edge_core.config import SiteConfig
from edge_core.dashboard.language import Say
from edge_core.privacy.packs import Function, Pack, load_pack

FUNCTION_NAMES: Final[dict[Function, tuple[str, str]]] = {
    "face-attributes": ("estimates of age and gender from faces", "由人脸估计年龄与性别"),
    "body-attributes": ("descriptions of clothing", "衣着特征估计"),
    "returning-visitors": ("recognising people who come back", "识别再次到访者"),
    "across-cameras": ("recognising people from camera to camera", "跨摄像机识别"),
    "personal-suggestions": ("suggestions from what is seen", "依据所见内容的推荐"),
}
BODY_NAMES: Final = {
    "bag": ("bag", "手提包"),
    "backpack": ("backpack", "背包"),
    "hat": ("hat", "帽子"),
    "long_sleeves": ("long sleeves", "长袖"),
    "long_trousers": ("long trousers", "长裤"),
    "long_hair": ("long hair", "长发"),
    "coat": ("coat", "外套"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a site.

    Attributes:
        name: of the site.
        operator, contact: who answers, and where they can be asked; a line to fill in where the
            settings do not say.
        cameras: each with where it hangs.
        purposes: what for.
        estimated: what is estimated of people.
        kept: what is kept, and how long.
        off: functions that are not there.
        refuse: how to say no.
        pack: the policy pack.
    """

    name: str
    operator: str
    contact: str
    cameras: tuple[str, ...]
    purposes: tuple[str, ...]
    estimated: tuple[str, ...]
    kept: tuple[str, ...]
    off: tuple[str, ...]
    refuse: tuple[str, ...]
    pack: Pack


def facts_of(site: SiteConfig, say: Say) -> Facts:
    """Read the settings."""
    blank = "______________________________"
    return Facts(
        name=say(site.site.name, site.site.name_zh),
        operator=site.privacy.operator or blank,
        contact=site.privacy.contact or blank,
        cameras=_cameras(site, say),
        purposes=_purposes(site, say),
        estimated=_estimated(site, say),
        kept=_kept(site, say),
        off=tuple(say(*FUNCTION_NAMES[it]) for it in site.privacy.off),
        refuse=_refuse(site, say),
        pack=load_pack(site.privacy.pack),
    )


def _cameras(site: SiteConfig, say: Say) -> tuple[str, ...]:
    floors = {it.id: say(it.name, it.name_zh) for it in site.floors}
    told = []
    for camera in site.cameras:
        where = floors.get(camera.floor or "", "")
        name = say(camera.name, camera.name_zh or camera.name) or camera.id
        told.append(f"{name}{say(', ', '，') if where else ''}{where}")
    return tuple(told)


def _purposes(site: SiteConfig, say: Say) -> tuple[str, ...]:
    told = [say("counting how many people are here, and when", "统计到访人数与时段")]
    if site.zones:
        told.append(say("seeing which places are visited and for how long", "了解各区域的停留情况"))
    if site.readers:
        told.append(
            say("seeing which garments are handled and tried on", "了解商品被拿取与试穿的情况")
        )
    if site.screens:
        told.append(say("showing ways, stores and goods on screens", "在屏幕上提供导览与商品信息"))
    return tuple(told)


def _estimated(site: SiteConfig, say: Say) -> tuple[str, ...]:
    told = [say("where somebody stands and walks, as a point on a plan", "人在平面图上的位置")]
    if site.privacy.recognises:
        minutes = max(1, round(site.privacy.embedding_ttl_s / 60))
        told.append(
            say(
                f"what clothes and build look like, as numbers, for up to {minutes} minutes",
                f"衣着与体型的数字描述，仅存于内存，至多 {minutes} 分钟",
            )
        )
    if site.readers:
        told.append(say("whether hands are at goods", "手部是否接触商品"))
    if site.attributes.face:
        told.append(say("age, and gender of adults", "年龄，以及成年人的性别"))
    if site.attributes.body:
        names = say(", ", "、").join(say(*BODY_NAMES[it]) for it in site.attributes.body)
        told.append(say(f"clothing: {names}", f"衣着：{names}"))
    return tuple(told)


def _kept(site: SiteConfig, say: Say) -> tuple[str, ...]:
    privacy = site.privacy
    return (
        say("Pictures: not at all.", "图像：完全不保存。"),
        say(
            f"Anonymous events, such as 'somebody came in at 10:14': {privacy.event_days} days.",
            f"匿名事件（如“10:14 有人进入”）：{privacy.event_days} 天。",
        ),
        say(
            f"Sums: as long; groups of fewer than {privacy.minimum_group} are not told.",
            f"汇总数据：期限相同；少于 {privacy.minimum_group} 人的数据不予显示。",
        ),
    )


def _refuse(site: SiteConfig, say: Say) -> tuple[str, ...]:
    told = []
    if any(it.kind == "kiosk" for it in site.screens):
        told.append(
            say(
                "At the kiosk: 'What this device sees', then 'Forget me'. You get a receipt.",
                "在自助屏上点“本机所见”，再点“忘记我”，即可获得回执。",
            )
        )
        told.append(
            say(
                "Everything on screens works without being seen: choose 'No thanks'.",
                "选择“不，谢谢”后，屏幕的所有功能照常可用。",
            )
        )
    told.append(say("Or ask us; see below.", "或与我们联系，见下方。"))
    return tuple(told)
