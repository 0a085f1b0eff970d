"""Reading messages of the national system: what they say, and never more than that.

The texts are invented; which words the national system uses is not published.
"""

import base64
import io
import json
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from cards.filing.messages.reader import MessageReading, read_data, read_text
from cards.filing.messages.received import MessageUnreadable
from materials.economies import ECONOMIES

ALL = sorted(economy.code for economy in ECONOMIES)


def found(text: str) -> list[tuple[str, str, str | None]]:
    return [
        (item.code, item.state, item.on.isoformat() if item.on else None)
        for item in read_text(text).items
    ]


def states(text: str) -> dict[str, str]:
    return {code: state for code, state, _ in found(text)}


# Names -------------------------------------------------------------------------------------------

NAMES = {
    "JPN": ("日本", "日本国", "JPN", "Japan"),
    "KOR": ("韩国", "大韩民国", "KOR", "Republic of Korea", "Korea"),
    "MYS": ("马来西亚", "MYS", "Malaysia"),
    "IDN": ("印度尼西亚", "印尼", "IDN", "Indonesia"),
    "BRN": ("文莱", "文莱达鲁萨兰国", "BRN", "Brunei Darussalam", "Brunei"),
    "PHL": ("菲律宾", "PHL", "Philippines", "the Philippines"),
    "SGP": ("新加坡", "SGP", "Singapore"),
    "THA": ("泰国", "THA", "Thailand"),
    "VNM": ("越南", "VNM", "Viet Nam", "Vietnam"),
    "AUS": ("澳大利亚", "澳洲", "AUS", "Australia"),
    "NZL": ("新西兰", "NZL", "New Zealand"),
    "PNG": ("巴布亚新几内亚", "巴新", "PNG", "Papua New Guinea"),
    "CHL": ("智利", "CHL", "Chile"),
    "PER": ("秘鲁", "PER", "Peru"),
    "MEX": ("墨西哥", "MEX", "Mexico"),
    "RUS": ("俄罗斯", "俄罗斯联邦", "RUS", "Russia", "Russian Federation"),
}


@pytest.mark.parametrize(("code", "name"), [(c, n) for c, ns in NAMES.items() for n in ns])
def test_every_name_of_every_economy_is_known(code: str, name: str) -> None:
    assert states(f"{name}已批准") == {code: "granted"}
    assert states(f"您的申请被{name}拒绝。") == {code: "refused"}
    assert states(f"{name} approved") == {code: "granted"}


def test_an_economy_named_twice_side_by_side_is_one() -> None:
    assert found("日本（JPN）已批准，韩国 Korea (KOR) 拒绝") == [
        ("JPN", "granted", None),
        ("KOR", "refused", None),
    ]


def test_full_width_letters_and_digits_are_read() -> None:
    assert found("ＪＰＮ已批准，２０２６年１１月３日") == [("JPN", "granted", "2026-11-03")]


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月3日本公司已批准您的出差申请",
        "今日本站已批准您的请假",
        "日本企业的合同已批准",
        "赴日本签证已批准",
        "我公司韩国客户的订单已通过",
        "加拿大已批准",
        "美国已批准",
        "朝鲜已批准",
        "印度已批准",
        "中国香港已批准",
        "North Korea approved",
        "PERU2 approved",
        "approved per your request",
    ],
)
def test_what_only_looks_like_an_economys_decision_is_none(text: str) -> None:
    assert states(text) == {}


# Verdicts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "已批准", "批准", "批准了", "均已批准", "已核准", "获批", "已获批", "通过", "已通过", "审批通过",
        "审核通过了", "同意", "已同意", "签批", "已签批", "预先审批通过", "已预先审批", "预先审批已完成",
        "已完成预先审批", "已批准您的申请", "准予", "：已批准", " approved", " granted", " pre-cleared",
        "已批准（自动发送）", "政府已批准",
    ],
)  # fmt: skip
def test_these_words_grant(words: str) -> None:
    assert states(f"日本{words}") == {"JPN": "granted"}
    assert states(f"您的APEC商务旅行卡申请，日本{words}。") == {"JPN": "granted"}


