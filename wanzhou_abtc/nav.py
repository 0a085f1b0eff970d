"""The menu: which pages each role finds at the head of every page, in order."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Role

R = Role


@dataclass(frozen=True)
class NavItem:
    label: str
    url_name: str
    roles: frozenset[Role]
    # Behind 更多, where the role has more than fits one line.
    is_rare: bool = False
    # Not for who leads a department: he sees nothing there.
    is_stations: bool = False


ALL = frozenset(Role)
STATION = frozenset({R.STATION_OFFICER})
LED = STATION | {R.SUPERVISOR}
CARDS = frozenset({R.ENTERPRISE_AGENT, R.STATION_OFFICER, R.SUPERVISOR})
NAV = (
    NavItem("首页", "home", ALL),
    NavItem("申请", "applications:list", frozenset({R.ENTERPRISE_AGENT, R.STATION_OFFICER})),
    NavItem("申请人", "applications:applicants", frozenset({R.ENTERPRISE_AGENT})),
    NavItem("本单位", "enterprises:mine", frozenset({R.ENTERPRISE_AGENT})),
    NavItem("需求台账", "ledger:list", LED, is_stations=True),
    NavItem("企业", "enterprises:list", STATION),
    NavItem(
        "审核表",
        "reviews:table_list",
        frozenset({R.STATION_OFFICER, R.LIAISON, R.SUPERVISOR}),
    ),
    NavItem("国家系统", "cards:filings", LED, is_rare=True, is_stations=True),
    NavItem("旅行卡", "cards:list", CARDS, is_stations=True),
    NavItem("用卡管理", "cards:duty", CARDS, is_rare=True, is_stations=True),
    NavItem("注销", "cards:cancellations", LED, is_rare=True, is_stations=True),
    NavItem("函件", "letters:desk", STATION, is_rare=True),
    NavItem("宣传咨询", "outreach:desk", LED, is_rare=True, is_stations=True),
    NavItem("工作推进", "outreach:plan", LED, is_rare=True, is_stations=True),
    NavItem(
        "咨询转办",
        "outreach:handing_list",
        frozenset({R.LIAISON}),
        is_rare=True,
    ),
    NavItem("工作日历", "workdays:calendar", STATION, is_rare=True),
    NavItem("参数", "parameters:list", frozenset({R.STATION_OFFICER, R.SUPERVISOR}), is_rare=True),
    NavItem("通讯录", "reviews:directory", ALL - {R.ENTERPRISE_AGENT}, is_rare=True),
    NavItem("休假", "reviews:leave_list", frozenset({R.STATION_OFFICER, R.LIAISON}), is_rare=True),
    NavItem(
        "部门用时", "department_times", frozenset({R.STATION_OFFICER, R.SUPERVISOR}), is_rare=True
    ),
    NavItem("工作报告", "stage:report_list", LED, is_rare=True, is_stations=True),
    NavItem("导出表格", "exports:export_list", STATION, is_rare=True),
    NavItem("归档", "archiving:year_list", LED, is_rare=True, is_stations=True),
    NavItem("常用语", "reviews:phrase_list", frozenset({R.LIAISON})),
    NavItem("个人信息请求", "rights:request_list", LED, is_rare=True, is_stations=True),
    NavItem(
        "个人信息登记册",
        "rights:register",
        frozenset({R.SYSTEM_ADMIN, R.AUDITOR}),
        is_rare=True,
    ),
    NavItem("影响评估", "rights:papers", frozenset({R.SECURITY_ADMIN}), is_rare=True),
    NavItem("账户", "accounts:user_list", frozenset({R.SYSTEM_ADMIN})),
    NavItem("锁定与验证", "accounts:lock_list", frozenset({R.SECURITY_ADMIN})),
    NavItem("账户复核", "accounts:request_list", frozenset({R.SECURITY_ADMIN})),
    NavItem("签名证书", "signatures:certificate_list", frozenset({R.SECURITY_ADMIN})),
    NavItem("审计记录", "accounts:audit_list", frozenset({R.AUDITOR})),
    NavItem("通知", "notices:inbox", ALL),
    NavItem(
        "消息投递",
        "notices:delivery_list",
        frozenset({R.STATION_OFFICER, R.SYSTEM_ADMIN}),
        is_rare=True,
    ),
    NavItem("运行状况", "health", frozenset({R.STATION_OFFICER, R.SYSTEM_ADMIN}), is_rare=True),
    NavItem("企业微信群", "notices:robot_list", frozenset({R.SYSTEM_ADMIN}), is_rare=True),
)


def items_for(user: Any) -> list[NavItem]:
    """What this person finds in the menu; nothing before sign-in."""
    role = getattr(user, "role", None)
    leads_department = role == R.SUPERVISOR and user.department_id is not None
    return [
        item for item in NAV if role in item.roles and not (item.is_stations and leads_department)
    ]


# Who has the search box at the head of every page.
FINDERS = frozenset({R.STATION_OFFICER, R.SUPERVISOR, R.LIAISON})
# As many as stand between the station's name and the person's on a desk; the search box takes the
# place of one.
FITS = 7


@dataclass(frozen=True)
class Menu:
    """What stands in the line, and what behind 更多."""

    main: list[NavItem]
    more: list[NavItem]


def menu_for(user: Any) -> Menu | None:
    """This person's menu; None before sign-in."""
    items = items_for(user)
    if not items:
        return None
    if len(items) <= FITS - (user.role in FINDERS):
        return Menu(items, [])
    return Menu(
        [item for item in items if not item.is_rare], [item for item in items if item.is_rare]
    )


# Where a page of one room leads on to a room further right, which it may not name itself.
LINKS = {
    "sign_up": "enterprises:sign_up",
    "enterprise": "enterprises:mine",
    "archive": "archive",
    "my_data": "rights:mine",
    "applicants": "applications:applicants",
    "circulate": "reviews:circulate",
    "supplement": "reviews:supplement",
    "withdraw": "reviews:withdraw",
    "review": "reviews:of_application",
    "verify": "reviews:verify",
    "notice_preferences": "notices:preferences",
    "calendar_feed": "reviews:feed_page",
    "letter_pdf": "applications:letter_pdf",
    "reason_counts": "reason_counts",
    "national": "cards:national",
    "filing": "cards:filing",
    "card_service": "cards:service",
    "card_services_of": "cards:services_of_applicant",
    "duty": "cards:enterprise_duty",
    "table_jpg": "reviews:jpg_of_application",
    "table_pdf": "reviews:pdf_of_application",
    "circulate_batch": "reviews:circulate_batch",
    "seal": "reviews:seal_register",
    "pre_check": "outreach:pre_check",
    "case": "case",
    "demand_invite": "outreach:demand_invite",
    "demand_visit": "outreach:demand_visit",
    "dossier": "dossier",
    "export": "exports:export",
    "letters": "letters:of_application",
    "letters_of_enterprise": "letters:of_enterprise",
}
