"""Model fields that keep their text in canonical form, and such whose content is encrypted."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.db.models.lookups import Exact

from core import form_text, text
from core.crypto import decrypt, decrypt_bytes, encrypt, encrypt_bytes

# Django's fields take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    Text = models.TextField[str, str]
    JSONText = models.TextField[dict[str, Any], dict[str, Any]]
    JSONList = models.TextField[list[Any], list[Any]]
    JSON = models.JSONField[dict[str, Any], dict[str, Any]]
    AnyExact = Exact[Any]
    Line = models.CharField[str, str]
    Mailbox = models.EmailField[str, str]
else:
    Text = JSONText = JSONList = models.TextField
    AnyExact = Exact
    JSON, Line, Mailbox = models.JSONField, models.CharField, models.EmailField


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


class Sealed:
    """Mixin: the column holds what `core.crypto.encrypt` makes, and `rotate_keys` finds it."""


class EmptyOrNot(AnyExact):
    """The one question that an encrypted column answers: is there anything?"""

    def get_prep_lookup(self) -> Any:
        if self.rhs not in ("", None):
            raise TypeError("an encrypted column is never looked up by its content")
        return super().get_prep_lookup()


class EncryptedTextField(Sealed, Text):
    """Text that is stored encrypted; look-ups go through a keyed hash beside it, not through it."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "exact":
            return EmptyOrNot
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class EncryptedLineField(EncryptedTextField):
    """The same of a single line, with a form field of one line."""

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"widget": forms.TextInput, **kwargs})


class EncryptedNameField(EncryptedLineField):
    """A person's name, in canonical form and encrypted."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.name(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(text.name(value) if isinstance(value, str) else value)

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(instance, add))
        setattr(instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return super().formfield(**{"form_class": form_text.NameFormField, **kwargs})


class SameColumn:
    """Mixin: to migrations it is Django's own field, since the column stays as it is."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        plain = next(one for one in type(self).__mro__ if one.__module__.startswith("django."))
        return name, f"django.db.models.{plain.__name__}", args, kwargs


class LibraryTextField(SameColumn, EncryptedTextField):
    """A column of text of a library's model, encrypted."""


class LibraryHexField(SameColumn, Sealed, Line):
    """A short column in which a library keeps bytes in hex: the bytes themselves are encrypted."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else encrypt_bytes(bytes.fromhex(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return value if value in (None, "") else decrypt_bytes(value).hex()

    def get_lookup(self, lookup_name: str) -> Any:
        return EmptyOrNot if lookup_name == "exact" else None


def seal_library_column(model: type[models.Model], name: str, kind: type[SameColumn]) -> None:
    """From now on this column of a library's model is encrypted, whoever writes or reads it.

    The library has no setting for it, and a model of our own beside it would leave its own one
    open to be written by mistake.
    """
    field: Any = model._meta.get_field(name)
    field.__class__ = kind


class TrailJSONField(SameColumn, JSON):
    """JSON of a table that only grows: each object is kept as one encrypted text of JSON.

    Rows from before stand as they were written, and keep the key that they were written with.
    """

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value, ensure_ascii=False, sort_keys=True)) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        found = super().from_db_value(value, expression, connection)
        return json.loads(decrypt(found)) if isinstance(found, str) else found


class EncryptedListField(Sealed, JSONList):
    """A JSON list that is stored encrypted as a whole; an empty one as nothing."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value, ensure_ascii=False)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else []

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)


class EncryptedJSONField(Sealed, JSONText):
    """A JSON object that is stored encrypted as a whole."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value or {}, ensure_ascii=False, sort_keys=True))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else {}

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj), ensure_ascii=False)
