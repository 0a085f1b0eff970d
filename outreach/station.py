"""Rules of the self-test and common questions of a station, as parts of its file (ADR 62)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from accounts.audit import record
from core.station_parts import Faults, StationPart
from outreach.models import Flow, Question
from outreach.self_test.reading import problems_of
from outreach.wording import StationWords

MOST_QUESTIONS: Final = 200
KEYS: Final = ("text", "answer", "source", "source_on", "is_confirmed", "review_by")


class RulesPart(StationPart):
    code = "rules"
    label = "资格条件"

    def export(self) -> dict[str, Any] | None:
        flow = Flow.objects.in_force(timezone.localdate())
        return {"source": flow.source, "document": flow.document} if flow else None

    def check(self, data: Any, faults: Faults) -> None:
        if data is None:
            return
        if not isinstance(data, Mapping):
            faults.add(self.code, "应有 source 和 document 两项。")
            return
        faults.only(data, self.code, ("source", "document"))
        faults.text(data, "source", self.code, most=300)
        for words in problems_of(data.get("document"), StationWords().codes):
            faults.add(f"{self.code}.document", words)

    def load(self, data: Any) -> int:
        """Other rules are the next version, and hold from today."""
        if data is None or data == self.export():
            return 0
        last = Flow.objects.aggregate(last=Max("number"))["last"] or 0
        flow = Flow.objects.create(
            number=last + 1,
            state=Flow.State.PUBLISHED,
            document=data["document"],
            source=data["source"],
            change="按服务站的设置文件",
            valid_from=timezone.localdate(),
            published_at=timezone.now(),
        )
        record("flow.publish", flow, by=None, after={"version": flow.number})
        return 1


class QuestionsPart(StationPart):
    code = "questions"
    label = "常见问题"

    def export(self) -> list[dict[str, Any]]:
        return [_row(one) for one in Question.objects.on_show()]

    def check(self, data: Any, faults: Faults) -> None:
        texts = []
        for place, row in faults.rows(data, self.code, most=MOST_QUESTIONS):
            faults.only(row, place, KEYS)
            texts.append(faults.text(row, "text", place, most=120))
            faults.text(row, "answer", place, most=3000, lines=True)
            faults.text(row, "source", place, most=200)
            faults.day(row, "source_on", place, required=False)
            faults.day(row, "review_by", place)
            faults.flag(row, "is_confirmed", place)
        if len(set(texts)) < len(texts):
            faults.add(self.code, "有两个相同的问题。")

    def load(self, data: Any) -> int:
        """One that the file does not have is shown no more; its answers of before are kept."""
        before = self.export()
        if before == data:
            return 0
        wanted = {row["text"]: (place, row) for place, row in enumerate(data, start=1)}
        gone = Question.objects.on_show().exclude(text__in=wanted)
        count = gone.update(is_shown=False)
        for text, (place, row) in wanted.items():
            question = Question.objects.filter(text=text).order_by("-is_shown", "pk").first()
            question = question or Question(text=text)
            columns = {**_columns(row), "position": place, "is_shown": True}
            for name, value in columns.items():
                setattr(question, name, value)
            question.save()
        return count + sum(row not in before for _, row in wanted.values())


def _row(one: Question) -> dict[str, Any]:
    return {
        "text": one.text,
        "answer": one.answer,
        "source": one.source,
        "source_on": one.source_on.isoformat() if one.source_on else None,
        "is_confirmed": one.is_confirmed,
        "review_by": one.review_by.isoformat(),
    }


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    source_on = row.get("source_on")
    return {
        "answer": row["answer"],
        "source": row["source"],
        "source_on": date.fromisoformat(str(source_on)) if source_on else None,
        "is_confirmed": bool(row.get("is_confirmed", False)),
        "review_by": date.fromisoformat(str(row["review_by"])),
    }
