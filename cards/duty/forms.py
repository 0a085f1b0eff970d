"""Forms of the enterprise's duty: few fields, each with what is usual already in it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone

from cards.duty.reporting import CORRECTABLE
from cards.models import Breach, Card, Keeper, Measure, PeriodReport, StationText
from cards.pictures import PicturesField
from core.form_text import NameFormField
from core.forms import BaseForm, DateInput, MomentField, NonceForm
from core.identifiers import validate_id_number
from core.phones import PhoneField
from materials.economies import ECONOMIES

USUAL_TRIP: Final = 7


def day_field(label: str, *, required: bool = True, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=DateInput,
        error_messages={
            "required": f"请填写{label}。",
            "invalid": f"{label}要写成2026-11-23这样的日期。",
        },
        **kwargs,
    )


def words_field(label: str, most: int, *, rows: int = 2, **kwargs: Any) -> forms.CharField:
    kwargs.setdefault("error_messages", {"required": f"请填写{label}。"})
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs
    )


# Rules ------------------------------------------------------------------------------------------


class RulesForm(BaseForm):
    """The choices that the station's template leaves to an enterprise."""

    keeper = NameFormField(
        label="谁保管（部门和姓名）",
        max_length=80,
        help_text="例如：综合部张样例。",
        error_messages={"required": "请填写由谁保管。"},
    )
    place = forms.CharField(
        label="存放在哪里",
        max_length=80,
        initial="带锁的保险柜",
        error_messages={"required": "请填写存放地点。"},
    )
    return_days = forms.IntegerField(
        label="回国后几天内归还",
        min_value=1,
        max_value=60,
        error_messages={"required": "请填写天数。"},
    )
    loss = words_field(
        "遗失怎么办",
        300,
        initial="持卡人当天报告保管人，本单位在24小时内报告协办服务站，"
        "取得报案回执或登报声明，按规定办理补卡；持卡人写出书面说明。",
    )
    leaving = words_field(
        "离职、调岗怎么办",
        300,
        initial="人事部门在办结手续前通知保管人收回卡，本单位在10个工作日内申请注销。",
    )
    in_force_since = day_field("施行日期")


class RulesUploadForm(BaseForm):
    return_days = forms.IntegerField(
        label="管理办法写明的归还天数",
        min_value=1,
        max_value=60,
        help_text="回国后几天内归还；登记领用时按它算最晚归还日期。",
        error_messages={"required": "请填写天数。"},
    )
    in_force_since = day_field("施行日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(
            label="管理办法的各页",
            help_text="盖章的管理办法，JPG、PNG、HEIC或PDF，最多6个文件。",
            required=True,
        )


class KeeperForm(BaseForm):
    name = NameFormField(
        label="保管人姓名", max_length=50, error_messages={"required": "请填写保管人姓名。"}
    )
    post = NameFormField(label="部门和职务", max_length=60, required=False)
    phone = PhoneField(
        label="联系电话",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "请填写联系电话。"},
    )
    since = day_field("从哪天起保管")


class CollectionLetterForm(BaseForm):
    collector = NameFormField(
        label="领卡人", max_length=50, error_messages={"required": "请填写领卡人姓名。"}
    )
    post = NameFormField(label="职务", max_length=60, required=False)
    id_number = forms.CharField(
        label="领卡人身份证号码",
        max_length=40,
        help_text="加密保存，只印在承诺函上。",
        error_messages={"required": "请填写领卡人的身份证号码。"},
    )
    phone = PhoneField(
        label="领卡人电话",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={"required": "请填写领卡人电话。"},
    )
    holders = forms.CharField(
        label="领取谁的卡",
        max_length=200,
        help_text="持卡人姓名，几位的用顿号隔开。",
        error_messages={"required": "请填写领取谁的卡。"},
    )
    collects_on = day_field("领卡日期")

    def clean_id_number(self) -> str:
        return validate_id_number(self.cleaned_data["id_number"])


# Register ---------------------------------------------------------------------------------------


# Django's fields take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    OneOfKeepers = forms.ModelChoiceField[Keeper]
else:
    OneOfKeepers = forms.ModelChoiceField


class KeeperChoice(OneOfKeepers):
    """One of the enterprise's keepers; the only one is chosen already."""

    def __init__(self, *, label: str, keepers: Any) -> None:
        super().__init__(
            queryset=keepers,
            label=label,
            empty_label=None,
            widget=forms.RadioSelect,
            error_messages={
                "required": "请选择保管人。",
                "invalid_choice": "这位保管人现在不保管本单位的卡，请重新选择。",
            },
        )
        first = keepers.first()
        self.initial = first.pk if first else None


