"""Cast of the demonstration. All invented."""

from dataclasses import dataclass
from datetime import date

from accounts.models import Role
from core.identifiers import ID_NUMBER_CHECKS, ID_NUMBER_WEIGHTS
from materials.samples import Company, Person

PASSWORD = "Wanzhou-2026!"  # noqa: S105 - printed at every start of the demonstration


@dataclass(frozen=True)
class Account:
    username: str
    name: str
    role: Role
    department: str = ""


ACCOUNTS = (
    Account("officer", "何静", Role.STATION_OFFICER),
    Account("commerce", "罗敏", Role.LIAISON, "commerce"),
    Account("tax", "冉刚", Role.LIAISON, "tax"),
    Account("police", "谭勇", Role.LIAISON, "police"),
    Account("social", "向丽", Role.LIAISON, "social"),
    Account("foreign", "牟洁", Role.LIAISON, "foreign_affairs"),
    Account("head", "程远", Role.SUPERVISOR),
    Account("sysadmin", "石磊", Role.SYSTEM_ADMIN),
    Account("secadmin", "安平", Role.SECURITY_ADMIN),
    Account("auditor", "申明", Role.AUDITOR),
)
AGENTS = (
    Account("agent@example.com", "刘畅", Role.ENTERPRISE_AGENT),
    Account("agent2@example.com", "袁媛", Role.ENTERPRISE_AGENT),
)
COMPANIES = (
    Company("重庆平湖机电样例有限公司", "91500101YYYY00012R"),
    Company("重庆三峡柑橘样例出口有限公司", "91500101YYYY00020L", "重庆市万州区样例路20号"),
)
NAMES = (
    ("林浩然", "LIN", "HAORAN", "M", "总经理"),
    ("周雨晴", "ZHOU", "YUQING", "F", "销售部经理"),
    ("陈立", "CHEN", "LI", "M", "副总经理"),
    ("吴思远", "WU", "SIYUAN", "M", "技术部经理"),
    ("郑晓彤", "ZHENG", "XIAOTONG", "F", "国际业务部经理"),
    ("高明", "GAO", "MING", "M", "采购部经理"),
    ("孙佳", "SUN", "JIA", "F", "市场部业务员"),
    ("何俊杰", "HE", "JUNJIE", "M", "董事长"),
    ("邓蕾", "DENG", "LEI", "F", "项目经理"),
    ("曹阳", "CAO", "YANG", "M", "工程师"),
    ("彭欣", "PENG", "XIN", "F", "外贸部业务员"),
    ("唐宁", "TANG", "NING", "F", "外贸部经理"),
    ("蒋涛", "JIANG", "TAO", "M", "总经理"),
)
# Of every six drawn faces the first three are men's.
LOOKS = {"M": (0, 1, 2, 6, 7, 8, 12), "F": (3, 4, 5, 9, 10, 11)}


def person(index: int, *, today: date) -> Person:
    """The invented applicant of this index, with a passport that is valid for years."""
    name, surname, given_names, sex, post = NAMES[index]
    birth = date(1978 + index, 3 + index % 9, 11 + index)
    rank = [other[3] for other in NAMES[:index]].count(sex)
    return Person(
        name=name,
        surname=surname,
        given_names=given_names,
        sex=sex,
        birth_date=birth,
        post=post,
        id_number=id_number_of(birth, 100 + 2 * index + (1 if sex == "M" else 0)),
        passport_number=f"EK{1234560 + index}",
        passport_expires_on=date(today.year + 7, 6, 1 + index),
        look=LOOKS[sex][rank],
    )


def id_number_of(birth: date, sequence: int) -> str:
    start = f"500101{birth:%Y%m%d}{sequence:03d}"
    pairs = zip(start, ID_NUMBER_WEIGHTS, strict=True)
    return start + ID_NUMBER_CHECKS[sum(int(digit) * weight for digit, weight in pairs) % 11]
