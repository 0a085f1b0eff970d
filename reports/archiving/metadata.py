"""Metadata of an archived case as XML, under the Chinese names of DA/T 46's elements.

Which of them apply to a case of ours, and how they are nested, is the station's own choice; the
readme in the package names each (ADR 78).
"""

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree

from django.conf import settings

from applications.history import history
from applications.models import Application
from core.dates import sheet_moment
from core.text import printable
from reports.archiving.bag import BagEntry
from reports.archiving.tables import ArchivedRound
from reviews.signatures.fields import STATION

XML_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
CHINESE: Final = "汉语"


class MetadataTree:
    """Elements as they are put down, none without words."""

    def __init__(self, name: str) -> None:
        self.root = ElementTree.Element(name)

    def group(self, name: str) -> "MetadataTree":
        child = MetadataTree(name)
        self.root.append(child.root)
        return child

    def say(self, name: str, words: object) -> None:
        text = printable(str(words)).strip()
        if text:
            ElementTree.SubElement(self.root, name).text = text

    def as_bytes(self) -> bytes:
        ElementTree.indent(self.root)
        written: bytes = ElementTree.tostring(self.root, encoding="utf-8")
        return XML_HEAD + written + b"\n"


def metadata(
    application: Application,
    rounds: Sequence[ArchivedRound],
    entries: Sequence[tuple[str, BagEntry]],
) -> bytes:
    """`entries` are the files with what each is."""
    tree = MetadataTree("归档信息包元数据")
    _source(tree.group("来源"), application)
    _content(tree.group("内容描述"), application, rounds)
    _form(tree.group("形式特征"), entries)
    _signatures(tree.group("电子签名"), rounds)
    _business(tree.group("业务实体"), application)
    _people(tree.group("机构人员实体"), application, rounds)
    _files(tree.group("电子属性"), entries)
    _rights(tree.group("权限管理"))
    return tree.as_bytes()


def required_of(data: bytes) -> list[str]:
    """Elements that every case has, and that are missing in this metadata."""
    tree = ElementTree.fromstring(data)  # noqa: S314 - it was just made here
    return [name for name in REQUIRED if not (tree.findtext(name) or "").strip()]


REQUIRED: Final = (
    "来源/立档单位名称", "来源/电子文件号", "内容描述/题名", "内容描述/责任者", "内容描述/日期",
    "形式特征/件数", "业务实体/业务状态", "业务实体/业务事项",
)  # fmt: skip


def _source(group: MetadataTree, application: Application) -> None:
    group.say("聚合层次", "件")
    group.say("立档单位名称", settings.STATION_NAME)
    group.say("行政区划代码", settings.DISTRICT_CODE)
    group.say("电子文件号", application.reference)
    group.say("信息系统描述", f"{settings.STATION_NAME}门户")


def _content(
    group: MetadataTree, application: Application, rounds: Sequence[ArchivedRound]
) -> None:
    group.say("题名", f"{application.enterprise.name}{application.title}")
    group.say("文件编号", "、".join(str(one.table) for one in rounds))
    group.say("责任者", settings.STATION_NAME)
    group.say("日期", sheet_moment(application.status_since))
    group.say("文种", "审核表" if rounds else "申请")
    group.say("人名", application.applicant.name)
    group.say("申请单位", application.enterprise.name)
    group.say("统一社会信用代码", application.enterprise.credit_code)
    group.say("语种", CHINESE)


def _form(group: MetadataTree, entries: Sequence[tuple[str, BagEntry]]) -> None:
    group.say("文件组合类型", "组合文件")
    group.say("件数", len(entries))
    group.say("字节数", sum(entry.size for _, entry in entries))
    group.say("附注", "件数和字节数不含这份元数据和目录")


def _signatures(group: MetadataTree, rounds: Sequence[ArchivedRound]) -> None:
    for one in rounds:
        for opinion in one.opinions:
            if opinion.signed_at is None:
                continue
            signed = group.group("签名")
            signed.say("审核表", one.table)
            signed.say("签名人", opinion.department)
            signed.say("签名时间", sheet_moment(opinion.signed_at))
            signed.say("签名结果", opinion.get_conclusion_display())
            signed.say(
                "签名方式", "纸质盖章，服务站录入" if opinion.is_on_paper else "PAdES电子签名"
            )
            if opinion.certificate is not None:
                signed.say("证书序列号", opinion.certificate.serial)


def _business(group: MetadataTree, application: Application) -> None:
    group.say("业务事项", "APEC商务旅行卡协办申请")
    group.say("业务种类", application.get_kind_display())
    group.say("业务状态", application.get_status_display())
    for event in history(application):
        one = group.group("业务行为")
        one.say("行为描述", event.what)
        one.say("行为时间", sheet_moment(event.at))
        one.say("行为人", event.who)
        one.say("行为依据", event.words)


def _people(group: MetadataTree, application: Application, rounds: Sequence[ArchivedRound]) -> None:
    names = {(STATION, "服务站", settings.STATION_NAME)}
    for one in rounds:
        names |= {
            (opinion.department.code, "审核部门", opinion.department.name)
            for opinion in one.opinions
        }
    for _, kind, name in sorted(names):
        person = group.group("机构")
        person.say("机构人员类型", kind)
        person.say("名称", name)
    person = group.group("人员")
    person.say("机构人员类型", "申请人")
    person.say("名称", application.applicant.name)
    person.say("个人职位", application.applicant.post)


def _files(group: MetadataTree, entries: Sequence[tuple[str, BagEntry]]) -> None:
    for what, entry in entries:
        one = group.group("文件")
        one.say("计算机文件名", entry.path)
        one.say("题名", what)
        one.say("格式信息", entry.path.rpartition(".")[2].upper())
        one.say("计算机文件大小", entry.size)
        one.say("数字摘要SHA-256", entry.sha256)
        one.say("数字摘要SM3", entry.sm3)


def _rights(group: MetadataTree) -> None:
    group.say("个人信息", "含申请人的证件号码、照片和材料")
    group.say("部门意见", "含公安等各部门意见全文，只给有权查阅全部意见的人")
