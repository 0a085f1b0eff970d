"""First values of what the station may set about cards, each with its source."""

from datetime import date

from django.db import migrations

from parameters.seeding import Seed, seed

YANTAI = ("烟台市外办《APEC商务旅行卡简明问答》", date(2022, 6, 30))
SHANGHAI = ("上海市外办《问答——管理篇》", date(2025, 2, 12))
WUXI = ("无锡市外办《申办指南（2024年）》：材料齐全6个月左右", date(2024, 1, 16))
HUAIAN = (
    "淮安市外办《APEC商务旅行卡是什么》，与广州（2024）、深圳（2022）的指南一致",
    date(2025, 8, 29),
)
OWN = ("本站自定", None)
CARD, RADAR, STAY = "商务旅行卡", "到期提醒", "停留天数"
STAYS = {
    "JPN": ("日本", 90),
    "KOR": ("韩国", 90),
    "MYS": ("马来西亚", 90),
    "IDN": ("印度尼西亚", 60),
    "BRN": ("文莱", 90),
    "PHL": ("菲律宾", 60),
    "SGP": ("新加坡", 60),
    "THA": ("泰国", 90),
    "VNM": ("越南", 90),
    "AUS": ("澳大利亚", 90),
    "NZL": ("新西兰", 90),
    "PNG": ("巴布亚新几内亚", 60),
    "CHL": ("智利", 90),
    "PER": ("秘鲁", 90),
    "MEX": ("墨西哥", 180),
    "RUS": ("俄罗斯", 90),
}
SEEDS = [
    Seed(
        "cards.valid_years",
        CARD,
        "卡最长有效",
        "years",
        5,
        *YANTAI,
        least=1,
        most=10,
        help="登记卡时没有填卡面有效期的，按它推算，并且不超过护照有效期。",
    ),
    Seed(
        "cards.number_least",
        CARD,
        "卡号通常最短",
        "pieces",
        6,
        *OWN,
        least=4,
        most=20,
        help="卡号的位数。更短的不拒绝，只请填写的人再核对一次。",
    ),
    Seed(
        "cards.number_most",
        CARD,
        "卡号通常最长",
        "pieces",
        14,
        *OWN,
        least=4,
        most=20,
        help="卡号的位数。更长的不拒绝，只请填写的人再核对一次。",
    ),
    Seed(
        "cards.renew_window_months",
        CARD,
        "续办最早提前",
        "months",
        6,
        *SHANGHAI,
        least=1,
        most=24,
        help="到期前多少个月起可以提出续办。",
    ),
    Seed(
        "cards.renewal_months",
        CARD,
        "续办通常用时",
        "months",
        6,
        *WUXI,
        least=1,
        most=24,
        help="从到期日往回推算什么时候要开始续办。",
    ),
    *(
        Seed(
            f"cards.radar_months.{place}",
            RADAR,
            f"第{place}次提醒提前",
            "months",
            months,
            *OWN,
            least=0,
            most=36,
            help="卡、护照和经济体到期前多少个月提醒；填0的不提醒。",
        )
        for place, months in enumerate((12, 6, 3, 1), start=1)
    ),
    *(
        Seed(
            f"cards.stay.{code}",
            STAY,
            f"{name}每次最多停留",
            "days",
            days,
            *HUAIAN,
            least=1,
            most=366,
            help="持卡人的页面上显示，连同来源和日期。",
        )
        for code, (name, days) in STAYS.items()
    ),
]


def put(apps, _):
    seed(apps, SEEDS)


class Migration(migrations.Migration):
    dependencies = [("cards", "0007_duty_seeds"), ("parameters", "0001_initial")]
    operations = [migrations.RunPython(put, migrations.RunPython.noop)]
