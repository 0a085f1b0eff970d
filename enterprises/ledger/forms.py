"""Forms of the ledger: a row, its stage and next step, a contact, several rows at once."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from core.form_text import NameFormField
from core.forms import BaseForm, DateInput, MomentField, NonceForm, VersionedModelForm
from core.identifiers import validate_credit_code
from core.phones import PhoneField
from core.reading import whole_numbers
from enterprises.ledger.filter_form import officers
from enterprises.ledger.matching import near_rows
from enterprises.models import Contact, Demand, Enterprise, SavedFilter, Stage
from materials.economies import ECONOMIES

# What is often done next; any other words will do.
USUAL_STEPS: Final = (
    "再打电话", "上门走访", "发政策单页", "邀请参加宣讲会", "指导注册", "指导备材料"
)  # fmt: skip
MOST_PEOPLE: Final = 999
KINDS: Final = [("", "还不清楚"), *Enterprise.Kind.choices]
# A row that begins at the station stands at one of these; the portal brings it further.
FIRST_STAGES: Final = (Stage.UNTOUCHED, Stage.TOLD, Stage.INTERESTED)


def _line(label: str, most: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


def _name(label: str, most: int, **kwargs: Any) -> NameFormField:
    return NameFormField(label=label, max_length=most, required=False, **kwargs)


def _phone() -> PhoneField:
    return PhoneField(
        label="联系电话",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


def _known(label: str, most: int, of: str, **kwargs: Any) -> NameFormField:
    """With what other rows have as suggestions (a datalist with the id `of`)."""
    return _name(label, most, widget=forms.TextInput(attrs={"list": of}), **kwargs)


def _next_step() -> forms.CharField:
    return _line("下一步做什么", 200, widget=forms.TextInput(attrs={"list": "usual-steps"}))


def _next_on() -> forms.DateField:
    return forms.DateField(label="哪一天做", required=False, widget=DateInput)


def _require_step(form: forms.BaseForm) -> None:
    """A day belongs to a step."""
    cleaned = form.cleaned_data
    if cleaned.get("next_on") and not cleaned.get("next_step"):
        form.add_error("next_step", "写了日期，请也写明那天做什么。")


class FindForm(BaseForm):
    """A name or a number, to look before a row is made."""

    q = forms.CharField(
        label="单位名称或电话",
        max_length=120,
        help_text="写一部分就行；先看台账里有没有，再新建。",
        error_messages={"required": "请写单位名称或电话。"},
    )
    # With an id of its own: the form of the new row has a field of this name.
    source = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"id": "find-source"}))


class NearNamesForm(BaseForm):
    """Asks once, before a row is made, whether it is not one of those with nearly its name."""

    # Rows that were shown as near already: the same once more means another company.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    # What was asked about, for the page to show.
    near: Sequence[Demand] = ()
    ask_near: ClassVar[str] = "台账里有相近的，见上面。不是同一家的，再按一次就新建。"

    def unseen_near(self, name: str, *, field: str) -> Sequence[Demand]:
        """Near rows that were not shown yet. With any, the form is refused and knows them now."""
        near = near_rows(name)
        seen = whole_numbers(self.cleaned_data["seen"].split(","))
        self.near = [row for row in near if row.pk not in seen]
        if self.near:
            self.add_error(field, self.ask_near)
            self.data = self.data.copy()
            self.data["seen"] = seen_words(near)
        return self.near


def seen_words(rows: Sequence[Demand]) -> str:
    """How a page keeps which rows it has shown."""
    return ",".join(str(row.pk) for row in rows)


class NewDemandForm(NearNamesForm, NonceForm):
    """A new row in seconds: a name, whence it is known, and what was said on the telephone."""

    name = NameFormField(
        label="单位名称",
        max_length=120,
        help_text="知道多少写多少；以后按信用代码或名称与注册的企业对上。",
        error_messages={"required": "请写单位名称。"},
    )
    source = forms.ChoiceField(
        label="来源", choices=Demand.Source.choices, initial=Demand.Source.CALL
    )
    contact_name = _name("联系人", 50)
    contact_phone = _phone()
    words = forms.CharField(
        label="刚才说了什么",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写了就记成一条联系记录；没有联系就空着。",
    )
    is_telling = forms.BooleanField(label="已介绍政策", required=False)
    stage = forms.ChoiceField(
        label="阶段", choices=[(one.value, one.label) for one in FIRST_STAGES], required=False
    )
    next_step = _next_step()
    next_on = _next_on()
    trade = _known("行业", 40, "trades")
    town = _known("镇街", 40, "towns")
    kind = forms.ChoiceField(label="企业类型", choices=KINDS, required=False)
    intended_number = forms.IntegerField(
        label="拟办人数", min_value=1, max_value=MOST_PEOPLE, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _require_step(self)
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        own = ("contact_name", "contact_phone", "next_step", "next_on", "trade", "town", "kind")
        return {name: self.cleaned_data[name] for name in (*own, "intended_number")}

    @property
    def contact_kind(self) -> str:
        """How the contact was, from the source."""
        source = self.cleaned_data["source"]
        return source if source in Contact.Kind.values else Contact.Kind.CALL


class DemandForm(VersionedModelForm):
    """All facts of a row that an officer keeps."""

    never_shown: ClassVar[frozenset[str]] = frozenset({"contact_phone"})

    credit_code = _line("统一社会信用代码", 60)
    contact_phone = _phone()
    trade = _known("行业", 40, "trades")
    town = _known("镇街", 40, "towns")
    kind = forms.ChoiceField(label="企业类型", choices=KINDS, required=False)
    economies = forms.MultipleChoiceField(
        label="往来经济体",
        choices=[(one.code, one.name) for one in ECONOMIES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    intended_number = forms.IntegerField(
        label="拟办人数", min_value=1, max_value=MOST_PEOPLE, required=False
    )
    is_qualified = forms.TypedChoiceField(
        label="符合条件",
        choices=[("", "未核"), ("yes", "符合"), ("no", "不符合")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        help_text="核过再选；没有核过的也算在应覆盖的企业里。",
    )
    in_group_since = forms.DateField(label="加入交流群的日期", required=False, widget=DateInput)

    class Meta:
        model = Demand
        fields = (
            "name", "short_name", "former_names", "credit_code", "kind", "trade", "town",
            "address", "economies", "intended_number", "is_qualified", "is_key", "is_pilot",
            "contact_name", "contact_position", "contact_phone", "in_group_since", "source",
            "source_note",
        )  # fmt: skip
        help_texts = {"former_names": "几个曾用名用“、”隔开。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        qualified = {True: "yes", False: "no", None: ""}[self.instance.is_qualified]
        self.initial["is_qualified"] = qualified

    def clean_credit_code(self) -> str:
        code: str = self.cleaned_data["credit_code"]
        return validate_credit_code(code) if code else ""

    def clean_in_group_since(self) -> Any:
        day = self.cleaned_data["in_group_since"]
        if day and day > timezone.localdate():
            raise ValidationError("加入交流群的日期不能晚于今天。")
        return day


class StepForm(VersionedModelForm):
    """Stage, next step and owner: what changes from one call to the next."""

    reason = _line("原因", 200, help_text="退回以前的阶段，或改为“暂不需要”时填写。")
    next_step = _next_step()
    next_on = _next_on()
    owner = forms.ModelChoiceField(
        User.objects.none(), label="负责人", required=False, empty_label="没有"
    )

    class Meta:
        model = Demand
        fields = ("stage", "next_step", "next_on", "owner")

    field_order = ("stage", "reason", "next_step", "next_on", "owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # In the list it stands below the filter, which has fields of the same names.
        super().__init__(*args, auto_id="step_%s", **kwargs)
        _offer_officers(self.fields["owner"], self.instance.owner)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _require_step(self)
        return cleaned


class ContactForm(VersionedModelForm, NonceForm):
    """One contact, and the next step that comes of it; never over a colleague's newer one."""

    kind = forms.ChoiceField(label="方式", choices=Contact.Kind.choices)
    at = MomentField(label="什么时候")
    words = forms.CharField(
        label="说了什么",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写说了什么。"},
    )
    is_telling = forms.BooleanField(label="介绍了旅行卡政策（算作已宣传）", required=False)
    next_step = _next_step()
    next_on = _next_on()

    class Meta:
        model = Demand
        fields = ("next_step", "next_on")

    field_order = ("kind", "at", "words", "is_telling", "next_step", "next_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Beside the form of the next step, which has fields of the same names.
        super().__init__(*args, auto_id="note_%s", **kwargs)

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at > timezone.now():
            raise ValidationError("联系的时间不能晚于现在；以后要做的，请写在“下一步”。")
        return at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _require_step(self)
        return cleaned


class BatchForm(BaseForm):
    """What to set in all ticked rows; what is left empty stays as it is in each."""

    NOBODY: ClassVar = "nobody"

    next_step = _next_step()
    next_on = _next_on()
    owner = forms.ChoiceField(label="负责人", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in officers()}
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)  # noqa: S101 - declared above
        people = [(pk, one.name) for pk, one in self.people.items()]
        owner.choices = [("", "不改"), *people, (self.NOBODY, "没有负责人")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _require_step(self)
        if not self.errors and not any(cleaned.values()):
            raise ValidationError("请写下一步，或选负责人。")
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """As `change_many` takes them."""
        made = self.cleaned_data
        return {
            "next_step": made["next_step"] or None,
            "next_on": made["next_on"],
            "owner": self.people.get(made["owner"]),
            "clears_owner": made["owner"] == self.NOBODY,
        }


class SavedFilterForm(BaseForm):
    name = forms.CharField(
        label="给这些条件起个名",
        max_length=SavedFilter._meta.get_field("name").max_length,
        error_messages={"required": "请写一个名称，例如“本月要走访的”。"},
    )
    is_shared = forms.BooleanField(label="全站共用", required=False)


def _offer_officers(field: forms.Field, present: User | None) -> None:
    """Officers, and whoever it is now, also when he has another post since."""
    people = [one.pk for one in officers()] + ([present.pk] if present else [])
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared so
    field.queryset = User.objects.filter(pk__in=people).order_by("name")
