"""The template that letters of a kind are set in now, and how the station puts another there."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from files.services import clear_document, write
from letters.catalogue import KINDS
from letters.content import Showing, Typed, compose
from letters.kind import SECOND, LetterKind, Names
from letters.models import LetterTemplate
from letters.word.checking import Checked, Expected, check_template
from letters.word.defaults import draw_template
from letters.word.expressions import Vocabulary
from letters.word.filling import Context

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OWN: Final = "门户自带"


class TemplateOvertaken(Exception):
    """A colleague put another template in its place after the page was opened."""


def own_template(kind: LetterKind) -> bytes:
    """The portal's own, drawn when it is needed."""
    return draw_template(name=kind.name, has_addressee=bool(kind.to), letterhead=kind.letterhead)


def template_bytes(row: LetterTemplate | None, kind: LetterKind) -> bytes:
    if row is None or row.file is None:
        return own_template(kind)
    with row.file.content.open("rb") as file:
        data: bytes = file.read()
    return data


def sample_of(kind: LetterKind) -> Context:
    """What a letter of this kind could hold, about nobody."""
    values = {one.name: one.example for one in kind.all_fields}
    person = {one.name: one.example for one in kind.all_person_fields}
    people = [person] if person else []
    if kind.names == Names.SEVERAL:
        people.append({**person, **SECOND})
    typed = Typed(values, people, kind.body, kind.person_line)
    return compose(kind, typed, Showing.WHOLE).context


def expected_of(kind: LetterKind) -> Expected:
    return Expected(kind.vocabulary, kind.missing, sample_of(kind))


def expected_of_any() -> Expected:
    """Of a template whose kind nobody has said: known to one of them, and enough for one."""
    words = Vocabulary((), {})
    sample: dict[str, object] = {}
    for kind in KINDS.values():
        words |= kind.vocabulary
        sample = {**sample_of(kind), **sample}
    return Expected(words, _enough_for_one, sample)


def _enough_for_one(used: Sequence[str]) -> list[str]:
    lacking = [kind.missing(used) for kind in KINDS.values()]
    return [] if not all(lacking) else ["正文"]


def judge(data: bytes, kind: LetterKind | None) -> Checked:
    return check_template(data, expected_of(kind) if kind else expected_of_any())


def replace_template(
    kind: LetterKind, data: bytes, *, name: str, seen_version: int, by: User | None
) -> tuple[Checked, LetterTemplate | None]:
    """Keep it as the next version where it is accepted; the same once more is no version.

    Raises TemplateOvertaken, files.refusals.FileRefused.
    """
    checked = judge(data, kind)
    if not checked.report.accepted:
        return checked, None
    cleared = clear_document(checked.template, media_type=DOCX, name=name)
    with transaction.atomic():
        newest = _newest(kind, seen_version, template=checked.template)
        if newest is not None and template_bytes(newest, kind) == checked.template:
            return checked, newest
        row = LetterTemplate.objects.create(
            code=kind.code,
            version=(newest.version if newest else 0) + 1,
            file=write(cleared, by=by),
            fields=checked.report.fields,
            created_by=by,
        )
        record("letter_template.replace", row, by=by, before=_before(newest), after=_after(row))
    return checked, row


@transaction.atomic
def restore_template(
    kind: LetterKind, *, version: int, seen_version: int, by: User | None
) -> LetterTemplate:
    """Back to an earlier version, or with 0 to the portal's own: as the next version."""
    newest = _newest(kind, seen_version)
    earlier = LetterTemplate.objects.filter(code=kind.code, version=version).first()
    file, fields = (earlier.file, earlier.fields) if earlier else (None, [])
    if (newest.file_id if newest else None) == (file.pk if file else None):
        return newest or LetterTemplate(code=kind.code, version=0)
    words = f"第{version}版" if file else OWN
    row = LetterTemplate.objects.create(
        code=kind.code,
        version=(newest.version if newest else 0) + 1,
        file=file,
        fields=fields,
        note=f"换回{words}的模板",
        created_by=by,
    )
    record("letter_template.restore", row, by=by, before=_before(newest), after=_after(row))
    return row


def _newest(
    kind: LetterKind, seen_version: int, template: bytes | None = None
) -> LetterTemplate | None:
    """The newest row, locked; raises TemplateOvertaken where it is not the one that was seen."""
    rows = LetterTemplate.objects.select_for_update(of=("self",)).filter(code=kind.code)
    newest = rows.select_related("file").order_by("-version").first()
    if (newest.version if newest else 0) == seen_version:
        return newest
    if template is not None and newest is not None and template_bytes(newest, kind) == template:
        return newest
    raise TemplateOvertaken


def _before(row: LetterTemplate | None) -> dict[str, Any]:
    return {"version": row.version if row else 0}


def _after(row: LetterTemplate) -> dict[str, Any]:
    return {"version": row.version, "letter": row.get_code_display()}
