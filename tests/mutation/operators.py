"""Mutants of a Python file: every place where one small, plausible mistake could be made.

Of the libraries on PyPI in 2026 none serves. mutmut 3 passes over every decorated function, which
is each of ours under `@transaction.atomic`; cosmic-ray changes the checkout in place; mutatest, the
one that draws at random, has had no release since 2022; and none of them drops a statement, as a
forgotten `record(…)` is dropped.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

OPPOSITE = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "in": "not in",
    "not in": "in", "is": "is not", "is not": "is", "and": "or", "or": "and", "+": "-", "-": "+",
    "*": "//", "/": "*", "//": "*", "%": "*", "&": "|", "|": "&",
}  # fmt: skip
OPERATOR = re.compile(r"\b(not\s+in|is\s+not|in|is|and|or)\b|<=|>=|==|!=|//|[<>+\-*/%&|]")
# Links of a query that can be forgotten, and calls of which one condition can be.
LINKS = {"select_for_update", "exclude", "order_by", "active"}
QUERIES = {"filter", "exclude", "get", "update"}
# What is said to the log is no rule.
UNSAID = {"logger", "log", "warnings"}


@dataclass(frozen=True)
class Mutant:
    """One replaced span of a file, in bytes."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def applied_to(self, source: bytes) -> bytes:
        return source[: self.start] + self.after.encode() + source[self.end :]


def mutants_of(path: str, source: bytes) -> list[Mutant]:
    """Every mutant that is still Python and another program."""
    tree = ast.parse(source)
    found = _Finder(path, source).look_at(tree)
    same = ast.dump(tree)
    return [mutant for mutant in found if _dump(mutant.applied_to(source)) not in (None, same)]


def _dump(source: bytes) -> str | None:
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


class _Finder:
    def __init__(self, path: str, source: bytes) -> None:
        self.path, self.source = path, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def look_at(self, node: ast.AST) -> Iterator[Mutant]:
        yield from self._mutants_at(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            for child in value if isinstance(value, list) else [value]:
                # Places inside an f-string are told wrongly before Python 3.12.
                if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                    yield from self.look_at(child)

    def _mutants_at(self, node: ast.AST) -> Iterator[Mutant]:
        match node:
            case ast.Compare():
                yield from self._operators([node.left, *node.comparators])
            case ast.BoolOp():
                yield from self._operators(node.values)
                yield from self._dropped(node.values)
            case ast.BinOp() if not any(_is_text(side) for side in (node.left, node.right)):
                yield from self._operators([node.left, node.right])
            case ast.UnaryOp(op=ast.Not()):
                yield self._span(*self._place(node), self._text(node.operand))
            case ast.Constant(value=int(value)):
                other = not value if isinstance(value, bool) else value + 1
                yield self._span(*self._place(node), str(other))
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) if _is_bare(test):
                yield self._negated(test)
            case ast.comprehension():
                yield from map(self._negated, filter(_is_bare, node.ifs))
            case ast.Expr(value=ast.Call() as call) if not _is_unsaid(call):
                yield self._span(*self._place(node), "pass")
            case ast.Call(func=ast.Attribute() as link):
                yield from self._forgotten(node, link)

    def _operators(self, sides: list[ast.expr]) -> Iterator[Mutant]:
        for left, right in pairwise(sides):
            start, end = self._place(left)[1], self._place(right)[0]
            found = OPERATOR.search(self.source[start:end].decode())
            opposite = OPPOSITE.get(" ".join(found.group().split())) if found else None
            if found and opposite:
                yield self._span(start + found.start(), start + found.end(), opposite)

    def _dropped(self, sides: list[ast.expr]) -> Iterator[Mutant]:
        places = [self._place(side) for side in sides]
        yield self._span(places[0][0], places[1][0], "")
        for earlier, later in pairwise(places):
            yield self._span(earlier[1], later[1], "")

    def _forgotten(self, node: ast.Call, link: ast.Attribute) -> Iterator[Mutant]:
        if link.attr in LINKS:
            yield self._span(self._place(link.value)[1], self._place(node)[1], "")
        if link.attr in QUERIES:
            for keyword in node.keywords:
                start, end = self._place(keyword)
                comma = re.match(rb"\s*,", self.source[end:])
                yield self._span(start, end + (comma.end() if comma else 0), "")

    def _negated(self, test: ast.expr) -> Mutant:
        return self._span(*self._place(test), f"(not ({self._text(test)}))")

    def _place(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[(node.end_lineno or 1) - 1] + (node.end_col_offset or 0)

    def _text(self, node: ast.expr) -> str:
        start, end = self._place(node)
        return self.source[start:end].decode()

    def _span(self, start: int, end: int, after: str) -> Mutant:
        line = self.source.count(b"\n", 0, start) + 1
        return Mutant(self.path, line, start, end, self.source[start:end].decode(), after)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_bare(test: ast.expr) -> bool:
    """Without an operator of its own, which is mutated instead."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _is_unsaid(call: ast.Call) -> bool:
    return any(isinstance(node, ast.Name) and node.id in UNSAID for node in ast.walk(call.func))
