"""Sheets to be filled in by hand and stamped, as Word file and PDF: the letters' own texts."""

from dataclasses import dataclass
from typing import Final

from letters.catalogue import KINDS
from letters.codes import LetterCode
from letters.kind import LetterKind
from letters.kinds.statement import ANY_STATEMENT
from letters.printing import blank_docx, blank_pdf


@dataclass(frozen=True)
class Paper:
    """`code` stands in its address, which people have kept."""

    code: str
    kind: LetterKind
    use: str

    @property
    def name(self) -> str:
        return self.kind.blank_name or self.kind.name


PAPERS: Final = (
    Paper(
        "application-letter", KINDS[LetterCode.APPLICATION], "材料1：打印在正式文头纸上，加盖公章。"
    ),
    Paper("profile", KINDS[LetterCode.PROFILE], "材料1的附件：介绍企业和往来情况，加盖公章。"),
    Paper("commitment", KINDS[LetterCode.COMMITMENT], "材料4之一：法定代表人签字，加盖公章。"),
    Paper("rules", KINDS[LetterCode.RULES], "材料4之二：按企业的实际情况修改后签字、盖章。"),
    Paper("authorisation", KINDS[LetterCode.AUTHORISATION], "企业登记、移交经办人时用，盖公章。"),
    Paper("insurance", KINDS[LetterCode.INSURANCE], "社保由别的单位或在外地代缴时用，加盖公章。"),
    Paper("explanation", ANY_STATEMENT, "换卡、补卡、注销时用，加盖公章。"),
)
BY_CODE: Final = {paper.code: paper for paper in PAPERS}


def file_of(code: str, ending: str) -> bytes:
    """`ending` is docx or pdf. Set in the template that the station uses now."""
    make = blank_docx if ending == "docx" else blank_pdf
    return make(BY_CODE[code].kind)
