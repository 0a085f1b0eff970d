"""Templates as a whole: each is named where it is rendered, and each name has its template."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
TEMPLATES = sorted(
    path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()
)
# Django renders these by names of its own.
# By Django itself, and the last by crispy in the place of its own.
BY_DJANGO = {
    "400.html",
    "403.html",
    "403_csrf.html",
    "404.html",
    "500.html",
    "bootstrap5/errors.html",
}
NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt))["']""")


def names_in(path: Path) -> set[str]:
    return set(NAME.findall(path.read_text()))


def named_in_code() -> set[str]:
    """In each room, and in the folder of settings; not in tests."""
    rooms = [path.parent for path in ROOT.glob("*/__init__.py") if path.parent.name != "tests"]
    return set().union(*(names_in(path) for room in rooms for path in room.rglob("*.py")))


def named_in_others() -> set[str]:
    """By some template that is not itself the one."""
    return set().union(*(names_in(FOLDER / name) - {name} for name in TEMPLATES))


def test_a_template_is_named_where_it_is_rendered() -> None:
    """As a literal, so that it is found by its name; a partial may be named by a template."""
    unused = set(TEMPLATES) - named_in_code() - named_in_others() - BY_DJANGO
    assert not unused


def test_every_name_in_a_template_has_its_template() -> None:
    assert named_in_others() <= set(TEMPLATES)


def test_every_mail_and_page_named_in_code_has_its_template() -> None:
    folders = {name.partition("/")[0] for name in TEMPLATES if "/" in name}
    named = {name for name in named_in_code() if name.partition("/")[0] in folders}
    assert named
    assert named <= set(TEMPLATES)


def test_every_cell_of_a_table_bears_its_label_for_the_phone() -> None:
    """There a row is a card without the heading of the columns (`.table-cards` in the theme)."""
    pages = [
        path for path in FOLDER.rglob("*.html") if not {"pdf", "email", "package"} & {*path.parts}
    ]
    tables = [
        (path.name, table)
        for path in pages
        for table in re.findall(r"<table.*?</table>", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(tables) >= 4
    for name, table in tables:
        if "bars__table" in table.partition(">")[0]:
            continue  # a row of a chart is name, number and bar, which need no labels
        assert "table-cards" in table.partition(">")[0], name
        cells = re.findall(r"<td[^>]*>", table)
        assert cells, name
        assert [cell for cell in cells if "data-label=" not in cell] == [], name
