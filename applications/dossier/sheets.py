"""One sheet of the officer's reading: the typed facts or one material, and what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from applications.dossier.items import STATE_LABELS as ITEM_LABELS
from applications.dossier.items import Item, ItemState
from applications.models import Correction, SheetReading
from files.models import Page
from materials.catalogue import check_list

FILLED_IN = "已填写"
# By the look of a tag, what asks for most attention first.
SHAPES = {"late": "!", "act": "◆", "done": "✓", "wait": ""}


@dataclass(frozen=True)
class Tag:
    label: str
    badge: str


@dataclass(frozen=True)
class Mark:
    """How far a sheet is, for the column of stops: a shape, a word, and the look of both."""

    shape: str
    words: str
    badge: str


@dataclass(frozen=True)
class Sheet:
    """The typed facts (number 0) or one material, with what was said about it.

    `noted` is not told to the enterprise yet, `told` waits for its answer, `answered` is what it
    answered when it last resubmitted; `previous` are the pages that the officer saw before that.
    """

    number: int
    name: str
    item: Item | None
    noted: Sequence[Correction]
    told: Sequence[Correction]
    answered: Sequence[Correction]
    previous: Sequence[Page]
    reading: SheetReading | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """What to hold this to, while it is read; of what was not uploaded there is nothing."""
        by_table = self.item is not None and self.item.material.by_review_table
        return () if by_table else check_list(self.number)

    @property
    def ticked(self) -> list[str]:
        return self.reading.ticked if self.reading else []

    @property
    def is_read(self) -> bool:
        """Every rule was ticked off, and nothing has changed since."""
        return set(self.rules) <= set(self.ticked)

    @property
    def reading_words(self) -> str:
        """How far it was gone through."""
        done = len(set(self.rules) & set(self.ticked))
        return f"核对了{done}条，共{len(self.rules)}条" if done else "还没有核对"

    @property
    def is_changed(self) -> bool:
        return bool(self.answered)

    @property
    def title(self) -> str:
        return f"材料{self.number} {self.name}" if self.number else self.name

    @property
    def pages(self) -> Sequence[Page]:
        if self.item is None or self.item.material.by_review_table:
            return ()
        return self.item.pages

    @property
    def tags(self) -> list[Tag]:
        tags = [self._state]
        if self.noted:
            tags.append(Tag(f"已记{len(self.noted)}个问题", "late"))
        if self.pages and self._has_more_to_say:
            tags.append(Tag("有提示", "act"))
        if self.rules and self.is_read:
            tags.append(Tag("已核对", "done"))
        return tags

    @property
    def _has_more_to_say(self) -> bool:
        """Whether there is something to look at that its state does not name."""
        item = self.item
        return item is not None and bool(item.warnings) and item.state != ItemState.FAULTY

    @property
    def mark(self) -> Mark:
        """What matters most of its tags as a shape; in words all but that it is simply there."""
        plain = {ITEM_LABELS[ItemState.THERE], FILLED_IN}
        words = [tag.label for tag in self.tags if tag.label not in plain]
        is_unread = bool(self.rules) and not self.is_read
        if is_unread and not words:
            words = ["还没有核对"]
        badges = {tag.badge for tag in self.tags if tag.label in words}
        shape, badge = next(
            (shape, badge) for badge, shape in SHAPES.items() if badge in badges or badge == "wait"
        )
        if badge == "done" and is_unread:
            shape, badge = SHAPES["wait"], "wait"
        return Mark(shape, "、".join(words), badge)

    @property
    def _state(self) -> Tag:
        if self.answered:
            only_words = all(c.answer and not c.replaced_at for c in self.answered)
            return Tag("已说明" if only_words else "已更正", "act")
        if self.item is not None:
            return Tag(self.item.label, self.item.badge)
        if self.told:
            answers = [correction.answer_words for correction in self.told]
            if not all(answers):
                return Tag("需要补正", "late")
            return Tag("已更正" if "已更正" in answers else "已说明", "done")
        return Tag(FILLED_IN, "done")

    @property
    def is_missing(self) -> bool:
        return self.item is not None and self.item.state == ItemState.EMPTY

    @property
    def overlooked(self) -> list[Correction]:
        """What is noted of it although it stands as it stood, and was not told the last time."""
        is_replaced = any(correction.replaced_at for correction in self.answered)
        if is_replaced or self.new_places or self.previous:
            return []
        told = {correction.words for correction in self.answered}
        return [correction for correction in self.noted if correction.words not in told]

    def is_new(self, page: Page) -> bool:
        """Whether the page came after the enterprise was told, and replaces what was seen."""
        told = [c.sent_at for c in self.answered if c.sent_at]
        return bool(told) and page.file.created_at > min(told)

    @property
    def new_places(self) -> list[int]:
        """Which pages are new, counted from 1."""
        return [place for place, page in enumerate(self.pages, start=1) if self.is_new(page)]

    def earlier(self, page: Page | None) -> Sequence[Page]:
        """What to hold this page against: the one whose place it took, and what was taken out."""
        new = {page.position for page in self.pages if self.is_new(page)}
        if not new:
            return self.previous
        if page is None or page.position not in new:
            return ()
        replaced = [old for old in self.previous if old.position == page.position]
        return [*replaced, *(old for old in self.previous if old.position not in new)]
