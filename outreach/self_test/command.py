"""The self-test for other programs: its questions, and what answers lead to, as JSON objects."""

from pathlib import Path
from typing import Any, Final

from core.json_commands import UNREADABLE
from outreach.self_test.document import unknown_ids, walk
from outreach.self_test.services import MOST_BYTES, FlowRefused, document_in_force, parse
from outreach.self_test.showing import groups
from outreach.wording import StationWords

DONE, NOT = 0, 1
# Yes, or on the way there: done. Not yet, or to be clarified by a call: not.
STATUS: Final = {"yes": DONE, "next": DONE, "not_yet": NOT, "call": NOT}
Answer = tuple[dict[str, Any], int]


def questions() -> Answer:
    found = document_in_force()
    if found is None:
        return {"questions": [], "error": "还没有发布的资格自测。"}, UNREADABLE
    words = StationWords()
    return {
        "questions": [
            {
                "id": question.id,
                "text": words.fill(question.text),
                "options": [
                    {"id": option.id, "text": words.fill(option.text)}
                    for option in question.options
                ],
            }
            for question in found[1].questions.values()
        ]
    }, DONE


def judged(name: str) -> Answer:
    """What the answers in this file lead to; a file that is none of answers is unreadable."""
    try:
        answers = _read(Path(name))
    except FlowRefused as refused:
        return _cannot(str(refused))
    except (OSError, ValueError):
        return _cannot("文件打不开，请核对路径和编码（UTF-8）。")
    found = document_in_force()
    if found is None:
        return _cannot("还没有发布的资格自测。")
    document = found[1]
    strange = unknown_ids(document, answers)
    if strange:
        return _cannot("".join(strange))
    way = walk(document, answers)
    reasons = [one.text for _, _, members in groups(way, StationWords()) for one in members]
    answer = {
        "outcome": way.outcome,
        "reasons": reasons,
        "next": way.next.id if way.next else None,
    }
    return answer, STATUS[way.outcome]


def _read(path: Path) -> dict[str, str]:
    # A pipe or a device would be waited for; only a regular file has an end.
    if not path.is_file():
        raise FlowRefused("没有这个文件，或者它不是普通文件。")
    if path.stat().st_size > MOST_BYTES:
        raise FlowRefused("文件太大，最多300 KB。")
    answers = parse(path.read_text(encoding="utf-8-sig"))
    if not isinstance(answers, dict):
        raise FlowRefused("回答应是一个JSON对象：{题目编号: 选项编号}。")
    if not all(isinstance(value, str) for value in answers.values()):
        raise FlowRefused("每个回答应是一个选项的编号。")
    return answers


def _cannot(reason: str) -> Answer:
    return {"error": reason}, UNREADABLE