class LendForm(NonceForm):
    """Handing a card out: a minute on a phone."""

    purpose = forms.CharField(
        label="出境事由",
        max_length=200,
        help_text="写明见谁、办什么。例如：到新加坡和客户商谈三季度订单。",
        error_messages={"required": "请填写出境事由。"},
    )
    economies = forms.MultipleChoiceField(
        label="去哪里",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "请勾选要去的经济体。",
            "invalid_choice": "有一个不是卡上会有的经济体，请重新勾选。",
        },
    )
    trip_ends_on = day_field("预计哪天回国")
    borrower = NameFormField(label="领用人", max_length=50, required=False)
    out_at = MomentField(label="领用时间")

    def __init__(self, *args: Any, card: Card, keepers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        on_back = self.codes = set(card.economy_codes)
        choices = [(one.code, one.name) for one in ECONOMIES if one.code in on_back]
        choices += [(one.code, one.name) for one in ECONOMIES if one.code not in on_back]
        field = self.fields["economies"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices
        today = timezone.localdate()
        self.fields["trip_ends_on"].initial = today + timedelta(days=USUAL_TRIP)
        self.fields["borrower"].initial = card.holder_name
        self.fields["keeper"] = KeeperChoice(label="经手的保管人", keepers=keepers)

    @property
    def on_back(self) -> list[forms.boundfield.BoundWidget]:
        """The check boxes of what the card serves."""
        return [box for box in self["economies"] if box.data["value"] in self.codes]

    @property
    def others(self) -> list[forms.boundfield.BoundWidget]:
        return [box for box in self["economies"] if box.data["value"] not in self.codes]

    @property
    def is_unusual(self) -> bool:
        """What is folded away has an error, or something other than what is usual in it."""
        return bool(self["borrower"].errors or self["out_at"].errors or self["out_at"].value())

    @property
    def asks_others(self) -> bool:
        """Something that the card does not serve was ticked."""
        return any(box.data["selected"] for box in self.others)


class ReturnForm(NonceForm):
    note = forms.CharField(
        label="卡的情况",
        max_length=200,
        required=False,
        help_text="完好的不用填；有损坏或其他情况的写明。",
    )
    back_at = MomentField(label="归还时间")

    def __init__(self, *args: Any, keepers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keeper"] = KeeperChoice(label="收回的保管人", keepers=keepers)


# Reports ----------------------------------------------------------------------------------------


class ReportForm(BaseForm):
    """What the enterprise says of each card, beside what the register gave."""

    remarks = words_field("其他说明", 500, required=False)

    def __init__(self, *args: Any, report: PeriodReport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.report = report
        self.fields["remarks"].initial = report.remarks
        self.fields["seen_version"] = forms.IntegerField(
            widget=forms.HiddenInput,
            min_value=0,
            max_value=2**31 - 1,
            required=False,
            initial=report.version,
        )
        for row in report.rows:
            for key, label in CORRECTABLE.items():
                given = {"label": f"{row['holder']}：{label}", "initial": row[key]}
                self.fields[f"card{row['card']}-{key}"] = (
                    _count(**given) if key in ("uses", "late") else _words(**given)
                )

    def rows(self) -> list[tuple[dict[str, Any], list[tuple[str, forms.BoundField]]]]:
        """Each card with its boxes and what they are called, for the page."""
        return [
            (
                row,
                [(label, self[f"card{row['card']}-{key}"]) for key, label in CORRECTABLE.items()],
            )
            for row in self.report.rows
        ]

    def corrected(self) -> dict[int, dict[str, Any]]:
        """By card, what is to stand there."""
        return {
            row["card"]: {key: self.cleaned_data[f"card{row['card']}-{key}"] for key in CORRECTABLE}
            for row in self.report.rows
        }


def _count(*, label: str, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=999,
        initial=initial,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={"required": f"请填写{label}，没有的填0。"},
    )


def _words(*, label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        required=False,
        initial=initial,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


# Breaches ---------------------------------------------------------------------------------------


class BreachForm(BaseForm):
    kind = forms.ChoiceField(
        label="情形",
        choices=Breach.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择情形。"},
    )
    person = NameFormField(label="涉及的人", max_length=50, required=False)
    happened_on = day_field("发生日期")
    facts = words_field(
        "事实", 2000, rows=5, help_text="何时、何地、何人、何事，依据什么知道的。企业会看到。"
    )

    def __init__(self, *args: Any, cards: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["card"] = forms.ModelChoiceField(
            queryset=cards,
            label="涉及哪张卡",
            required=False,
            empty_label="不涉及某一张卡",
            error_messages={"invalid_choice": "这张卡不是这个企业的，请重新选择。"},
        )
        self.fields["files"] = PicturesField(label="证据")


class StatementForm(BaseForm):
    statement = words_field(
        "本单位的说明", 2000, rows=6, help_text="提交后不能再改，请写清楚。服务站据此决定措施。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = PicturesField(label="证明材料")


class MeasureForm(BaseForm):
    kind = forms.ChoiceField(
        label="措施",
        choices=Measure.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择措施。"},
    )
    starts_on = day_field("从哪天起")
    ends_on = day_field("到哪天（含当天）", required=False, help_text="中止申办必须填写。")
    review_on = day_field("哪天复查", required=False)
    words = words_field("措施说明", 300, help_text="企业会看到；中止期间申请时也会看到这段文字。")


class WordsForm(BaseForm):
    """One text, whatever it is called on its page."""

    def __init__(self, *args: Any, label: str, most: int = 300, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"] = words_field(label, most)


class TextForm(BaseForm):
    """A text of the station's own."""

    text = forms.CharField(
        label="内容",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": "内容不能是空的。"},
    )
    seen_version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**15 - 1, required=False
    )

    def __init__(self, *args: Any, newest: StationText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].initial = newest.text
        self.fields["seen_version"].initial = newest.version
