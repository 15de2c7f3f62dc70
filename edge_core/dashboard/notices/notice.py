"""The notice for people who want to know more than the sign says."""

from edge_core.config import SiteConfig
from edge_core.dashboard.exports.paper import SOFT
from edge_core.dashboard.language import Say
from edge_core.dashboard.notices.facts import facts_of
from edge_core.dashboard.notices.sheets import Sheets


def notice(site: SiteConfig, say: Say) -> bytes:
    """The PDF of the privacy notice. See `signage`."""
    facts = facts_of(site, say)
    foot = say(
        "Made by Promenade from this site's settings. It is no legal advice.",
        "由 Promenade 根据本场所设置生成，不构成法律意见。",
    )
    sheets = Sheets(say("Privacy notice", "隐私告知"), facts.name, say("notice", "告知"), foot)
    sheets.text(
        say(
            "Cameras in this place look at people to count them. They are no surveillance: no"
            " picture leaves the memory of the computer that looks at it, and none is kept.",
            "本场所的摄像机仅用于统计人数，并非监控：图像不会离开处理它的计算机内存，也不会被保存。",
        ),
        size=11,
    )
    sheets.rows(
        [
            (title, "\n".join(lines))
            for title, lines in (
                (say("Who answers", "负责方"), (facts.operator, facts.contact)),
                (say("Cameras", "摄像机"), facts.cameras),
                (say("What for", "用途"), facts.purposes),
                (say("What is estimated", "估计内容"), facts.estimated),
                (say("How long it is kept", "保存期限"), facts.kept),
                (say("Switched off here", "此处已关闭的功能"), facts.off),
                (say("What is never done", "绝不进行"), never(say)),
                (say("How to say no", "如何拒绝"), facts.refuse),
                (say("Your rights", "您的权利"), rights(say)),
            )
            if lines
        ]
    )
    sheets.text(sharing(site, say), colour=SOFT)
    return sheets.done()


def never(say: Say) -> list[str]:
    """What no setting can switch on."""
    return [
        say("recognising who somebody is, or emotions or origin", "识别身份、情绪或族裔"),
        say("prices or coupons that depend on what a camera sees", "依据所见内容决定价格或优惠券"),
        say("cameras in fitting rooms", "在试衣间内安装摄像机"),
    ]


def rights(say: Say) -> list[str]:
    """What people may ask for, as most laws have it."""
    return [
        say(
            "You may ask what is known of you, have it deleted, object, and complain to the"
            " authority. As nothing kept names anybody, we can mostly not find you in it; what is"
            " in memory is deleted at once by 'Forget me'.",
            "您可以查询、要求删除、提出反对，并向监管机构投诉。由于所保存的数据不指向任何人，"
            "我们通常无法从中找到您；内存中的内容可通过“忘记我”立即删除。",
        )
    ]


def sharing(site: SiteConfig, say: Say) -> str:
    """Where data go."""
    if site.hub.url:
        return say(
            "Sums of whole days, without small groups, go to the mall's or chain's own server;"
            " nothing goes to anybody else.",
            "每日汇总数据（不含小群体）会发送至商场或集团自有服务器，不会提供给其他任何人。",
        )
    return say("Nothing leaves the computer in this place.", "所有数据均不离开本场所的计算机。")
