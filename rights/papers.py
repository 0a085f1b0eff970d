"""Impact assessment and incident report as Word files, filled from what the portal knows.

What only people know is left as a line to be filled in: the portal judges no risk.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from docx import Document
from docx.document import Document as Paper
from docx.shared import Pt

from accounts.audit_labels import action_labels
from accounts.models import AuditEvent, User
from applications.models import Applicant, Application
from cards.models import Card
from core.dates import day_words
from files.models import StoredFile
from outreach.models import Consultation
from reports.stage.drawing.docx import add_centred, add_paragraph, add_table, set_up
from reports.stage.periods import Period
from rights.models import RightsRequest
from rights.register import lines, uses

BLANK: Final = "（请填写）"
# What tells of somebody getting at data, or trying to, by the end of the action's name.
WATCHED: Final = (
    "failed", "locked", "reveal", "download", "export", "view", "copy", "create", "issue_password",
)  # fmt: skip
# The risk, and what the portal itself does about it; whether that is enough people decide.
RISKS: Final = (
    (
        "未经授权查看或下载证件扫描件、号码",
        "按角色和企业逐件授权；号码默认遮盖，显示、打开、下载都留审计记录；久未操作自动退出",
    ),
    ("账户被冒用", "登录失败锁定，第二重验证，新设备与会话可查；联络员签署前再次核验身份"),
    ("部门看到超出职责的信息", "每个部门只看与本部门意见有关的材料；公安意见另行限制"),
    ("没有得到本人同意", "申请人本人凭链接或签字同意，提供给部门的另行单独同意，原文留存"),
    ("保存过久", "按类别设保存期限；本人可要求删除，一人做方案、另一人复核，留下不含内容的记录"),
    ("数据库或备份泄露", "证件号码、护照号码、电话等加密保存，密钥不在数据库里"),
    ("内部人员改动记录", "审计记录由数据库拒绝改动，分批封存，可以核对"),
)


def draw_assessment() -> bytes:
    """The assessment that Art. 55 and 56 ask for, to be kept three years."""
    now = timezone.now()
    paper = _begun("个人信息保护影响评估报告", now)
    _section(
        paper,
        "一、评估的对象和原因",
        f"{settings.STATION_NAME}的门户处理身份证件扫描件、犯罪记录结论等敏感个人信息，并提供给"
        "参加审核的部门，依个人信息保护法第55条应当事前评估。本报告由门户按登记册和现有数据填写，"
        f"填写时间{day_words(now)}。",
    )
    paper.add_heading("二、处理的目的、方式是否合法、正当、必要", level=1)
    add_table(
        paper,
        ("谁的", "目的", "依据", "提供给", "保存多久"),
        [
            (one.whose, one.purpose.words, one.purpose.ground.value, one.receivers, one.keep)
            for one in uses()
        ],
        [],
    )
    add_paragraph(paper, f"是否合法、正当、必要：{BLANK}")
    paper.add_heading("三、敏感个人信息", level=1)
    sensitive = [(line.words, line.whose) for line in lines() if line.is_sensitive]
    add_table(paper, ("信息", "谁的"), list(dict.fromkeys(sensitive)), [])
    paper.add_heading("四、数量", level=1)
    add_table(paper, ("内容", "数量"), _numbers(), [False, True])
    paper.add_heading("五、对个人权益的影响、安全风险和保护措施", level=1)
    rows = [(risk, measure, BLANK) for risk, measure in RISKS]
    add_table(paper, ("风险", "门户的措施", "是否足够，还要做什么"), rows, [])
    paper.add_heading("六、个人请求的办理", level=1)
    add_table(paper, ("请求", "数量"), _requests(), [False, True])
    _section(paper, "七、结论", f"评估结论：{BLANK}")
    add_paragraph(paper, f"评估人：{BLANK}　负责人：{BLANK}　日期：{BLANK}")
    add_paragraph(paper, "本报告和处理情况记录至少保存三年（个人信息保护法第56条）。")
    return _written(paper)


def draw_incident(period: Period) -> bytes:
    """The report on a leak within these days, with what the trail says of them."""
    now = timezone.now()
    paper = _begun("个人信息安全事件报告", now)
    paper.add_heading("一、基本情况", level=1)
    add_table(
        paper,
        ("事项", "内容"),
        [
            ("单位", settings.STATION_NAME),
            ("联系电话", settings.HOTLINE),
            ("系统", settings.SITE_URL),
            ("事件的时间", period.words),
            ("发现的时间和人", BLANK),
            ("事件的级别", BLANK),
        ],
        [],
    )
    _section(paper, "二、发生了什么、原因", BLANK)
    paper.add_heading("三、可能涉及的个人信息", level=1)
    add_paragraph(paper, "下面是门户保存的种类和现在的数量；请勾出这次涉及的，写明人数。")
    kinds = [
        (one.whose, "、".join([*one.words, *one.sensitive]), BLANK)
        for one in uses()
        if one.sensitive
    ]
    add_table(paper, ("谁的", "信息", "是否涉及、多少人"), kinds, [])
    add_table(paper, ("内容", "数量"), _numbers(), [False, True])
    paper.add_heading("四、这段时间的审计记录", level=1)
    add_paragraph(paper, "登录失败、锁定、显示号码、打开和下载等，各多少次；逐条见审计记录。")
    add_table(paper, ("做了什么", "次数"), _trail(period), [False, True])
    _section(paper, "五、可能造成的危害", BLANK)
    _section(paper, "六、已经采取的补救措施", BLANK)
    _section(
        paper,
        "七、通知个人和报告",
        "通知本人的内容：涉及的信息种类、原因和可能的危害，已采取的措施和本人可以采取的措施，"
        f"联系方式{settings.HOTLINE}（个人信息保护法第57条）。通知了谁、怎样通知：{BLANK}。"
        f"向网信部门、公安机关报告的时间：{BLANK}。",
    )
    add_paragraph(paper, f"报告人：{BLANK}　负责人：{BLANK}　日期：{BLANK}")
    return _written(paper)


def _begun(title: str, now: datetime) -> Paper:
    paper = Document()
    set_up(paper, now)
    add_centred(paper, title, Pt(20), is_bold=True)
    return paper


def _section(paper: Paper, title: str, words: str) -> None:
    paper.add_heading(title, level=1)
    add_paragraph(paper, words)


def _written(paper: Paper) -> bytes:
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def _numbers() -> list[tuple[str, str]]:
    counted: Iterable[tuple[str, int]] = (
        ("申请人", Applicant.objects.count()),
        ("申请", Application.objects.count()),
        ("旅行卡", Card.objects.count()),
        ("保存的文件", StoredFile.objects.count()),
        ("使用中的账户", User.objects.active().count()),
        ("咨询", Consultation.objects.count()),
    )
    return [(words, str(count)) for words, count in counted]


def _requests() -> Sequence[tuple[str, str]]:
    found = RightsRequest.objects.order_by("kind").values_list("kind")
    labels = dict(RightsRequest.Kind.choices)
    rows = [(str(labels[kind]), str(count)) for kind, count in found.annotate(Count("pk"))]
    late = RightsRequest.objects.open().filter(due_on__lt=timezone.localdate()).count()
    return [*rows, ("逾期没有答复的", str(late))]


def _trail(period: Period) -> list[tuple[str, str]]:
    zone = timezone.get_current_timezone()
    start = datetime.combine(period.first, time.min, zone)
    end = datetime.combine(period.last, time.max, zone)
    labels = action_labels()
    watched = [action for action in labels if action.rpartition(".")[2].endswith(WATCHED)]
    events = AuditEvent.objects.filter(at__range=(start, end), action__in=watched)
    counted = events.order_by("action").values_list("action").annotate(Count("pk"))
    return [(labels[action], str(count)) for action, count in counted] or [("没有", "0")]
