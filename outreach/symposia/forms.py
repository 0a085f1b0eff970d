"""Forms of symposia and of the opinions said there."""

from typing import Any

from django import forms

from cards.duty.forms import day_field
from core.forms import BaseForm, UsualMomentField, VersionedModelForm
from outreach.event_forms import OnceForm
from outreach.models import Symposium, SymposiumOpinion, SymposiumParticipant
from outreach.nonces import new_nonce
from outreach.visits.forms import owner_field


class SymposiumForm(VersionedModelForm):
    starts_at = UsualMomentField(label="什么时候")
    nonce = forms.CharField(max_length=36, min_length=20, widget=forms.HiddenInput, required=False)

    class Meta:
        model = Symposium
        fields = ("title", "topic", "starts_at", "place", "host", "summary")
        widgets = {"summary": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"summary": "开过以后写，可以先空着。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = new_nonce()
        if self.instance.pk is None:
            del self.fields["summary"]


class ParticipantField(forms.ModelChoiceField):  # type: ignore[type-arg] # it takes none when it runs
    """One of those at the table, by the enterprise's name."""

    def label_from_instance(self, obj: SymposiumParticipant) -> str:
        return obj.demand.name


class SymposiumOpinionForm(OnceForm):
    """One opinion: who said it, what, who answers, by when."""

    words = forms.CharField(
        label="意见",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写下意见。"},
    )
    due_on = day_field("哪天前答复")

    field_order = ("participant", "words", "owner", "due_on", "nonce")

    def __init__(self, *args: Any, symposium: Symposium, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = symposium.participants.filter(removed_at__isnull=True).select_related("demand")
        field = ParticipantField(
            label="谁提的", queryset=there, required=False, empty_label="大家都提到"
        )
        self.fields["participant"] = field
        self.fields["owner"] = owner_field()
        self.order_fields(self.field_order)


class OpinionToldForm(BaseForm):
    """How the answer was told."""

    how = forms.ChoiceField(
        label="怎样告知",
        choices=[
            (one.value, one.label)
            for one in (SymposiumOpinion.Told.CALL, SymposiumOpinion.Told.IN_PERSON)
        ],
    )