@pytest.mark.parametrize(
    "words",
    [
        "拒绝", "已拒绝", "拒绝了您的申请", "未通过", "审核未通过", "审批不通过", "不予批准", "不予签批",
        "不同意", "不批准", "拒签", "驳回", "否决", "没有通过", "：未通过", " refused", " rejected", " declined",
    ],
)  # fmt: skip
def test_these_words_refuse(words: str) -> None:
    assert states(f"日本{words}") == {"JPN": "refused"}


@pytest.mark.parametrize(
    "text",
    [
        "日本尚未批准",
        "日本还未批准",
        "日本还没有批准",
        "日本暂未批准",
        "日本仍未通过",
        "日本未批准",
        "日本未获批准",
        "日本至今没有批准",
        "日本未收到",
        "日本尚未收到批准",
        "未收到日本的批准",
        "没有收到日本批准的消息",
        "日本还在审批中",
        "日本审批中",
        "日本签批中",
        "日本正在审批",
        "日本待批准",
        "等待日本批准",
        "日本暂无消息",
        "日本没有消息不等于被拒",
        "日本没有拒绝",
        "日本未被拒绝",
        "日本尚未拒绝",
        "日本是否批准",
        "日本批准了吗？",
        "日本批准了？",
        "如日本批准，我们将通知您",
        "如果日本已批准，请登录查看",
        "若日本拒绝，可以重新申请",
        "一旦日本批准，系统会发邮件",
        "预计日本11月批准",
        "日本有望批准",
        "日本可能已批准",
        "日本将批准",
        "日本批准后，请查看",
        "日本批准前，请勿出行",
        "日本撤销了批准",
        "日本的批准已撤销",
        "此前说日本已批准有误",
        "已提交日本预先审批",
        "请日本批准",
        "日本或韩国已批准",
        "除日本外均已批准",
        "日本 not approved",
        "Japan has not yet approved",
        "Japan is pending",
        "Whether Japan approved is unknown",
        "通过邮件通知日本",
        "日本通过系统查询",
        "日本批准情况请见附件",
        "日本审批完成",
        "日本",
        "已批准",
    ],
)
def test_what_leaves_it_open_is_not_recognised_and_said(text: str) -> None:
    reading = read_text(text)
    assert list(reading.items) == []
    assert reading.unread


def test_all_but_one_are_read_where_the_number_comes_out() -> None:
    approved = states("除俄罗斯外，其余15个经济体均已批准，俄罗斯仍在审批中。")
    assert approved == dict.fromkeys(set(ALL) - {"RUS"}, "granted")
    approved = states("除俄罗斯和墨西哥以外其余十四个经济体已于2026年11月3日批准。")
    assert approved == dict.fromkeys(set(ALL) - {"RUS", "MEX"}, "granted")
    wrong = read_text("除俄罗斯外，其余14个经济体均已批准。")
    assert (list(wrong.items), len(wrong.unread)) == ([], 2)
    assert states("除俄罗斯外，其余15个经济体均未批准。") == {}


def test_a_day_in_the_next_sentence_is_of_the_one_before() -> None:
    assert found("日本、韩国已批准。批准日期：2026年11月3日。泰国已批准。") == [
        ("JPN", "granted", "2026-11-03"),
        ("KOR", "granted", "2026-11-03"),
        ("THA", "granted", None),
    ]
    # The day under a letter says when that was written.
    assert found("日本已批准。\n2026年11月9日") == [("JPN", "granted", None)]


def test_others_than_the_named_are_never_made_out() -> None:
    reading = read_text("除日本外，其余经济体均已批准。")
    assert list(reading.items) == []
    assert list(reading.unread) == ["除日本外", "其余经济体均已批准"]


def test_of_what_is_said_both_ways_nothing_is_known() -> None:
    reading = read_text("日本已批准。日本拒绝。韩国已批准。")
    assert [item.code for item in reading.items] == ["KOR"]
    assert list(reading.unread) == ["日本已批准", "日本拒绝"]


# Several in one sentence ---------------------------------------------------------------------------

