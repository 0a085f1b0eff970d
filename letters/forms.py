"""The form of a letter, made from its kind: fields, whom it names, each one's facts, the text."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from applications.models import Applicant
from core.forms import BaseForm, VersionField
from letters.kind import Field, LetterKind, Names
from letters.models import WrittenLetter
from letters.services import LetterDraft
from letters.word.package import MOST_BYTES

MOST_LINE, MOST_LONG, MOST_TEXT = 200, 1000, 8000
CHANGED: Final = (
    "您打开这一页之后，别人已经修改过这份函，您这次的没有保存。您填写的还在下面，"
    "不一样的各项都写着现在存着的是什么。请核对，再保存一次就以您的为准。"
)


class LetterForm(BaseForm):
    """`with_text`: the texts may be edited, which a template with words of its own ignores."""

    seen_version = VersionField(required=False)

    def __init__(
        self, *args: Any, letter: WrittenLetter, kind: LetterKind, with_text: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.letter, self.kind, self.with_text = letter, kind, with_text
        self.people = letter.applicants
        self.fields["seen_version"].initial = letter.version
        self._add_people()
        self._add_values()
        if with_text:
            self._add_texts()

    def _add_people(self) -> None:
        if self.kind.names != Names.SEVERAL:
            return
        everybody = self.letter.enterprise.applicants.order_by("pk")
        choices = [(str(one.pk), f"{one.name}（{one.post}）") for one in everybody]
        self.fields["people"] = forms.MultipleChoiceField(
            label="函里写明的申请人",
            choices=choices,
            initial=[str(one.pk) for one in self.people],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            help_text="一份函只给写明的人用。新勾选的，保存后出现他的几项。",
        )

    def _add_values(self) -> None:
        values = self.letter.values.get("fields", {})
        for index, one in enumerate(self.kind.fields):
            if one.is_typed:
                self.fields[f"field-{index}"] = _box(one, values.get(one.name, ""))
        for person in self.people:
            values = self.letter.values.get("people", {}).get(str(person.pk), {})
            for index, one in enumerate(self.kind.person_fields):
                if one.is_typed:
                    box = _box(one, values.get(one.name, ""), of=person)
                    self.fields[f"person-{person.pk}-{index}"] = box

    def _add_texts(self) -> None:
        self.fields["body"] = _text("正文（一行一段）", self.letter.body, rows=12)
        if self.kind.person_line and self.kind.names == Names.SEVERAL:
            self.fields["person_line"] = _text("每位申请人的一段", self.letter.person_line, rows=4)

    @property
    def draft(self) -> LetterDraft:
        """What was typed, of a form that is valid."""
        typed = self.cleaned_data
        fields = {
            one.name: typed.get(f"field-{index}", "") for index, one in enumerate(self.kind.fields)
        }
        return LetterDraft(
            fields,
            self._ticked(),
            {person.pk: self._of(person) for person in self.people},
            typed.get("body", self.letter.body),
            typed.get("person_line", self.letter.person_line),
        )

    def _ticked(self) -> list[Applicant]:
        if "people" not in self.fields:
            return self.people
        keys = [int(key) for key in self.cleaned_data.get("people", [])]
        return list(self.letter.enterprise.applicants.filter(pk__in=keys).order_by("pk"))

    def _of(self, person: Applicant) -> Mapping[str, str]:
        return {
            one.name: self.cleaned_data.get(f"person-{person.pk}-{index}", "")
            for index, one in enumerate(self.kind.person_fields)
        }

    def tell_overtaken(self, stored: WrittenLetter) -> None:
        """Say that somebody else was first, and of each box what stands now."""
        self.data = self.data.copy()
        self.data["seen_version"] = str(stored.version)
        self.add_error(None, CHANGED)
        now = LetterForm(letter=stored, kind=self.kind, with_text=self.with_text)
        for name in self.fields:
            stands = now.fields[name].initial if name in now.fields else None
            if name == "seen_version" or stands is None or stands == self.cleaned_data.get(name):
                continue
            words = stored.names_words if name == "people" else stands
            self.add_error(name, f"现在存着的是“{words}”。" if words else "现在存着的是空的。")


def _box(one: Field, value: str, of: Applicant | None = None) -> forms.CharField:
    label = f"{of.name}：{one.name}" if of else one.name
    widget = forms.Textarea(attrs={"rows": 2}) if one.is_long else forms.TextInput()
    example = f"例如：{one.example}" if one.example else ""
    return forms.CharField(
        label=label,
        required=False,
        initial=value,
        max_length=MOST_LONG if one.is_long else MOST_LINE,
        widget=widget,
        help_text=one.help or example,
    )


def _text(label: str, value: str, *, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        initial=value,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class TemplateForm(BaseForm):
    """A Word file in place of the template that is there."""

    seen_version = VersionField(required=False)
    file = forms.FileField(
        label="Word模板（.docx）",
        max_length=200,
        help_text=f"不超过{MOST_BYTES // 1024 // 1024} MB，不能带宏、外部链接和嵌入的对象。",
        error_messages={
            "required": "还没有选择文件。请先选择Word模板，再点更换。",
            "empty": "文件是空的，请在Word里重新保存一次。",
        },
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class RestoreForm(BaseForm):
    seen_version = VersionField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)
