"""Model fields whose content is encrypted in the database."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models

from core.crypto import decrypt, encrypt

# Django's fields take type parameters in its stubs only, not when they run.
if TYPE_CHECKING:
    Text = models.TextField[str, str]
    JSONText = models.TextField[dict[str, Any], dict[str, Any]]
else:
    Text = JSONText = models.TextField


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
