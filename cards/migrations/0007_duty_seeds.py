"""Parameters and texts of the enterprise's duty and of the follow-up, as they first stand."""

from datetime import date
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from parameters.seeding import Seed, seed

HUZHOU = (
    "湖州市外办《企业APEC商务旅行卡管理与使用办法（样本）》：回国后7天内归还，季末和年底报送登记表"
)
OURS = "服务站自定，待与市政府外办核对"
PLAN = "万州区协办服务站实施方案：跟踪回访，督促企业履行主体责任"
TEXTS = Path(__file__).resolve().parents[1] / "first_texts"
DUTY, FOLLOW = "用卡管理", "跟踪回访"

SEEDS = (
    Seed("duty.return_days", DUTY, "回国后几天内归还卡", "days", 7, HUZHOU, date(2025, 4, 8),
         help="企业没有自己的管理办法时，按这个天数算最晚归还日期。东莞为5天。", least=1, most=60),
    Seed("duty.keepers_most", DUTY, "同时最多几名保管人", "pieces", 2,
         "东莞市《APEC商务旅行卡管理办法》、佛山市自行保管通知：指定部门和一至两名专人保管",
         date(2019, 1, 31), least=1, most=10),
    Seed("duty.overdue_repeat_days", DUTY, "逾期未还每隔几天再提醒企业", "days", 3, OURS,
         least=1, most=60),
    Seed("duty.overdue_station_days", DUTY, "逾期几天未还告知服务站", "days", 7, OURS,
         least=1, most=180),
    Seed("duty.report_months", DUTY, "每几个月报送一次登记表", "months", 3, HUZHOU,
         date(2025, 4, 8), help="须能整除12。", least=1, most=12),
    Seed("duty.report_due_days", DUTY, "定期登记表在期末后几天内报送", "days", 10, OURS,
         least=1, most=90),
    Seed("duty.year_due_days", DUTY, "年度登记表在年末后几天内报送", "days", 20, OURS,
         least=1, most=120),
    Seed("duty.report_ahead_days", DUTY, "登记表期限前几天提醒", "days", 3, OURS, most=60),
    Seed("duty.report_repeat_days", DUTY, "登记表逾期后每隔几天再提醒", "days", 5, OURS,
         least=1, most=60),
    Seed("duty.statement_days", DUTY, "请企业在几天内对违规作出说明", "days", 5, OURS,
         least=1, most=60),
    Seed("duty.link_days", DUTY, "领用人确认链接几天内有效", "days", 3, OURS, least=1, most=30),
    Seed("followup.after_issue_days", FOLLOW, "发卡后几天内回访", "days", 30, PLAN,
         date(2025, 7, 29), least=1, most=365),
    Seed("followup.every_months", FOLLOW, "每几个月定期回访一次", "months", 6, PLAN,
         date(2025, 7, 29), least=1, most=60),
    Seed("followup.ahead_days", FOLLOW, "提前几天列入回访计划", "days", 30, OURS, most=180),
    Seed("followup.unreturned_days", FOLLOW, "卡逾期几天未还列入回访", "days", 14, OURS,
         least=1, most=365),
    Seed("followup.no_report_days", FOLLOW, "登记表逾期几天未报列入回访", "days", 15, OURS,
         least=1, most=365),
    Seed("followup.after_breach_days", FOLLOW, "采取违规措施后几天内复查", "days", 30, OURS,
         least=1, most=365),
    Seed("followup.risk_visit_days", FOLLOW, "因风险安排的回访几天内完成", "days", 7, OURS,
         least=1, most=90),
    Seed("followup.finding_days", FOLLOW, "问题整改一般给几天", "days", 14, OURS, least=1, most=180),
    Seed("followup.finding_repeat_days", FOLLOW, "整改逾期每隔几天再提醒", "days", 5, OURS,
         least=1, most=60),
    Seed("followup.link_days", FOLLOW, "持卡人反馈链接几天内有效", "days", 30, OURS,
         least=1, most=180),
)  # fmt: skip


def add(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    seed(apps, SEEDS)
    StationText = apps.get_model("cards", "StationText")
    for code in ("rules", "commitment", "checklist"):
        text = (TEXTS / f"{code}.txt").read_text(encoding="utf-8").strip()
        StationText.objects.get_or_create(code=code, version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [
        ("cards", "0006_duty_and_followup"),
        ("parameters", "0001_initial"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
