"""The mutants of a rule, and the table of rules itself."""

import pytest

from tests.mutation.operators import mutants_of
from tests.mutation.rules import ROOT, RULES

SOURCE = '''\
def count(rows: "int | None" = None, most=5):
    """At most 5 of 重庆."""
    record("重庆", rows, by=None)
    logger.info("5 of 重庆")
    if rows and not (most < 4):
        return Row.objects.select_for_update().filter(a=1, b=True).exclude(c=rows)
    return f"{most + 1}"
'''


def test_each_small_mistake_is_one_mutant():
    found = {(m.line, m.before, m.after) for m in mutants_of("x.py", SOURCE.encode())}
    assert found == {
        (1, "5", "6"),
        (3, 'record("重庆", rows, by=None)', "pass"),
        (5, "and", "or"),
        (5, "rows and ", ""),
        (5, " and not (most < 4)", ""),
        (5, "not (most < 4)", "most < 4"),
        (5, "<", "<="),
        (5, "4", "5"),
        (6, ".select_for_update()", ""),
        (6, "a=1,", ""),
        (6, "b=True", ""),
        (6, "1", "2"),
        (6, "True", "False"),
        (6, "c=rows", ""),
        (6, ".exclude(c=rows)", ""),
    }


def test_a_mutant_changes_its_own_place_and_nothing_else():
    source = SOURCE.encode()
    [forgotten] = [m for m in mutants_of("x.py", source) if m.before == ".select_for_update()"]
    assert forgotten.applied_to(source).decode() == SOURCE.replace(".select_for_update()", "")


@pytest.mark.parametrize("name", RULES)
def test_every_glob_of_a_rule_finds_a_file(name: str):
    rule = RULES[name]
    assert [glob for glob in (*rule.code, *rule.tested_by) if not list(ROOT.glob(glob))] == []
