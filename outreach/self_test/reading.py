"""Reads a document of the self-test; says in sentences why one may not be published."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from materials.catalogue import CATALOGUE
from outreach.self_test.document import (
    Document,
    FlowFinding,
    FlowOption,
    FlowQuestion,
    Rule,
    WorkedExample,
    unknown_ids,
    walk,
)

ID: Final = re.compile(r"[a-z][a-z0-9_]{0,29}")
PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
STATION: Final = frozenset({"district", "station", "hotline"})
KINDS: Final = ("not_yet", "call", "note")
OUTCOMES: Final = ("yes", "not_yet", "call")
MOST_TEXT: Final = 400
MOST_QUESTIONS: Final = 20
MOST_EXAMPLES: Final = 100
NUMBERS: Final = frozenset(str(int(kind.number)) for kind in CATALOGUE)


class DocumentRefused(ValueError):
    """The document cannot be used; `problems` are sentences, each naming the place."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("；".join(problems))


def read(raw: Any) -> Document:
    """A document of the right shape. Raises DocumentRefused with all that is wrong with it."""
    return _DocumentReader().document(raw)


def problems_of(raw: Any, codes: frozenset[str]) -> list[str]:
    """Why this document may not be published, a sentence each; `codes` are the parameters."""
    try:
        document = read(raw)
    except DocumentRefused as refused:
        return refused.problems
    found = [*_strange_placeholders(raw, codes | STATION), *_bad_ways(document)]
    # Examples are walked along only where there is an end to come to.
    return found or list(_failing_examples(document))


def placeholders(raw: Any) -> set[str]:
    return {code for text in _texts(raw) for code in PLACEHOLDER.findall(text)}


