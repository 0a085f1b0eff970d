"""The self-test's document: how it is walked along, and what may not be published."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import outreach.self_test
from outreach.self_test.document import unknown_ids, walk
from outreach.self_test.reading import problems_of, read

FIRST = Path(outreach.self_test.__file__).with_name("first_document.json")
CODES = frozenset(
    f"eligibility.{name}"
    for name in ("passport_months", "passport_advice_months", "social_months", "renew_months")
)


def small() -> dict[str, Any]:
    """Two questions: whether the enterprise is of here, and whether it owes taxes."""
    rule = {"text": "只为本区企业服务", "source": "方案", "confirmed": True, "until": None}
    no = {"kind": "not_yet", "text": "不在本区", "help": "找注册地的服务站", "rule": "here"}
    return {
        "start": "place",
        "rules": {"here": rule},
        "questions": [
            {
                "id": "place",
                "text": "在本区吗？",
                "hint": "",
                "options": [
                    {"id": "yes", "text": "在", "next": "tax", "finding": None, "materials": {}},
                    {"id": "no", "text": "不在", "next": None, "finding": no, "materials": {}},
                ],
            },
            {
                "id": "tax",
                "text": "欠税吗？",
                "hint": "",
                "options": [
                    {"id": "no", "text": "不欠", "next": None, "finding": None},
                    {
                        "id": "unsure",
                        "text": "不清楚",
                        "next": None,
                        "finding": {
                            "kind": "call",
                            "text": "要核实",
                            "help": "来电",
                            "rule": "here",
                        },
                        "materials": {"3": "到税务局打印"},
                    },
                ],
            },
        ],
        "outcomes": {
            outcome: {"title": outcome, "text": outcome} for outcome in ("yes", "not_yet", "call")
        },
        "examples": [
            {"name": "甲", "answers": {"place": "yes", "tax": "no"}, "outcome": "yes"},
            {"name": "乙", "answers": {"place": "no"}, "outcome": "not_yet"},
            {"name": "丙", "answers": {"place": "yes", "tax": "unsure"}, "outcome": "call"},
        ],
    }


def option(raw: Any, number: int) -> Any:
    """One of the first question's."""
    return raw["questions"][0]["options"][number]


def problem(raw: Any) -> str:
    return "\n".join(problems_of(raw, CODES))


def test_a_whole_document_has_no_problem() -> None:
    assert problems_of(small(), CODES) == []


def test_the_first_document_has_none_and_eight_to_ten_questions() -> None:
    raw = json.loads(FIRST.read_text())
    assert problems_of(raw, CODES) == []
    assert 8 <= len(raw["questions"]) <= 10


def test_answers_lead_to_the_next_question_or_the_outcome() -> None:
    document = read(small())
    begun = walk(document, {})
    assert (begun.outcome, begun.next and begun.next.id) == ("next", "place")
    on_the_way = walk(document, {"place": "yes"})
    assert (on_the_way.outcome, on_the_way.next and on_the_way.next.id) == ("next", "tax")
    assert walk(document, {"place": "yes", "tax": "no"}).outcome == "yes"
    assert walk(document, {"place": "yes", "tax": "unsure"}).outcome == "call"
    assert walk(document, {"place": "no"}).outcome == "not_yet"


def test_answers_off_the_way_count_nothing() -> None:
    way = walk(read(small()), {"place": "no", "tax": "unsure"})
    assert (way.outcome, way.answers) == ("not_yet", {"place": "no"})


def test_what_is_not_met_outweighs_what_is_to_be_clarified() -> None:
    raw = small()
    raw["questions"][0]["options"][1]["next"] = "tax"
    way = walk(read(raw), {"place": "no", "tax": "unsure"})
    assert way.outcome == "not_yet"
    assert [finding.kind for finding in way.findings] == ["not_yet", "call"]


