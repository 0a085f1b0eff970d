"""The index of what is found by words and numbers, and the rows that have an entry in it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models

from finding.words import initials, joined, number_keys, plain


class IndexEntry(models.Model):
    """By what one row is found. Names stand as they are; of personal numbers only keyed hashes."""

    kind = models.CharField("种类", max_length=60)
    object_id = models.PositiveBigIntegerField("编号")
    words = models.TextField("文字", blank=True)
    initials = models.TextField("拼音首字母", blank=True)
    numbers = models.TextField("号码", blank=True)

    class Meta:
        verbose_name = "查找"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="finding_one_a_row")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Findable(models.Model):
    """A row that people look for. `finding_fields` are those whose change is a new entry."""

    finding_fields: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        changed = kwargs.get("update_fields")
        if changed is None or self.finding_fields & set(changed):
            keep([self.entry()])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        IndexEntry.objects.filter(kind=self._meta.label_lower, object_id=self.pk).delete()
        return super().delete(*args, **kwargs)

    def finding_words(self) -> Iterable[str]:
        """Names and public codes by which it is found, also by a part of them."""
        raise NotImplementedError

    def finding_names(self) -> Iterable[str]:
        """Those of the words that are also found by their initials."""
        raise NotImplementedError

    def finding_numbers(self) -> Iterable[str]:
        """Personal numbers, found as a whole and by their last digits."""
        return ()

    def entry(self) -> IndexEntry:
        return IndexEntry(
            kind=self._meta.label_lower,
            object_id=self.pk,
            words=joined(plain(words) for words in self.finding_words()),
            initials=joined(one for name in self.finding_names() for one in initials(name)),
            numbers=joined(key for number in self.finding_numbers() for key in number_keys(number)),
        )


def keep(entries: list[IndexEntry]) -> None:
    """Write these entries, each in the place of the one that its row had."""
    IndexEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["words", "initials", "numbers"],
    )
