"""What a template may ask for: known fields, the loop over a list, and whether one is filled.

Everything else that the template language knows (calls, filters, arithmetic, imports, attributes)
is refused before the template is ever run; the environment that runs it has none of it either.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from letters.word.problems import TemplateProblem

PLAIN: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
LOOP_WORDS: Final = frozenset({"index", "first", "last", "length"})


class ClosedEnvironment(SandboxedEnvironment):
    """Nothing is callable, nothing is global, no filter and no test is known."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True)
        for known in (self.globals, self.filters, self.tests):
            known.clear()

    def is_safe_callable(self, obj: Any) -> bool:
        return False


@dataclass(frozen=True)
class Vocabulary:
    """Names that a kind of letter knows: plain fields, and lists with what each of a row has."""

    fields: tuple[str, ...]
    lists: Mapping[str, frozenset[str]]

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys([*self.lists, *self.fields]))

    def __or__(self, other: "Vocabulary") -> "Vocabulary":
        return Vocabulary(
            tuple(dict.fromkeys([*self.fields, *other.fields])), {**self.lists, **other.lists}
        )


@dataclass
class Expressions:
    """One reading of a template's source: the fields it asks for, and what may not stand there."""

    words: Vocabulary
    fields: list[str] = field(default_factory=list)
    problems: list[TemplateProblem] = field(default_factory=list)

    def read(self, source: str) -> None:
        try:
            self._visit(ClosedEnvironment().parse(source), {})
        except TemplateSyntaxError as error:
            self._refuse("broken_tag", f"空格或循环的写法不完整：{_said(error)}")
        except RecursionError:
            self._refuse("code", "括号或判断套得太深，请拆开。")

    def _visit(self, node: nodes.Node, rows: Mapping[str, frozenset[str]]) -> None:
        """`rows` are the names that loops around here have given, with what each has."""
        if isinstance(node, nodes.For):
            self._visit_loop(node, rows)
        elif isinstance(node, nodes.Name):
            self._visit_name(node.name, rows)
        elif isinstance(node, nodes.Getattr):
            self._visit_attribute(node, rows)
        elif isinstance(node, PLAIN):
            for child in node.iter_child_nodes():
                self._visit(child, rows)
        else:
            self._refuse(
                "code",
                f"模板里只能写字段名，第{node.lineno}段有别的写法（{_called(node)}），不能使用。",
            )

    def _visit_loop(self, node: nodes.For, rows: Mapping[str, frozenset[str]]) -> None:
        listed = node.iter.name if isinstance(node.iter, nodes.Name) else ""
        target = node.target.name if isinstance(node.target, nodes.Name) else ""
        if rows:
            self._refuse("code", "循环里不能再套循环。")
        elif listed not in self.words.lists or not target or node.test or node.recursive:
            lists = "、".join(self.words.lists)
            self._refuse("code", f"循环只能写成“for 某 in 清单”，清单是：{lists}。")
        else:
            self._note(listed)
            inner = {target: self.words.lists[listed], "loop": LOOP_WORDS}
            for child in (*node.body, *node.else_):
                self._visit(child, inner)

    def _visit_name(self, name: str, rows: Mapping[str, frozenset[str]]) -> None:
        if name in rows and name != "loop":
            return
        self._note(name)
        if name not in self.words.fields and name not in self.words.lists:
            self._refuse(
                "unknown_field",
                f"不认识的字段“{name}”。能用的有：{'、'.join(self.words.names)}。",
            )

    def _visit_attribute(self, node: nodes.Getattr, rows: Mapping[str, frozenset[str]]) -> None:
        row = node.node.name if isinstance(node.node, nodes.Name) else ""
        if row not in rows:
            self._refuse("code", f"“.{node.attr}”不能使用：点号只能用在循环里的一位申请人之后。")
        elif node.attr not in rows[row]:
            known = "、".join(sorted(rows[row])) or "没有"
            self._refuse("unknown_field", f"不认识的字段“{row}.{node.attr}”。能用的有：{known}。")
        else:
            self._note(f"{row}.{node.attr}")

    def _note(self, name: str) -> None:
        if name not in self.fields:
            self.fields.append(name)

    def _refuse(self, code: str, message: str) -> None:
        self.problems.append(TemplateProblem(code, message))


def loops_of(source: str) -> Iterator[int]:
    """How long the body of each loop is, in characters of the source."""
    for piece in source.split("{% for")[1:]:
        yield len(piece.partition("endfor")[0])


def _called(node: nodes.Node) -> str:
    return {
        nodes.Call: "函数调用",
        nodes.Filter: "过滤器",
        nodes.Getitem: "下标",
        nodes.Import: "导入",
        nodes.FromImport: "导入",
        nodes.Include: "包含别的文件",
        nodes.Extends: "继承别的文件",
        nodes.Macro: "宏",
        nodes.Assign: "赋值",
        nodes.Const: "固定值",
        nodes.Test: "判断式",
        nodes.Compare: "比较",
    }.get(type(node), "表达式")


def _said(error: TemplateSyntaxError) -> str:
    """Jinja says it in English; these are the ones that a template maker meets."""
    message = str(error.message or "")
    if "Unexpected end of template" in message or "expected token 'end of" in message:
        return "有循环或判断没有结束，请补上{% endfor %}或{% endif %}，字段名里不能有空格和标点。"
    if "unknown tag" in message:
        return "只能用for、endfor、if、else、endif，并且要成对。"
    return "请核对大括号里的字段名和英文标点。"