def _texts(raw: Any) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from _texts(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _texts(value)


def _strange_placeholders(raw: Any, known: frozenset[str]) -> list[str]:
    strange = sorted(placeholders(raw) - known)
    return [f"文字里的“{{{code}}}”不是参数的代码，请核对。" for code in strange]


def _bad_ways(document: Document) -> list[str]:
    """Loops, and questions to which no way leads."""
    reached: set[str] = set()
    loops: list[str] = []

    def visit(question_id: str, above: tuple[str, ...]) -> None:
        if question_id in above:
            circle = "→".join([*above[above.index(question_id) :], question_id])
            if not loops:
                loops.append(f"题目绕成了一圈：{circle}，永远答不完。")
            return
        if question_id in reached:
            return
        reached.add(question_id)
        # By each option's target once: several may lead to the same question.
        for target in dict.fromkeys(one.next for one in document.questions[question_id].options):
            if target is not None:
                visit(target, (*above, question_id))

    visit(document.start, ())
    lost = [one for one in document.questions if one not in reached]
    return loops + [f"没有哪个选项会走到题目“{one}”。" for one in lost]


def _failing_examples(document: Document) -> Iterator[str]:
    """Examples that come out otherwise than they say, and options that none of them takes."""
    taken: set[tuple[str, str]] = set()
    for example in document.examples:
        strange = unknown_ids(document, example.answers)
        if strange:
            yield f"样例“{example.name}”：{''.join(strange)}"
            continue
        found = walk(document, example.answers)
        taken |= set(found.answers.items())
        if found.outcome != example.outcome:
            where = f"，停在题目“{found.next.id}”" if found.next else ""
            yield (
                f"样例“{example.name}”应得出“{example.outcome}”，实际得出“{found.outcome}”{where}。"
            )
        elif len(found.answers) < len(example.answers):
            beside = "、".join(set(example.answers) - set(found.answers))
            yield f"样例“{example.name}”里的回答“{beside}”走不到，请删去。"
    for question in document.questions.values():
        for option in question.options:
            if (question.id, option.id) not in taken:
                yield f"题目“{question.id}”的选项“{option.id}”没有样例走到，请补一个样例。"


class _DocumentReader:
    """Reads a raw document and collects what is wrong with it, each with its place."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def document(self, raw: Any) -> Document:
        if not isinstance(raw, dict):
            raise DocumentRefused(["整份文档应是一个JSON对象。"])
        rules = {one: self.rule(one, raw_rule) for one, raw_rule in self.mapping(raw, "rules")}
        listed = self.listed(raw, "questions", MOST_QUESTIONS)
        questions: dict[str, FlowQuestion] = {}
        for raw_question in listed:
            question = self.question(raw_question, rules)
            if question.id in questions:
                self.wrong(f"题目“{question.id}”出现了两次。")
            questions[question.id] = question
        for question in questions.values():
            for option in question.options:
                if option.next is not None and option.next not in questions:
                    self.wrong(
                        f"题目“{question.id}”的选项“{option.id}”接着到“{option.next}”，没有这一题。"
                    )
        start = self.text(raw, "start", "文档")
        if start not in questions:
            self.wrong(f"第一题“{start}”不在题目里。")
        document = Document(start, questions, rules, self.outcomes(raw), tuple(self.examples(raw)))
        if self.problems:
            raise DocumentRefused(list(dict.fromkeys(self.problems)))
        return document

    def rule(self, rule_id: str, raw: Any) -> Rule:
        where = f"规则“{rule_id[:30]}”"
        self.check_id(rule_id, where)
        raw = self.object(raw, where)
        until = None
        if raw.get("until") is not None:
            try:
                until = date.fromisoformat(str(raw["until"]))
            except ValueError:
                self.wrong(f"{where}的until应写成2026-12-31的样子。")
        if not isinstance(raw.get("confirmed"), bool):
            self.wrong(f"{where}的confirmed应为true或false。")
        return Rule(
            rule_id,
            self.text(raw, "text", where),
            self.text(raw, "source", where),
            raw.get("confirmed") is True,
            until,
        )

    def question(self, raw: Any, rules: Mapping[str, Rule]) -> FlowQuestion:
        raw = self.object(raw, "题目")
        question_id = self.text(raw, "id", "题目")
        where = f"题目“{question_id[:30]}”"
        self.check_id(question_id, where)
        options = [
            self.option(one, question_id, rules) for one in self.listed(raw, "options", 12, where)
        ]
        if len({option.id for option in options}) < len(options):
            self.wrong(f"{where}有两个选项的编号相同。")
        hint = self.text(raw, "hint", where, may_be_empty=True)
        return FlowQuestion(question_id, self.text(raw, "text", where), hint, tuple(options))

    def option(self, raw: Any, question_id: str, rules: Mapping[str, Rule]) -> FlowOption:
        raw = self.object(raw, f"题目“{question_id}”的选项")
        option_id = self.text(raw, "id", f"题目“{question_id}”的选项")
        where = f"题目“{question_id}”的选项“{option_id[:30]}”"
        self.check_id(option_id, where)
        following = raw.get("next")
        if following is not None and not isinstance(following, str):
            self.wrong(f"{where}的next应为题目编号或null。")
            following = None
        materials: dict[int, str] = {}
        for number, words in self.mapping(raw, "materials", where, may_lack=True):
            if number not in NUMBERS or not isinstance(words, str):
                self.wrong(f"{where}：没有编号为“{number[:10]}”的材料，或者它的说明不是文字。")
            else:
                materials[int(number)] = words
        finding = self.finding(raw.get("finding"), where, rules)
        return FlowOption(option_id, self.text(raw, "text", where), following, finding, materials)

    def finding(self, raw: Any, where: str, rules: Mapping[str, Rule]) -> FlowFinding | None:
        if raw is None:
            return None
        where = f"{where}的理由"
        raw = self.object(raw, where)
        kind, rule = raw.get("kind"), raw.get("rule")
        if kind not in KINDS:
            self.wrong(f"{where}的kind应为not_yet、call或note。")
        if not isinstance(rule, str) or rule not in rules:
            self.wrong(f"{where}引用的规则“{str(rule)[:30]}”不在规则里。")
            return None
        helped = self.text(raw, "help", where, may_be_empty=kind == "note")
        return FlowFinding(str(kind), self.text(raw, "text", where), helped, rules[rule])

    def outcomes(self, raw: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = dict(self.mapping(raw, "outcomes"))
        texts = {}
        for outcome in OUTCOMES:
            where = f"结果“{outcome}”"
            one = self.object(found.get(outcome), where)
            texts[outcome] = (self.text(one, "title", where), self.text(one, "text", where))
        return texts

    def examples(self, raw: dict[str, Any]) -> Iterator[WorkedExample]:
        names = set()
        for listed in self.listed(raw, "examples", MOST_EXAMPLES):
            one = self.object(listed, "样例")
            name = self.text(one, "name", "样例")
            if name in names:
                self.wrong(f"样例“{name[:30]}”出现了两次。")
            names.add(name)
            outcome = one.get("outcome")
            if outcome not in OUTCOMES:
                self.wrong(f"样例“{name[:30]}”的outcome应为yes、not_yet或call。")
            answers = dict(self.mapping(one, "answers", f"样例“{name[:30]}”"))
            if not all(isinstance(value, str) for value in answers.values()):
                self.wrong(f"样例“{name[:30]}”的回答应是选项的编号。")
                continue
            yield WorkedExample(name, answers, str(outcome))

    def object(self, raw: Any, where: str) -> dict[str, Any]:
        if isinstance(raw, dict):
            return raw
        self.wrong(f"{where}应是一个JSON对象。")
        return {}

    def mapping(
        self, raw: dict[str, Any], key: str, where: str = "文档", *, may_lack: bool = False
    ) -> Iterator[tuple[str, Any]]:
        found = raw.get(key)
        if isinstance(found, dict):
            yield from found.items()
        elif not (may_lack and found is None):
            self.wrong(f"{where}里的{key}应是一个JSON对象。")

    def listed(self, raw: dict[str, Any], key: str, most: int, where: str = "文档") -> list[Any]:
        found = raw.get(key)
        if not isinstance(found, list) or not 1 <= len(found) <= most:
            self.wrong(f"{where}里的{key}应是1至{most}项的列表。")
            return []
        return found

    def text(self, raw: dict[str, Any], key: str, where: str, *, may_be_empty: bool = False) -> str:
        found = raw.get(key, "" if may_be_empty else None)
        if not isinstance(found, str) or (not found.strip() and not may_be_empty):
            self.wrong(f"{where}的{key}应是文字，不能空着。")
            return ""
        if len(found) > MOST_TEXT:
            self.wrong(f"{where}的{key}最多写{MOST_TEXT}个字。")
        return found

    def check_id(self, text: str, where: str) -> None:
        if not ID.fullmatch(text):
            self.wrong(f"{where}的编号应以小写字母开头，只用小写字母、数字和下划线。")

    def wrong(self, sentence: str) -> None:
        self.problems.append(sentence)