def test_an_answer_says_what_it_means_for_a_material() -> None:
    way = walk(read(small()), {"place": "yes", "tax": "unsure"})
    assert way.materials == {3: ["到税务局打印"]}


def test_an_unknown_id_is_named() -> None:
    document = read(small())
    assert unknown_ids(document, {"city": "yes"}) == ["没有编号为“city”的题目。"]
    assert unknown_ids(document, {"tax": "yes"}) == ["题目“tax”没有编号为“yes”的选项。"]
    assert unknown_ids(document, {"tax": "no"}) == []


def test_an_example_that_comes_out_otherwise_stops_it() -> None:
    raw = small()
    raw["examples"][0]["outcome"] = "call"
    assert problem(raw) == "样例“甲”应得出“call”，实际得出“yes”。"


def test_an_example_that_comes_to_no_end_stops_it() -> None:
    raw = small()
    raw["examples"].append({"name": "丁", "answers": {"place": "yes"}, "outcome": "yes"})
    assert "样例“丁”应得出“yes”，实际得出“next”，停在题目“tax”。" in problem(raw)


def test_an_option_without_example_stops_it() -> None:
    raw = small()
    del raw["examples"][2]
    assert problem(raw) == "题目“tax”的选项“unsure”没有样例走到，请补一个样例。"


def test_an_example_that_names_an_unknown_id_stops_it() -> None:
    raw = small()
    raw["examples"][0]["answers"]["tax"] = "maybe"
    assert "题目“tax”没有编号为“maybe”的选项。" in problem(raw)


def test_a_question_that_nothing_leads_to_stops_it() -> None:
    raw = small()
    raw["questions"][0]["options"][0]["next"] = None
    assert "没有哪个选项会走到题目“tax”。" in problem(raw)


def test_a_loop_stops_it() -> None:
    raw = small()
    raw["questions"][1]["options"][0]["next"] = "place"
    assert "题目绕成了一圈：place→tax→place" in problem(raw)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda raw: raw.update(start="city"), "第一题“city”不在题目里"),
        (
            lambda raw: raw["questions"][0]["options"][0].update(next="city"),
            "接着到“city”，没有这一题",
        ),
        (
            lambda raw: raw["questions"][0]["options"][1]["finding"].update(rule="x"),
            "规则“x”不在规则里",
        ),
        (lambda raw: raw["questions"][0]["options"][1]["finding"].update(kind="no"), "kind应为"),
        (lambda raw: raw["questions"].append(deepcopy(raw["questions"][0])), "“place”出现了两次"),
        (lambda raw: raw["questions"][0].update(id="Place 1"), "编号应以小写字母开头"),
        (lambda raw: raw["questions"][0].update(text=""), "text应是文字，不能空着"),
        (lambda raw: raw["questions"][0].update(text="长" * 401), "最多写400个字"),
        (
            lambda raw: raw["questions"][1]["options"][1].update(materials={"99": "x"}),
            "没有编号为“99”的材料",
        ),
        (lambda raw: raw["rules"]["here"].update(until="明年"), "until应写成2026-12-31的样子"),
        (lambda raw: raw["rules"]["here"].update(confirmed="是"), "confirmed应为true或false"),
        (lambda raw: raw["outcomes"].pop("call"), "结果“call”应是一个JSON对象"),
        (lambda raw: raw.update(questions=[]), "questions应是1至20项的列表"),
        (lambda raw: raw.update(examples="无"), "examples应是1至100项的列表"),
        (
            lambda raw: raw["questions"][0].update(text="满{no.such}个月"),
            "{no.such}”不是参数的代码",
        ),
    ],
)
def test_a_document_of_wrong_shape_is_refused_with_the_place(change: Any, expected: str) -> None:
    raw = small()
    change(raw)
    assert expected in problem(raw)


@pytest.mark.parametrize("raw", [None, [], "x", 7, {}, {"questions": 1}])
def test_what_is_no_document_is_refused_in_words(raw: Any) -> None:
    assert problem(raw)
