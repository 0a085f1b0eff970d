"""First values of the filing's parameters; from here on the station keeps them."""

from datetime import date

from django.db import migrations

from parameters.seeding import Seed, seed

GROUP = "国家系统填报"
ZHONGSHAN = "中山市外事局办事指南"
OWN = "本站约定"
SEEDS = (
    Seed(
        "cards.fee",
        "费用",
        "每张卡的费用",
        "yuan",
        720,
        ZHONGSHAN,
        date(2026, 3, 3),
        help="企业直接向外交部缴纳；新办、续办、换卡、补卡相同",
        most=10_000,
    ),
    Seed(
        "cards.invoice_days",
        GROUP,
        "发票多少天没到就提醒",
        "days",
        30,
        ZHONGSHAN,
        date(2026, 3, 3),
        help="外交部审核通过后发电子发票，一个月没有收到的联系市外办",
        least=1,
        most=365,
    ),
    Seed(
        "cards.stale_days",
        GROUP,
        "多少天没有登记算久未更新",
        "days",
        30,
        OWN,
        help="提醒经办人去国家系统看一看，并列入专员的“久未更新”",
        least=1,
        most=365,
    ),
    Seed(
        "cards.usual.filed.least",
        GROUP,
        "市外办审核通常最少",
        "workdays",
        3,
        "温州市外办公布的时限",
        help="企业和专员在填报页看到的通常用时",
        most=100,
    ),
    Seed(
        "cards.usual.filed.most",
        GROUP,
        "市外办审核通常最多",
        "workdays",
        3,
        "温州市外办公布的时限",
        most=100,
    ),
    Seed(
        "cards.usual.paid.least",
        GROUP,
        "外交部审核通常最少",
        "workdays",
        5,
        "外交部领事司答问",
        help="企业和专员在填报页看到的通常用时",
        most=100,
    ),
    Seed(
        "cards.usual.paid.most",
        GROUP,
        "外交部审核通常最多",
        "workdays",
        5,
        "外交部领事司答问",
        most=100,
    ),
    Seed(
        "cards.usual.passed.least",
        GROUP,
        "各经济体审批通常最少",
        "months",
        2,
        "外交部领事司答问（2至3个月）",
        help="企业和专员在填报页看到的通常用时",
        most=36,
    ),
    Seed(
        "cards.usual.passed.most",
        GROUP,
        "各经济体审批通常最多",
        "months",
        8,
        "聊城市外办2023年答复（6至8个月）",
        date(2023, 1, 1),
        most=36,
    ),
)


def add(apps, schema_editor):
    seed(apps, SEEDS)


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0001_filings"),
        ("parameters", "0001_initial"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
