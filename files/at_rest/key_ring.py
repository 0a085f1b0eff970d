"""The master keys among the keys that a start asks for, and that start's question for all."""

import base64
from typing import ClassVar

from core.keys_in_use import PROVED, FieldKeyRing, HashKeyRing, require_keys
from core.models import KeyInUse
from files.at_rest.master_keys import KeysOfSettings, MasterKeyWrong, master_keys

BOUND_TO = b"key in use"


class FileKeyRing:
    """The master keys of stored files."""

    kind: ClassVar[str] = KeyInUse.Kind.FILE

    @property
    def setting(self) -> str:
        """Where its keys are set."""
        return "FILE_KEYS" if isinstance(master_keys(), KeysOfSettings) else "FILE_TOKEN_KEYS"

    @property
    def writing(self) -> str:
        return master_keys().writing

    @property
    def ids(self) -> frozenset[str]:
        return master_keys().ids

    def prove(self, key_id: str) -> str:
        return base64.b64encode(master_keys().wrap(PROVED, BOUND_TO, key_id)).decode()

    def fits(self, key_id: str, proof: str) -> bool:
        try:
            return master_keys().unwrap(key_id, base64.b64decode(proof), BOUND_TO) == PROVED
        except MasterKeyWrong:
            return False


def require_all_keys() -> None:
    """Raise ImproperlyConfigured, with its id, where a key that the data needs is not at hand."""
    require_keys([FieldKeyRing(), HashKeyRing(), FileKeyRing()])