SEVERAL: list[tuple[str, dict[str, str]]] = [
    ("日本、韩国、巴新已批准", dict.fromkeys(("JPN", "KOR", "PNG"), "granted")),
    ("日本和韩国以及泰国均已批准", dict.fromkeys(("JPN", "KOR", "THA"), "granted")),
    ("日本,韩国,泰国均已批准", dict.fromkeys(("JPN", "KOR", "THA"), "granted")),
    ("日本，韩国，均已批准", dict.fromkeys(("JPN", "KOR"), "granted")),
    ("已批准：日本、韩国", dict.fromkeys(("JPN", "KOR"), "granted")),
    ("已批准的有日本，韩国，泰国", dict.fromkeys(("JPN", "KOR", "THA"), "granted")),
    ("日本已批准，泰国拒绝", {"JPN": "granted", "THA": "refused"}),
    ("日本已批准、泰国拒绝", {"JPN": "granted", "THA": "refused"}),
    ("日本批准韩国拒绝", {"JPN": "granted", "KOR": "refused"}),
    ("日本、韩国已批准，泰国、越南未通过", {
        "JPN": "granted", "KOR": "granted", "THA": "refused", "VNM": "refused",
    }),
    ("已批准：日本、韩国；拒绝：泰国", {"JPN": "granted", "KOR": "granted", "THA": "refused"}),
    ("日本已批准，韩国尚未批准", {"JPN": "granted"}),
    ("日本已批准、韩国尚未批准、越南拒绝", {"JPN": "granted", "VNM": "refused"}),
    ("日本（已批准）、韩国（审批中）、泰国（未通过）", {"JPN": "granted", "THA": "refused"}),
    ("日本 已批准 韩国 审批中 泰国 已批准", {"JPN": "granted", "THA": "granted"}),
    # Of 韩国 nobody can say what is meant.
    ("已批准日本，韩国，泰国拒绝", {"JPN": "granted", "THA": "refused"}),
    ("批准日本、韩国拒绝", {}),
    ("日本、加拿大已批准", {"JPN": "granted"}),
    ("16个经济体中已有3个批准：日本、智利、秘鲁", dict.fromkeys(("JPN", "CHL", "PER"), "granted")),
    ("全部16个经济体均已批准", dict.fromkeys(ALL, "granted")),
    ("所有经济体都已批准", dict.fromkeys(ALL, "granted")),
    ("16个经济体中已有3个批准", {}),
    ("全部经济体尚未批准", {}),
    ("16个经济体已有12个批准", {}),
    ("Japan, Korea and Peru have approved; Russia refused.", {
        "JPN": "granted", "KOR": "granted", "PER": "granted", "RUS": "refused",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_several_economies_of_one_sentence(text: str, expected: dict[str, str]) -> None:
    assert states(text) == expected


def test_a_list_below_its_heading_belongs_to_it() -> None:
    text = "已批准的经济体：\n日本\n韩国（2026-11-05）\n1. 巴布亚新几内亚\n\n审批中：\n泰国\n未通过：\n越南"
    assert found(text) == [
        ("JPN", "granted", None),
        ("KOR", "granted", "2026-11-05"),
        ("PNG", "granted", None),
        ("VNM", "refused", None),
    ]
    assert list(read_text(text).unread) == ["审批中：", "泰国"]


def test_a_table_is_read_line_by_line() -> None:
    text = "经济体\t状态\t批准日期\n日本\t已批准\t2026-11-03\n韩国\t审批中\t\n澳大利亚\t未通过\t2026-11-01"
    assert found(text) == [("JPN", "granted", "2026-11-03"), ("AUS", "refused", "2026-11-01")]


def test_a_form_with_labels_below_each_other_is_one_sentence() -> None:
    text = (
        "经济体：俄罗斯联邦\n状态：已批准\n批准日期：2026年11月3日\n"
        "经济体：泰国\n状态：审批中\n经济体：秘鲁\n结果：未通过\n日期：2026-11-04"
    )
    assert found(text) == [("RUS", "granted", "2026-11-03"), ("PER", "refused", "2026-11-04")]


# Days ----------------------------------------------------------------------------------------------

DAYS: list[tuple[str, str | None]] = [
    ("日本已批准，2026年11月3日", "2026-11-03"),
    ("日本于2026年11月3日批准", "2026-11-03"),
    ("2026年11月3日，日本已批准", "2026-11-03"),
    ("2026年11月3日日本已批准", "2026-11-03"),
    ("日本已批准（2026-11-03）", "2026-11-03"),
    ("日本已批准 2026/11/3", "2026-11-03"),
    ("日本已批准 2026.11.03", "2026-11-03"),
    ("日本已批准，时间：2026-11-03 10:25:00", "2026-11-03"),
    ("日本已批准，2026年 11月 3日", "2026-11-03"),
    ("日本已批准，2026年11月3号", "2026-11-03"),
    ("日本已批准，二〇二六年十一月三日", "2026-11-03"),
    ("日本已批准，二〇二六年十二月二十三日", "2026-12-23"),
    ("日本批准日期：2026-11-03", "2026-11-03"),
    ("Japan approved on 3 November 2026", "2026-11-03"),
    ("Japan approved on Nov. 3, 2026", "2026-11-03"),
    ("您的申请（编号SQ2026）：2026年11月3日，日本已批准", "2026-11-03"),
    ("【中国领事服务网】您好：2026年11月3日，日本已批准", "2026-11-03"),
    ("申请日期：2026年10月3日，日本已批准", None),
    ("日本已批准", None),
    ("日本已批准，11月3日", None),
    ("日本已批准，2026年2月30日", None),
    ("日本已批准，2026-13-01", None),
    ("日本已批准，26年11月3日", None),
    ("日本已批准，2026年11月", None),
    ("日本已批准，有效期至2031年11月2日", None),
    ("日本于2026年11月3日批准，有效期至2031年11月2日", "2026-11-03"),
    ("截至2026年11月3日，日本已批准", None),
    ("您于2026年10月1日提交的申请，日本已批准", None),
    ("2026年10月1日、2026年11月3日日本已批准", None),
]


@pytest.mark.parametrize(("text", "on"), DAYS)
def test_the_day_is_the_one_that_the_sentence_names(text: str, on: str | None) -> None:
    assert found(text) == [("JPN", "granted", on)]


def test_each_sentence_has_its_own_day() -> None:
    assert found("2026年11月3日，日本已批准，韩国已批准。泰国已批准。") == [
        ("JPN", "granted", "2026-11-03"),
        ("KOR", "granted", "2026-11-03"),
        ("THA", "granted", None),
    ]


def test_each_economy_may_have_its_own_day() -> None:
    pairs = [("JPN", "granted", "2026-11-03"), ("KOR", "granted", "2026-11-05")]
    assert found("日本（2026-11-03）、韩国（2026-11-05）已批准") == pairs
    assert found("2026年11月3日日本、2026年11月5日韩国批准") == pairs
    assert found("日本2026年11月3日批准，韩国2026年11月5日批准") == pairs
    assert found("已批准：日本（2026-11-03），韩国（2026-11-05）") == pairs


@pytest.mark.parametrize(
    ("head", "on"),
    [
        ("发送时间：2026年11月5日 10:22\n", "2026-11-03"),
        ("Date: Thu, 5 Nov 2026 10:22:00 +0800\n", "2026-11-03"),
        ("日期：2027-01-05\n", "2026-11-03"),
        ("2026-11-05 10:22\n", "2026-11-03"),
        ("", None),
    ],
)
def test_a_day_without_its_year_takes_it_from_the_message(head: str, on: str | None) -> None:
    assert found(f"{head}日本已于11月3日批准。") == [("JPN", "granted", on)]


def test_a_day_named_twice_differently_is_not_known() -> None:
    assert found("日本2026年11月3日批准。日本2026年11月4日批准。") == [("JPN", "granted", None)]


# Steps ---------------------------------------------------------------------------------------------

STEPS = [
    ("您的企业账号已开通", "registered"),
    ("企业账户注册成功", "registered"),
    ("您的申请已提交成功，申请编号：SQ20261103001", "filed"),
    ("申请已成功提交，请等待审核", "filed"),
    ("市外办退回了您的申请", "returned"),
    ("您的申请已被退回，请修改照片", "returned"),
    ("重庆市人民政府外事办公室要求补正材料", "returned"),
    ("补正材料已提交", "refiled"),
    ("您已重新提交申请", "refiled"),
    ("市外办审核通过", "accepted"),
    ("您的申请已经市政府外办审核通过，请缴费", "accepted"),
    ("重庆市政府外事办公室已受理您的申请", "accepted"),
    ("缴费成功", "paid"),
    ("您已完成缴费，等待外交部审核", "paid"),
    ("外交部已收到您的费用", "paid"),
    ("外交部审核通过", "passed"),
    ("外交部领事司已审核通过，由各经济体审批", "passed"),
    ("您的申请状态已变更为“外交部审核通过”", "passed"),
    ("电子发票已开具并发送至企业邮箱", "invoiced"),
    ("您的卡已制卡完成", "printed"),
    ("商务旅行卡已制作完成", "printed"),
    ("请前往重庆市政府外办领取商务旅行卡", "ready"),
    ("卡片已送达代办点，请及时领取", "ready"),
    ("卡片已领取", "collected"),
    ("商务旅行卡已发放给持卡人", "issued"),
    ("您的申请不予受理", "stopped"),
    ("外交部审核未通过", "stopped"),
    ("您的申请已终止", "stopped"),
]


@pytest.mark.parametrize(("text", "code"), STEPS)
def test_steps_are_recognised(text: str, code: str) -> None:
    assert [(item.kind, item.code, item.state) for item in read_text(text).items] == [
        ("step", code, "done")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "您的申请状态已变更",
        "您的申请审核通过",
        "您的申请正在审核中",
        "请尽快缴费",
        "尚未缴费",
        "缴费失败",
        "请提交申请",
        "等待市外办审核通过",
        "市外办审核通过后请缴费",
        "如市外办退回，请修改",
        "外交部正在审核",
        "外交部尚未审核通过",
        "正在制卡",
        "将于近期制卡",
        "发票将于缴费后一个月内开具",
        "您的申请未提交成功",
        "已提交外交部审核",
        "请勿重新提交",
        "欢迎使用中国领事服务网",
    ],
)
def test_steps_that_did_not_happen_are_not_recognised(text: str) -> None:
    assert list(read_text(text).items) == []


def test_a_step_has_the_day_of_its_sentence() -> None:
    assert found("2026年11月3日，市外办审核通过。") == [("accepted", "done", "2026-11-03")]
    assert found("外交部于2026-11-10审核通过") == [("passed", "done", "2026-11-10")]


def test_a_step_and_economies_of_one_message() -> None:
    text = "您好：外交部已于2026年11月1日审核通过。日本已批准（2026年11月3日），韩国审批中。"
    assert found(text) == [("passed", "done", "2026-11-01"), ("JPN", "granted", "2026-11-03")]
    assert list(read_text(text).unread) == ["韩国审批中"]


# Mails ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "earlier",
    [
        "-----原始邮件-----\n韩国已批准",
        "------------------ 原始邮件 ------------------\n发件人: a@b.cn\n韩国已批准",
        "> 韩国已批准\n> 泰国拒绝",
        "在 2026年10月1日，某某 <a@b.cn> 写道：\n韩国已批准",
        "On Mon, 5 Oct 2026, A wrote:\nKorea approved",
        "发件人：a@b.cn\n发送时间：2026年10月1日\n收件人：b@c.cn\n韩国已批准",
    ],
)
def test_what_an_earlier_mail_said_is_not_read_again(earlier: str) -> None:
    reading = read_text(f"日本已批准。\n\n{earlier}")
    assert [item.code for item in reading.items] == ["JPN"]
    assert any("韩国已批准" in said or "Korea approved" in said for said in reading.unread)


def test_a_whole_mail_with_its_head_is_read() -> None:
    text = (
        "发件人：中国领事服务网 <no-reply@example.com>\n发送时间：2026年11月5日 10:22\n"
        "收件人：jingban@example.com\n主题：APEC商务旅行卡进度\n\n尊敬的用户：\n"
        "　　您的申请有新的进展：新西兰、智利已于11月4日批准，墨西哥正在审批。\n"
        "　　请登录国家系统查看。\n\n此邮件由系统自动发送，请勿回复。\n"
    )
    assert found(text) == [("NZL", "granted", "2026-11-04"), ("CHL", "granted", "2026-11-04")]


def test_a_mail_as_its_program_stores_it_is_read() -> None:
    body = "日本已批准，2026年11月3日。".encode()

    mail = (
        b"From: a@example.com\nDate: Thu, 5 Nov 2026 10:22:00 +0800\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(body)
    )
    assert [(i.code, i.on) for i in read_data(mail).items] == [("JPN", date(2026, 11, 3))]


def test_markup_is_left_out() -> None:
    html = b"<html><style>p{}</style><body><p>\xe6\x97\xa5\xe6\x9c\xac</p><p>x</p></body></html>"
    assert list(read_data(html).items) == []
    page = "<div>日本已<b>批准</b>&nbsp;2026-11-03</div><div>韩国<br>审批中</div>".encode()
    assert [(i.code, i.on) for i in read_data(page).items] == [("JPN", date(2026, 11, 3))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    assert [i.code for i in read_data("日本已批准。".encode(encoding)).items] == ["JPN"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 50,
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\n\xff\xfe\x00\x01",
        bytes(range(256)),
        b"PK\x03\x04\x14\x00\x00\x00",
        b"\xff\xfe\x00",
        "日本已批准\x00".encode(),
        "日".encode() * 33_334,
        b"a" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(MessageUnreadable):
        read_data(data)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_are_an_error_of_ours(data: bytes) -> None:
    with suppress(MessageUnreadable):
        assert isinstance(read_data(data), MessageReading)


PIECES = st.sampled_from(
    ["日本", "韩国", "KOR", "已批准", "拒绝", "尚未批准", "，", "。", "、", "：", "\n", "2026年11月3日", "11月3日",
     "外交部", "审核通过", "除", "其余", "（", "）", " ", ">", "原始邮件", "状态：", "经济体：", "?", "加拿大"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_mixture_of_its_words_is_read_without_an_error(text: str) -> None:
    reading = read_text(text)
    assert {item.state for item in reading.items} <= {"granted", "refused", "done"}
    economies = [item.code for item in reading.items if item.kind == "economy"]
    assert len(economies) == len(set(economies))


# The command ---------------------------------------------------------------------------------------


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], int]:
    status = 0
    try:
        call_command("read_message", *arguments)
    except SystemExit as left:
        status = int(left.code or 0)
    return json.loads(capsys.readouterr().out), status


def test_the_command_prints_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    message = tmp_path / "message.txt"
    message.write_text("日本已批准，2026年11月3日。韩国审批中。", encoding="utf-8")
    answer, status = run(str(message), capsys=capsys)
    assert status == 0
    assert answer == {
        "recognised": True,
        "items": [{"kind": "economy", "code": "JPN", "state": "granted", "on": "2026-11-03"}],
        "unread": ["韩国审批中"],
    }


def test_the_command_reads_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("泰国拒绝".encode())))
    answer, status = run("-", capsys=capsys)
    assert (status, answer["items"]) == (
        0,
        [{"kind": "economy", "code": "THA", "state": "refused", "on": None}],
    )


def test_the_command_says_that_nothing_was_recognised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = tmp_path / "message.txt"
    message.write_text("您好，请登录系统。", encoding="utf-8")
    answer, status = run(str(message), capsys=capsys)
    assert status == 1
    assert answer == {"recognised": False, "items": [], "unread": ["您好", "请登录系统"]}


@pytest.mark.parametrize("data", [b"\x00\x01", b"a" * 100_000, None])
def test_the_command_says_that_it_cannot_read(
    data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message = tmp_path / "message.txt"
    if data is not None:
        message.write_bytes(data)
    answer, status = run(str(message), capsys=capsys)
    assert status == 2
    assert answer["recognised"] is False
    assert answer["items"] == []
    assert answer["error"]


@pytest.mark.parametrize("city", ["重庆市人民政府外事办公室", "市外办"])
def test_a_case_that_passed_the_city_office_is_accepted_on_its_day(city: str) -> None:
    said = f"您的申请已于2026年11月30日通过{city}审核。"
    assert found(said) == [("accepted", "done", "2026-11-30")]
    assert found(f"您的申请尚未通过{city}审核。") == []
