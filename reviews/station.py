"""Departments of a station with their sections and phrases, as a part of its file (ADR 62)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from accounts import departments
from accounts.models import Department
from core.station_parts import Faults, StationPart
from materials.catalogue import CATALOGUE
from reviews.annex4 import KINDS, NAME_LIMIT, OPINION, WORDS_LIMIT
from reviews.models import Opinion, Phrase
from reviews.signatures.models import Certificate

FEWEST, MOST = 2, 8
MOST_PHRASES: Final = 40
NUMBERS: Final = frozenset(int(kind.number) for kind in CATALOGUE)
KEYS: Final = ("code", "name", "section", "materials", "signs_last", "phrases")
CONCLUSIONS: Final = ("", *Opinion.Conclusion.values)
# Rows that come and go with a department; anybody else's keep it.
ITS_OWN: Final = (Phrase, Certificate)
# Out of the way of the places that are taken.
ASIDE: Final = 1000


class DepartmentsPart(StationPart):
    code = "departments"
    label = "部门"

    def export(self) -> list[dict[str, Any]]:
        phrases = Phrase.objects.active().order_by("position", "pk")
        return [
            {
                "code": one.code,
                "name": one.name,
                "section": one.section,
                "materials": one.materials,
                "signs_last": one.signs_last,
                "phrases": [
                    {"text": phrase.text, "conclusion": phrase.conclusion}
                    for phrase in phrases.filter(department=one)
                ],
            }
            for one in Department.objects.all()
        ]

    # Checking ---------------------------------------------------------------------------------

    def check(self, data: Any, faults: Faults) -> None:
        rows = [
            (place, row)
            for place, row in faults.rows(data, self.code, most=MOST)
            if self._check_row(row, place, faults)
        ]
        if not isinstance(data, list):
            return
        if len(data) < FEWEST:
            faults.add(self.code, f"至少要有{FEWEST}个部门。")
        for key in ("code", "name"):
            values = [row.get(key) for _, row in rows]
            if len(set(values)) < len(values):
                faults.add(self.code, f"有两个部门的{key}相同。")
        last = [place for place, row in rows if row.get("signs_last")]
        if len(last) != 1 or (rows and last != [rows[-1][0]]):
            faults.add(self.code, "应有一个部门最后签署并决定（signs_last），并且排在最后。")
        self._check_removed({str(row.get("code")) for _, row in rows}, faults)

    def _check_row(self, row: Mapping[str, Any], place: str, faults: Faults) -> bool:
        faults.only(row, place, KEYS)
        faults.text(row, "code", place, most=30, pattern=r"[a-z][a-z_]*", example="tax")
        faults.text(row, "name", place, most=NAME_LIMIT, example="区市场监管局")
        faults.flag(row, "signs_last", place)
        if row.get("section") not in KINDS:
            known = "、".join(
                f"{code}（{kind.title_lines[0] or '只写意见'}）" for code, kind in KINDS.items()
            )
            faults.add(f"{place}.section", f"没有这样的栏目。可以选：{known}。")
        numbers = row.get("materials", [])
        if not isinstance(numbers, list) or not set(map(str, numbers)) <= set(map(str, NUMBERS)):
            faults.add(f"{place}.materials", "应是材料编号的列表，如 [2, 7]；留空按栏目原来的。")
        self._check_phrases(row.get("phrases", []), place, faults)
        return True

    def _check_phrases(self, raw: Any, place: str, faults: Faults) -> None:
        texts = []
        for where, row in faults.rows(raw, f"{place}.phrases", most=MOST_PHRASES):
            faults.only(row, where, ("text", "conclusion"))
            texts.append(faults.text(row, "text", where, most=WORDS_LIMIT, example="同意申办。"))
            if row.get("conclusion", "") not in CONCLUSIONS:
                faults.add(f"{where}.conclusion", "应是 agree、disagree 或空。")
        if len(set(texts)) < len(texts):
            faults.add(f"{place}.phrases", "有两条相同的常用语。")

    def _check_removed(self, kept: set[str], faults: Faults) -> None:
        """A department that somebody is of, or that has been asked, cannot be taken away."""
        for department in Department.objects.exclude(code__in=kept):
            if used := _uses(department):
                faults.add(
                    self.code,
                    f"“{department}”（{department.code}）不能去掉，已有：{'、'.join(used)}。"
                    "要换名称的，代码不变，只改名称。",
                )

    # Loading ----------------------------------------------------------------------------------

    def load(self, data: Any) -> int:
        before = {row["code"]: (place, row) for place, row in enumerate(self.export())}
        wanted = {row["code"]: (place, row) for place, row in enumerate(_whole(data))}
        changed = {code for code, one in wanted.items() if before.get(code) != one}
        gone = set(before) - set(wanted)
        if not changed and not gone:
            return 0
        self._remove(gone)
        # Two rules of the table: one place each, one that signs last.
        for one in Department.objects.all():
            one.position, one.signs_last = one.position + ASIDE, False
            one.save(update_fields=["position", "signs_last"])
        for place, row in wanted.values():
            self._write(row, place + 1)
        departments.forget()
        return len(changed | gone)

    def _remove(self, codes: set[str]) -> None:
        for model in ITS_OWN:
            model.objects.filter(department__code__in=codes).delete()
        Department.objects.filter(code__in=codes).delete()

    def _write(self, row: Mapping[str, Any], position: int) -> None:
        fields = {name: row[name] for name in ("name", "section", "materials", "signs_last")}
        department, _ = Department.objects.update_or_create(
            code=row["code"], defaults={**fields, "position": position}
        )
        department.phrases.exclude(text__in=[one["text"] for one in row["phrases"]]).delete()
        for place, phrase in enumerate(row["phrases"], start=1):
            department.phrases.update_or_create(
                text=phrase["text"],
                defaults={
                    "conclusion": phrase["conclusion"],
                    "position": place,
                    "is_active": True,
                },
            )


def _whole(data: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each row with what may be left out."""
    return [
        {
            "code": row["code"],
            "name": row["name"],
            "section": row.get("section", OPINION),
            "materials": [int(number) for number in row.get("materials", [])],
            "signs_last": bool(row.get("signs_last", False)),
            "phrases": [
                {"text": one["text"], "conclusion": one.get("conclusion", "")}
                for one in row.get("phrases", [])
            ],
        }
        for row in data
    ]


def _uses(department: Department) -> list[str]:
    """What rests on it, in words."""
    found = []
    for relation in Department._meta.related_objects:
        model: Any = relation.related_model
        if model in ITS_OWN:
            continue
        count = model._default_manager.filter(**{relation.field.name: department}).count()
        if count:
            found.append(f"{model._meta.verbose_name}{count}件")
    return found
