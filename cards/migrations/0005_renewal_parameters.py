"""First values of what the station may set about services on a card."""

from datetime import date
from typing import Any

from django.apps.registry import Apps
from django.db import migrations

from parameters.seeding import Seed, seed

GROUP = "服务"
OWN = "本站自定，待市政府外办确认"
SEEDS = (
    Seed(
        "cards.renew_window_months",
        "商务旅行卡",
        "续办最早提前",
        "months",
        6,
        "上海市外办《问答——管理篇》",
        date(2025, 2, 12),
        least=1,
        most=24,
        help="到期前多少个月起可以提出续办。",
    ),
    Seed(
        "cards.cancel_days",
        GROUP,
        "报告后多少天内注销",
        "days",
        30,
        OWN,
        least=1,
        most=365,
        help="持卡人离职等，企业报告注销后，应在多少天内办完。已经报告的按原来的期限。",
    ),
    Seed(
        "cards.cancel_remind_days",
        GROUP,
        "注销期限前多少天提醒",
        "days",
        7,
        OWN,
        least=1,
        most=365,
        help="到期前提醒企业一次。",
    ),
    Seed(
        "cards.cancel_again_days",
        GROUP,
        "注销没有办完，隔多少天再提醒",
        "days",
        7,
        OWN,
        least=1,
        most=365,
        help="提醒过、还没有办完的，隔这么多天再提醒；逾期的同时告诉服务站。",
    ),
)


def add(apps: Apps, schema_editor: Any) -> None:
    seed(apps, SEEDS)


class Migration(migrations.Migration):
    dependencies = [("cards", "0004_renewals"), ("parameters", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
