"""Model fields that keep their text in canonical form, and such whose content is encrypted."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from core import form_text, text
from core.crypto import decrypt, encrypt

# Django's fields take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    Text = models.TextField[str, str]
    JSONText = models.TextField[dict[str, Any], dict[str, Any]]
    JSONList = models.TextField[list[Any], list[Any]]
    Line = models.CharField[str, str]
    Mailbox = models.EmailField[str, str]
else:
    Text = JSONText = JSONList = models.TextField
    Line, Mailbox = models.CharField, models.EmailField


class Canonical:
    """Mixin: whatever a row comes from, this column holds the canonical form of its text.

    To migrations it is the plain field: the column is the same. Searches by a part of the text
    (`icontains`) do not ask the field; they bring their words into the same form.
    """

    @staticmethod
    def canonical(text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        return self._canonical(super().to_python(value))  # type: ignore[misc]

    def get_prep_value(self, value: Any) -> Any:
        return self._canonical(super().get_prep_value(value))  # type: ignore[misc]

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = self._canonical(super().pre_save(instance, add))  # type: ignore[misc]
        setattr(instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs

    def _canonical(self, value: Any) -> Any:
        return self.canonical(value) if isinstance(value, str) else value


class NameField(Canonical, Line):
    """Name of a person or a company."""

    canonical = staticmethod(text.name)

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": form_text.NameFormField, **kwargs})


class LoginNameField(Canonical, Line):
    """Login name, as it was chosen but for the case; look-ups go without it."""

    canonical = staticmethod(text.compact)


class MailboxField(Canonical, Mailbox):
    """Address of a mailbox."""

    canonical = staticmethod(text.email)


class EncryptedTextField(Text):
    """Text that is stored encrypted; look-ups go through a keyed hash beside it, not through it."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact"):
            return None
        return super().get_lookup(lookup_name)


class EncryptedListField(JSONList):
    """A JSON list that is stored encrypted as a whole; an empty one as nothing."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value, ensure_ascii=False)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else []

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


class EncryptedJSONField(JSONText):
    """A JSON object that is stored encrypted as a whole."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value or {}, ensure_ascii=False, sort_keys=True))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else {}

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)
