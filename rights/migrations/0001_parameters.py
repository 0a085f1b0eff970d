"""First values of how long data is kept, and of the time for an answer."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from parameters.seeding import Seed, seed

GROUP = "个人信息"
OWN = "本站约定，个人信息保护法没有写明期限"
ARCHIVE = "建议10年，档案保管期限由区档案馆确定"


def kept(name: str, words: str, months: int, source: str = OWN) -> Seed:
    return Seed(
        f"rights.keep_{name}", GROUP, words, "months", months, source,
        help="公开的个人信息处理说明和每月的清理清单", least=1, most=1200,
    )  # fmt: skip


SEEDS = (
    kept("draft", "没有提交的草稿，最后修改之后", 12),
    kept("declined", "不予办理的，办结之后", 24),
    kept("withdrawn", "企业撤回的，撤回之后", 24),
    kept("endorsed", "审核通过的，办结之后", 120, ARCHIVE),
    kept("card", "到期、注销的卡，之后", 24),
    kept("account", "停用的账户，停用之后", 36),
    kept("contact", "咨询、报名、走访的记录，办完之后", 36),
    kept("notice", "发出的通知，发出之后", 36),
    Seed(
        "rights.answer_days", GROUP, "答复个人信息请求的时限", "workdays", 15, OWN,
        help="查阅、复制、更正、删除等请求", least=1, most=60,
    ),
)  # fmt: skip


def add(apps: Apps, schema_editor: Any) -> None:
    seed(apps, SEEDS)


class Migration(migrations.Migration):
    dependencies = [("parameters", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
