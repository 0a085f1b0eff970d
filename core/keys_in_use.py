"""Check at a start: the keys that the data needs are at hand, and are the right ones.

A row a key, written when the key becomes the one that writes and taken out when nothing is left
under it (`rotate_keys`): no start looks through the data.
"""

import logging
from collections.abc import Collection, Iterable
from typing import ClassVar, Final, Protocol

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from core.crypto import decrypt_bytes, encrypt_bytes, field_keys, key_of, keyed_hash
from core.models import KeyInUse

logger = logging.getLogger(__name__)
PROVED: Final = b"this key was in use"
HASH_ID: Final = "HASH_KEY"


class KeyRing(Protocol):
    """Keys of one purpose: those at hand, the one that writes, and how one is proved."""

    kind: ClassVar[str]

    @property
    def setting(self) -> str:
        """What holds them, for whoever must put one back."""

    @property
    def writing(self) -> str: ...

    @property
    def ids(self) -> frozenset[str]: ...

    def prove(self, key_id: str) -> str:
        """What only this key makes."""

    def fits(self, key_id: str, proof: str) -> bool:
        """Whether the key at hand under this id made the proof."""


class FieldKeyRing:
    """The keys of encrypted columns."""

    kind: ClassVar[str] = KeyInUse.Kind.FIELD
    setting: ClassVar[str] = "FIELD_KEYS"

    @property
    def writing(self) -> str:
        return field_keys()[0]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(field_keys())

    def prove(self, key_id: str) -> str:
        return encrypt_bytes(PROVED, key_id)

    def fits(self, key_id: str, proof: str) -> bool:
        try:
            return key_of(proof) == key_id and decrypt_bytes(proof) == PROVED
        except ImproperlyConfigured:
            return False


class HashKeyRing:
    """The one key of hashes for look-up: with another one nobody would be found any more."""

    kind: ClassVar[str] = KeyInUse.Kind.HASH
    setting: ClassVar[str] = HASH_ID
    writing = HASH_ID
    ids = frozenset({HASH_ID})

    def prove(self, key_id: str) -> str:
        return keyed_hash(f"{key_id} {PROVED.decode()}")

    def fits(self, key_id: str, proof: str) -> bool:
        return self.prove(key_id) == proof


def require_keys(rings: Iterable[KeyRing]) -> None:
    """Raise ImproperlyConfigured with the id of a key that the data needs and that is not there.

    Where the database does not answer yet, the start goes on: without a key nothing opens anyway.
    """
    try:
        if not is_recorded():
            return
        for ring in rings:
            _require(ring, list(KeyInUse.objects.filter(kind=ring.kind)))
    except DatabaseError:
        logger.warning("数据库暂时读不到，没有核对密钥。")


def is_recorded() -> bool:
    """Whether the table is there: before the first migration it is not."""
    return KeyInUse._meta.db_table in connection.introspection.table_names()


def _require(ring: KeyRing, rows: list[KeyInUse]) -> None:
    absent = [row.key_id for row in rows if row.key_id not in ring.ids]
    if absent:
        raise ImproperlyConfigured(
            f"数据是用密钥“{'”“'.join(absent)}”加密的，{ring.setting} 里没有"
            f"（现有“{'”“'.join(sorted(ring.ids))}”）。请补上后再启动；"
            f"不再需要的，先用 script/manage rotate_keys 换掉。"
        )
    for row in rows:
        if not ring.fits(row.key_id, row.proof):
            raise ImproperlyConfigured(
                f"{ring.setting} 中的密钥“{row.key_id}”不是加密数据时所用的那一把，请换回原来的。"
            )
    # Data from before this table may need any of those that are set.
    new = {ring.writing} if rows else ring.ids
    for key_id in sorted(new - {row.key_id for row in rows}):
        _note(ring, key_id)


def _note(ring: KeyRing, key_id: str) -> None:
    # Two processes start at once: the second finds the row.
    with transaction.atomic():
        KeyInUse.objects.bulk_create(
            [KeyInUse(kind=ring.kind, key_id=key_id, proof=ring.prove(key_id))],
            ignore_conflicts=True,
        )


def note_rotated(ring: KeyRing, *, kept: Collection[str] = ()) -> None:
    """Nothing is left under another key than the one that writes and the `kept`: they may go."""
    needed = {ring.writing, *kept}
    with transaction.atomic():
        KeyInUse.objects.filter(kind=ring.kind).exclude(key_id__in=needed).delete()
        _note(ring, ring.writing)
