"""Draft of a data protection impact assessment, for the operator to complete and sign."""

from collections.abc import Iterator

from edge_core.config import SiteConfig
from edge_core.dashboard.exports.paper import SOFT
from edge_core.dashboard.language import Say
from edge_core.dashboard.notices.facts import Facts, facts_of
from edge_core.dashboard.notices.notice import never, rights, sharing
from edge_core.dashboard.notices.sheets import Sheets


def assessment(site: SiteConfig, say: Say) -> bytes:
    """The PDF of the draft. See `signage`."""
    facts = facts_of(site, say)
    foot = say(
        "A draft made from settings; no legal advice. To be completed by the operator.",
        "根据设置生成的草稿，不构成法律意见，须由运营方补充完善。",
    )
    title = say("Impact assessment", "个人信息保护影响评估")
    sheets = Sheets(title, facts.name, say("draft", "草稿"), foot)
    _processing(sheets, site, facts, say)
    sheets.heading(say("4  Risks and what stands against them", "4  风险与应对"))
    sheets.rows(list(_risks(site, say)), 0.36)
    sheets.heading(say("5  Rights and choices", "5  权利与选择"))
    sheets.points([*facts.refuse, *rights(say)])
    _pack(sheets, facts, say)
    sheets.heading(say("7  To be answered by the operator", "7  须由运营方回答"))
    sheets.rows([(it, "") for it in _open_questions(say)], 0.9)
    sheets.rows(
        [
            (say("Assessed by, date", "评估人及日期"), ""),
            (say("Approved by, date", "批准人及日期"), ""),
        ]
    )
    return sheets.done()


def _processing(sheets: Sheets, site: SiteConfig, facts: Facts, say: Say) -> None:
    sheets.heading(say("1  Who and where", "1  主体与地点"))
    screens = ", ".join(f"{it.id} ({it.kind})" for it in site.screens) or "–"
    readers = ", ".join(it.id for it in site.readers) or "–"
    sheets.rows(
        [
            (say("Operator", "运营方"), facts.operator),
            (say("Contact", "联系方式"), facts.contact),
            (say("Cameras", "摄像机"), say("; ", "；").join(facts.cameras)),
            (say("RFID readers", "RFID 读写器"), readers),
            (say("Screens", "屏幕"), screens),
        ]
    )
    sheets.heading(say("2  What is done, and what for", "2  处理内容与目的"))
    sheets.points([*facts.purposes])
    sheets.text(say("Estimated of people:", "对人员的估计："), weight="medium")
    sheets.points(facts.estimated)
    sheets.text(
        say(
            "Frames go from the decoder into shared memory and from there to one process, which"
            " finds people and tells boxes and points. No frame, crop, face or embedding is written"
            " to disk or sent anywhere; `promenade privacy audit` searches for any that were.",
            "图像由解码进程写入共享内存，仅由一个进程读取，该进程只输出人员位置。任何图像、裁剪、"
            "人脸或特征向量均不写入磁盘或外传；`promenade privacy audit` 可对此进行检索验证。",
        )
    )
    sheets.text(sharing(site, say))
    sheets.heading(say("3  Necessity and proportion", "3  必要性与相称性"))
    sheets.points(facts.kept)
    sheets.text(say("Switched off by policy:", "按策略关闭："), weight="medium")
    sheets.points(facts.off or ("–",))
    sheets.text(say("Never done:", "绝不进行："), weight="medium")
    sheets.points(never(say))


def _risks(site: SiteConfig, say: Say) -> Iterator[tuple[str, str]]:
    privacy = site.privacy
    yield (
        say("Somebody is singled out by a small count", "小样本导致个人被识别"),
        say(
            f"Groups of fewer than {privacy.minimum_group} are not told, nor what would give them"
            " away by subtraction, in pages, exports and what goes to a hub.",
            f"少于 {privacy.minimum_group} 人的数据，及可推算出它们的数据，一律不显示。",
        ),
    )
    yield (
        say("Pictures are stolen or used for something else", "图像被盗取或挪作他用"),
        say(
            "There are none: they live in memory for a moment. Stills for set-up hide people.",
            "不存在图像：仅在内存中短暂停留；设置用静态画面会遮盖人员。",
        ),
    )
    if privacy.recognises:
        yield (
            say("Somebody is followed through the place by their looks", "通过外观跟踪个人"),
            say(
                f"Descriptions stay in memory, at most {privacy.embedding_ttl_s} s after somebody"
                " left; 'Forget me' deletes them at once and memory is overwritten (Linux).",
                f"仅存内存，离开后至多 {privacy.embedding_ttl_s} 秒；“忘记我”立即删除并覆写。",
            ),
        )
    else:
        yield (
            say("Somebody is followed through the place by their looks", "通过外观跟踪个人"),
            say("Off: the network that could is never loaded.", "已关闭：相关模型从不加载。"),
        )
    if site.attributes.face or site.attributes.body:
        yield (
            say("Estimates are wrong or unfair for some", "估计错误或不公"),
            say(
                "Told only where sure, only as sums; never of who may be a child; audited on site.",
                "仅在确信时以汇总形式给出；不对疑似儿童作出；需现场核验。",
            ),
        )
    yield (
        say("People do not know", "人员不知情"),
        say(
            "The sign at the entrance, this notice, and 'What this device sees' on each kiosk.",
            "入口标识、隐私告知，以及自助屏上的“本机所见”。",
        ),
    )
    yield (
        say("The computer is broken into", "计算机被入侵"),
        say(
            "What is kept names nobody. The API answers on this machine only; pages need a"
            " password; accesses are logged.",
            "保存的数据不指向任何人；接口仅限本机访问，页面需密码，访问均有记录。",
        ),
    )


def _pack(sheets: Sheets, facts: Facts, say: Say) -> None:
    sheets.heading(say("6  Policy pack and its sources", "6  策略包及其依据"))
    pack = facts.pack
    sheets.text(f"{say(pack.title, pack.title_zh)} ({pack.id})", weight="medium")
    sheets.text(" ".join(pack.why.split()))
    sheets.rows(
        [
            (
                f"{it.law}, {it.article}",
                f"{it.about}. {say('Looked at', '查阅日期')}: {it.looked_at} ({it.seen})",
            )
            for it in pack.sources
        ],
        0.48,
    )
    sheets.text(
        say(
            "An engineer's reading of these sources, to be examined by somebody who may give legal"
            " advice.",
            "以上为工程师的理解，须由具备资质的法律人士审核。",
        ),
        colour=SOFT,
        size=9,
    )


def _open_questions(say: Say) -> list[str]:
    return [
        say("On which legal basis does each purpose rest?", "各项用途的法律依据是什么？"),
        say(
            "Would fewer cameras, or a counter at the door, do?",
            "更少的摄像机或门口计数器是否足够？",
        ),
        say("Who was asked: staff, visitors, the officer for data protection?", "征求了谁的意见？"),
        say("When will this be looked at again?", "何时复审？"),
    ]
