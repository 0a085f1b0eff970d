"""Examination of a whole signed table: pyHanko's validation with its difference analysis.

A table is valid when the station certified it, every signature in it is whole, made by the
certificate of the very department whose cell it fills, and nothing but signing happened after.
It need not be complete: a table that waits for a department is valid, and says what is missing.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from core.numerals import chinese_number
from reviews.signatures.fields import STATION
from reviews.signatures.verification.findings import (
    Examination,
    SignatureFinding,
    Unreadable,
)
from reviews.signatures.verification.judging import Judge
from reviews.signatures.verification.structure import (
    NOT_CERTIFIED,
    certification_problem,
    uncovered_end,
)
from reviews.signatures.verification.trust import Trust

MAX_BYTES: Final = 20 * 1024 * 1024
CODE: Final = re.compile("[0-9A-Z-]{1,20}")
CODE_IN_BYTES: Final = re.compile(rb"/Keywords ?\(([0-9A-Z]{1,20})\)")


def examine(pdf: bytes, trust: Trust) -> Examination:
    """Examine a table against those whom we trust.

    A signature is judged at the time it states (proved by a time-stamp or not), so that a table
    of this year stays valid when its certificates have run out, and a certificate revoked later
    does not undo it. Whoever holds a stolen key could write an earlier time: comparing with the
    stored revision closes that.

    Raises Unreadable for what is no PDF at all; damage is an Examination that is not valid.
    """
    refuse_unreadable(pdf)
    try:
        return _examine(pdf, trust)
    except Unreadable:
        raise
    # A hostile file can make the parser fail in any way at all, and each of them means the same.
    except Exception:
        code = CODE_IN_BYTES.search(pdf)
        return Examination(
            False,
            "文件结构已损坏或被改动，无法解析。",
            claimed_code=code[1].decode() if code else "",
        )


def refuse_unreadable(pdf: bytes) -> None:
    """Raise Unreadable for a file that is empty, too large, or no PDF at all."""
    if not pdf:
        raise Unreadable("文件是空的。")
    if len(pdf) > MAX_BYTES:
        raise Unreadable(f"文件有{len(pdf) / 1024 / 1024:.1f}MB，超过20MB，审核表不会这么大。")
    # With its end in place a file may be a PDF whose beginning was altered.
    if b"%PDF-" not in pdf[:1024] and b"%%EOF" not in pdf[-1024:]:
        raise Unreadable("这不是PDF文件。图片或打印件请用表上的核验码查询。")


def _examine(pdf: bytes, trust: Trust) -> Examination:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise Unreadable("文件加了密，无法核验。审核表从不加密。")
    regular, code = reader.embedded_regular_signatures, _claimed_code(reader)
    if not regular:
        return Examination(
            False,
            "文件中没有任何签名，不是本站签发的原文件。打印、扫描或另存的PDF不带签名，"
            "请用表上的核验码查询。",
            claimed_code=code,
            is_unsigned=True,
        )
    most = len(trust.titles)
    if len(regular) > most:
        reason = f"文件里有{len(regular)}个签名，审核表最多{most}个，不是本站签发的审核表。"
        return Examination(False, reason, claimed_code=code)
    judge = Judge(pdf, trust)
    findings = tuple(judge.judge(signature) for signature in regular)
    signed = {finding.department for finding in findings}
    problem = (
        ("" if STATION in signed else NOT_CERTIFIED)
        or next((finding.problem for finding in findings if finding.problem), "")
        or certification_problem(regular[0])
        or judge.document_timestamp_problem(reader.embedded_timestamp_signatures)
        or uncovered_end(reader, pdf)
    )
    names_us = any(judge.is_registered(signature.signer_cert) for signature in regular)
    examination = Examination(not problem, problem, findings, code, names_us)
    if problem:
        return examination
    missing = _missing(reader, trust)
    reason = _reason(findings, [trust.title(code) for code in missing])
    return replace(examination, reason=reason, missing=missing)


def _reason(findings: Sequence[SignatureFinding], missing: Sequence[str]) -> str:
    """Sentence on a valid file: who signed, who stamped on paper, who is missing."""
    on_paper = [finding.title for finding in findings if finding.is_on_paper]
    count = len(findings) - 1 - len(on_paper)
    departments = f"和{chinese_number(count)}个部门" if count else ""
    reason = f"服务站{departments}的签名全部有效，签名后内容未被改动。"
    if missing:
        reason = f"已有的签名全部有效，内容未被改动；尚未签齐，还缺：{'、'.join(missing)}。"
    if on_paper:
        names = "、".join(on_paper)
        reason += f"{names}没有电子签名，是在纸上盖章，由服务站录入并签名。"
    return reason


def _missing(reader: PdfFileReader, trust: Trust) -> tuple[str, ...]:
    """The form's unsigned fields in the departments' order.

    The form itself says which it has: one that was certified before a department was added is
    complete without it.
    """
    empty = {name for name, _, _ in enumerate_sig_fields(reader, filled_status=False)}
    return tuple(code for code in trust.fields if code in empty)


def _claimed_code(reader: PdfFileReader) -> str:
    try:
        code = str(reader.trailer_view["/Info"]["/Keywords"])
    except (KeyError, PdfError):
        return ""
    return code if CODE.fullmatch(code) else ""
