"""Letter of result: what was asked, what was done, what stays, and how to complain."""

from django.conf import settings
from django.utils import timezone

from core.dates import day_words
from letters.printing import set_lines
from letters.word.reading import PrintedLine
from rights.models import RightsRequest
from rights.services import COMPLAIN

BACKUPS = (
    "删除立即生效：数据库里的内容和图片文件都已清除。备份里的，随备份到期清除，"
    "在那之前不会恢复使用。审计记录只记下谁在什么时候删除了哪个编号。"
)


def letter_pdf(row: RightsRequest) -> bytes:
    """Raises core.typesetting.RenderingFailed."""
    asked = day_words(timezone.localtime(row.asked_at).date())
    answered = day_words(timezone.localtime(row.answered_at).date()) if row.answered_at else ""
    title = "个人信息请求答复书"
    lines = [
        PrintedLine(title, "title"),
        PrintedLine(f"{row.who}："),
        PrintedLine(f"您于{asked}提出“{row.get_kind_display()}”的请求（第{row.pk}号）。"),
        PrintedLine(f"办理结果：{row.get_state_display()}。{row.answer}"),
    ]
    if row.tombstones.exists():
        lines.append(PrintedLine(BACKUPS))
    lines += [
        PrintedLine(COMPLAIN),
        PrintedLine(f"咨询热线：{settings.HOTLINE}"),
        PrintedLine(settings.STATION_NAME, "right"),
        PrintedLine(answered, "right"),
    ]
    return set_lines(title, lines)
