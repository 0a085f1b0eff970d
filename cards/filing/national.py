"""Copy sheet of the national system: what the enterprise types there, and in which order.

The portal prepares this and hands it over; it neither imitates nor replaces that system, whose
own pages are decisive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from applications.dossier.items import Item
from applications.kinds import CARD_FEE
from applications.models import Applicant, Application
from core.dates import day_words
from core.identifiers import birth_date_of, sex_of
from core.masks import mask_id_number, mask_passport, mask_phone
from parameters.values import number
from reviews.models import ReviewTable
from reviews.table_facts import facts_of

SEXES = {"M": "男", "F": "女"}


@dataclass(frozen=True)
class NationalField:
    """One box to fill in. `masked` is what stands on screen before the numbers are revealed."""

    label: str
    value: str
    note: str = ""
    masked: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    note: str
    fields: Sequence[NationalField]


@dataclass(frozen=True)
class Step:
    title: str
    words: str
    url: str = ""


@dataclass(frozen=True)
class Endorsed:
    """An application that may be filed, and its concluded table; None where none is needed."""

    application: Application
    table: ReviewTable | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the departments signed, taken from the table as signed; else as typed."""
        return self.table.facts if self.table else facts_of(self.application)

    @property
    def at(self) -> datetime:
        """When it was endorsed."""
        at = self.table.concluded_at if self.table else None
        return timezone.localtime(at or self.application.status_since)

    @property
    def words(self) -> str:
        """When and by what it was endorsed."""
        if self.table is None:
            return f"{self.application.service.label}，服务站{day_words(self.at)}核准"
        return (
            f"审核表{self.table}，{day_words(self.at)}{self.table.department_count}个部门签署完毕"
        )


def groups_of(case: Endorsed) -> list[Group]:
    """Field by field."""
    facts, application = case.facts, case.application
    enterprise, applicant = application.enterprise, application.applicant
    id_number = facts["id_number"]
    contact_name, _, contact_phone = facts["contact"].rpartition("　")
    return [
        Group(
            "企业信息",
            "企业名称、信用代码和法定代表人由系统从电子营业执照读取，请核对；有变更的，重新扫码更新。",
            [
                NationalField("企业名称", facts["enterprise_name"]),
                NationalField("统一社会信用代码", facts["credit_code"]),
                NationalField("企业类型", enterprise.get_kind_display()),
                NationalField("登记机关", enterprise.registration_authority),
                NationalField("住所", enterprise.address),
                NationalField("联系人", contact_name),
                NationalField("联系人电话", contact_phone, masked=mask_phone(contact_phone)),
            ],
        ),
        Group(
            "申请人信息",
            "与身份证、审核表一致。" if case.table else "与身份证一致。",
            [
                NationalField("姓名", facts["applicant_name"]),
                NationalField("性别", SEXES[sex_of(id_number)], "按身份证号码推算，请与护照核对"),
                NationalField(
                    "出生日期",
                    birth_date_of(id_number).isoformat(),
                    "按身份证号码推算，请与护照核对",
                    masked="****-**-**",
                ),
                NationalField("身份证号码", id_number, masked=mask_id_number(id_number)),
                NationalField("职务", facts["post"], "只写一个职务，不带公司名称"),
                NationalField("联系电话", facts["phone"], masked=mask_phone(facts["phone"])),
            ],
        ),
        Group(
            "护照信息",
            "姓名拼音以护照底部机读码为准，不要自己拼写。",
            [
                NationalField(
                    "护照种类", passport_kind(applicant.passport_number), "系统中选同一种类"
                ),
                *_latin_names(applicant),
                NationalField(
                    "护照号码",
                    applicant.passport_number,
                    masked=mask_passport(applicant.passport_number),
                ),
                NationalField("护照有效期至", applicant.passport_expires_on.isoformat()),
            ],
        ),
    ]


def passport_kind(number: str) -> str:
    """By the first letter; the wrong kind is a usual reason to send an application back."""
    return {"P": "公务普通护照", "S": "公务护照"}.get(number[:1], "普通护照")


def _latin_names(applicant: Applicant) -> list[NationalField]:
    """As the passport prints them, where the zone was read or somebody typed them."""
    names = [("姓（拼音）", applicant.surname), ("名（拼音）", applicant.given_names)]
    return [NationalField(label, name, "与护照机读码一致") for label, name in names if name]


ON_PAGE = "对照本页下面的填报信息"
IN_FOLDER = "打开这个文件夹里的“00_填报信息”，对照其中的内容"


TABLE_WORDS = (
    "签好的审核表是编号11的图片，材料3、5、6、7选择由审核表替代的，在那一项上传审核表。"
    "带电子签名的审核表PDF不用上传，请留存备查。"
)


def steps(case: Endorsed, *, in_folder: bool = False) -> list[Step]:
    """The way through the national system, as its published guidance has it.

    `in_folder`: read in the unpacked package, not on the portal's page.
    """
    service = case.application.service
    begin = "新办和续办都从这里进入。"
    if not case.table:
        begin = f"选择“{service.label}”。"
    unpack = "把这个文件夹里的图片" if in_folder else "解压材料包，把里面的图片"
    return [
        Step(
            "登录国家系统",
            f"打开中国领事服务网的APEC商务旅行卡申请（{settings.NATIONAL_SYSTEM_URL}），"
            "用企业账号、经办人账号或电子营业执照扫码登录。没有账号的先注册："
            "下载电子营业执照，扫码授权，设置企业邮箱和密码。"
            "港澳台、外商独资和中外合资企业不能自行注册，请先联系市政府外办开通。",
            settings.NATIONAL_SYSTEM_URL,
        ),
        Step(
            "核对企业信息",
            "在“账号设置”中核对企业名称、统一社会信用代码和法定代表人。"
            "这三项不能手工修改，有变更的重新扫码更新。",
        ),
        Step("开始办理", f"点“立即办理”，阅读申办须知并勾选，{begin}"),
        Step(
            "逐项填写",
            f"{IN_FOLDER if in_folder else ON_PAGE}逐项复制、粘贴，"
            f"与{'审核表和' if case.table else ''}护照保持一致。",
        ),
        Step(
            "上传图片",
            f"{unpack}按文件名开头的编号逐项上传；系统只收jpg、png、jpeg。"
            f"{TABLE_WORDS if case.table else ''}",
        ),
        Step("选择取卡方式", "自取的要选择代办点；不清楚选哪一个的，请先问服务站。"),
        Step(
            "缴费",
            f"按系统提示直接向外交部缴费，每卡{number(CARD_FEE)}元，并上传缴费凭证。"
            "不要向本站或任何个人转账。",
        ),
        Step("关注进度", "状态变化会发到企业和经办人的邮箱，也可以在系统的“消息中心”查看。"),
    ]


def replaced_by_table(items: Sequence[Item]) -> list[Item]:
    """The materials for which the signed table is uploaded instead."""
    return [item for item in items if item.material.by_review_table]
