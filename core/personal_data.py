"""Personal data: each room declares here what its columns hold of people, and what they do not.

A room's AppConfig names its `DataRegister` as `personal_data`. The clauses of 个人信息保护法 are
general knowledge, not yet confirmed by the station's lawyer; how long a class is kept is a
parameter of the station (`KEEP_CODE`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final

from core.declarations import declared

KEEP_CODE: Final = "rights.keep_{}"


class DataSubject(Enum):
    """DataSubject data it is."""

    APPLICANT = "申请人"
    HOLDER = "持卡人"
    USER_OF_CARD = "保管、领用、领取卡的人"
    AGENT = "企业经办人和联系人"
    STAFF = "工作人员"
    VISITOR = "咨询、报名、受访的人"


class Ground(Enum):
    """On what ground the law lets it be handled."""

    SEPARATE_CONSENT = "本人单独同意（个人信息保护法第13条、第23条、第29条）"
    CONSENT = "本人填写时同意（第13条第1项）"
    ACCOUNT = "经办人填写时同意（第13条第1项）；工作人员为履行职责所必需（第13条第3项）"
    DUTY = "履行法定职责、法定义务所必需（第13条第3项）"
    SECURITY = "网络安全法要求留存日志（第13条第3项）"


class Receiver(Enum):
    """Who gets it beside the station; `DEPARTMENTS` are the rows of the departments."""

    DEPARTMENTS = "参加审核的部门"
    CITY = "市政府外办"
    MINISTRY = "外交部（企业自己在国家系统上传）"
    ENTERPRISE = "申请人所在企业"
    TEXTS = "短信服务商（开通短信的）"


class Keep(Enum):
    """How long: each stands for one parameter or several, or for what its words say."""

    CASE = "按申请的结果", ("draft", "declined", "withdrawn", "endorsed")
    CARD = "卡片到期或注销之后", ("card",)
    ACCOUNT = "账户停用之后", ("account",)
    CONTACT = "最后一次联系之后", ("contact",)
    NOTICE = "发出之后", ("notice",)
    LOG = "登录日志按设置保存，不少于六个月", ()
    TRAIL = "审计记录长期保存，不能改动", ()
    SHORT = "用过或到期即删除", ()

    def __init__(self, words: str, parameters: tuple[str, ...]) -> None:
        self.words, self.parameters = words, parameters

    @property
    def codes(self) -> list[str]:
        return [KEEP_CODE.format(name) for name in self.parameters]


@dataclass(frozen=True)
class DataPurpose:
    """Why columns are held, and what follows from that."""

    words: str
    ground: Ground
    keep: Keep
    receivers: tuple[Receiver, ...] = ()


FILE: Final = (Receiver.DEPARTMENTS, Receiver.CITY, Receiver.MINISTRY, Receiver.ENTERPRISE)
HELPING: Final = DataPurpose(
    "协助申办旅行卡，核对材料、出具审核表", Ground.SEPARATE_CONSENT, Keep.CASE, FILE
)
PROVING_CONSENT: Final = DataPurpose("证明本人同意过", Ground.DUTY, Keep.CASE)
REVIEWING: Final = DataPurpose("部门核实情况、填写并签署审核表", Ground.DUTY, Keep.CASE, FILE)
CARD_USE: Final = DataPurpose(
    "跟踪填报和用卡，提醒到期，督促用卡管理",
    Ground.SEPARATE_CONSENT,
    Keep.CARD,
    (Receiver.CITY, Receiver.MINISTRY, Receiver.ENTERPRISE),
)
CARD_DUTY: Final = DataPurpose(
    "企业管好、用好旅行卡", Ground.DUTY, Keep.CARD, (Receiver.CITY, Receiver.ENTERPRISE)
)
ACTING: Final = DataPurpose(
    "代表企业办理，接收通知", Ground.CONSENT, Keep.ACCOUNT, (Receiver.ENTERPRISE,)
)
ACCOUNT: Final = DataPurpose("登录门户办理，接收通知", Ground.ACCOUNT, Keep.ACCOUNT)
WORK: Final = DataPurpose("按职责办理，谁办的有据可查", Ground.DUTY, Keep.ACCOUNT)
SIGN_IN: Final = DataPurpose("登录和账户安全", Ground.SECURITY, Keep.LOG)
SESSION: Final = DataPurpose("登录以后认得是谁，防止冒用", Ground.SECURITY, Keep.SHORT)
TRAIL: Final = DataPurpose("审计：谁在什么时候做了什么", Ground.SECURITY, Keep.TRAIL)
TELLING: Final = DataPurpose("通知和送达", Ground.DUTY, Keep.NOTICE, (Receiver.TEXTS,))
ANSWERING: Final = DataPurpose("答复咨询、宣讲、走访和以后的联系", Ground.CONSENT, Keep.CONTACT)


@dataclass(frozen=True, kw_only=True)
class HeldData:
    """One table that holds personal data; every column of it is named in one of the three.

    `personal` and `plain` are column names divided by blanks; what `words` does not name is called
    by its verbose name. Keys and links to other rows need no word, links to files do.
    """

    model: str
    whose: tuple[DataSubject, ...]
    purpose: DataPurpose
    personal: str
    plain: str = ""
    sensitive: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def personal_names(self) -> list[str]:
        return self.personal.split()

    @cached_property
    def sensitive_names(self) -> frozenset[str]:
        return frozenset(self.sensitive.split())

    @cached_property
    def named(self) -> frozenset[str]:
        return frozenset([*self.personal_names, *self.plain.split()])


@dataclass(frozen=True, kw_only=True)
class DataRegister:
    """A room's tables: those that hold personal data, and the names of those that hold none."""

    held: tuple[HeldData, ...] = ()
    none: str = ""

    @cached_property
    def none_names(self) -> frozenset[str]:
        return frozenset(self.none.split())


def registers() -> list[DataRegister]:
    """Every room's register, in the rooms' order."""
    return declared("personal_data")


# This room's own.
REGISTER = DataRegister(none="core.KeyInUse")
