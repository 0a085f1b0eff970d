"""Filter of the list of review tables: by the department that is awaited."""

import django_filters as filters

from accounts.models import Department
from core.forms import BaseForm
from reviews.models import ReviewTable
from reviews.models.review import ReviewTableQuerySet


class TableFilter(filters.FilterSet):  # type: ignore[misc] # carries no types
    awaited = filters.ModelChoiceFilter(
        label="等哪个部门",
        queryset=Department.objects.all(),
        to_field_name="code",
        empty_label="全部",
        method="awaiting",
        error_messages={"invalid_choice": "没有这个部门，请从列表中选择。"},
    )

    class Meta:
        model = ReviewTable
        fields = ["awaited"]
        form = BaseForm

    def awaiting(
        self, tables: ReviewTableQuerySet, _name: str, department: Department
    ) -> ReviewTableQuerySet:
        return tables.awaiting(department)
