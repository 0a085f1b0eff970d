"""Self-check of a new signature: that it is valid and adds nothing but itself to the revision."""

import io
from collections.abc import Sequence

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from reviews.signatures.verification.findings import SignatureFinding
from reviews.signatures.verification.judging import Judge
from reviews.signatures.verification.structure import certification_problem, end_of, uncovered_end
from reviews.signatures.verification.trust import Trust


def problem_of_addition(
    pdf: bytes, *, earlier: bytes, field_name: str, trust: Trust, on_paper: bool = False
) -> str:
    """Problem of the signature just added to `earlier`, as a sentence, or "" when there is none.

    The new signature is judged like any. Of the one before it, which closed `earlier`: whether it
    is whole, and by pyHanko's difference analysis what was added since. Who signed then was
    judged then; so the sixth signature costs what the first did (docs/adr/0019).
    With `on_paper` it is the station's record of a stamp on paper, otherwise the field's owner's.
    """
    if not pdf.startswith(earlier):
        return "签名时，签名之前的内容被改动了。"
    try:
        return _problem_of_addition(pdf, earlier, field_name, trust, on_paper=on_paper)
    # Whatever fails here, nothing was proved: it counts as a problem, and is told as one.
    except Exception as error:
        return f"文件结构无法解析（{type(error).__name__}：{error}）。"


def _problem_of_addition(
    pdf: bytes, earlier: bytes, field_name: str, trust: Trust, *, on_paper: bool
) -> str:
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = reader.embedded_regular_signatures
    if not signatures or signatures[-1].field_name != field_name:
        return f"文件的最后一个签名不是{trust.title(field_name)}的。"
    *before, added = signatures
    judge = Judge(pdf, trust)
    finding = judge.judge(added)
    return (
        certification_problem(signatures[0])
        or finding.problem
        or _problem_of_owner(finding, on_paper=on_paper)
        or _problem_of_time(signatures[0], added)
        or _problem_of_difference(before, earlier, field_name, trust)
        or judge.document_timestamp_problem(reader.embedded_timestamp_signatures)
        or uncovered_end(reader, pdf)
    )


def _problem_of_owner(finding: SignatureFinding, *, on_paper: bool) -> str:
    """Problem of a department's own signature that the station made, or the other way round."""
    if finding.is_on_paper == on_paper:
        return ""
    owner = "服务站" if on_paper else finding.title
    return f"{finding.title}一栏不是用{owner}的证书签的。"


def _problem_of_time(first: EmbeddedPdfSignature, added: EmbeddedPdfSignature) -> str:
    """Problem of a signature without a time-stamp where the table promises one for all."""
    if _is_stamped(first) and not _is_stamped(added):
        return "表上写明签名时间由时间戳服务机构证明，这个签名却没有时间戳，请检查 TSA_URL。"
    return ""


def _is_stamped(signature: EmbeddedPdfSignature) -> bool:
    stamps = extract_tst_data_iter(signature.signer_info, signed=False)
    return next(stamps, None) is not None


def _problem_of_difference(
    before: Sequence[EmbeddedPdfSignature], earlier: bytes, field_name: str, trust: Trust
) -> str:
    """Problem of anything but `field_name` filled in since the last of the earlier signatures."""
    if not before:
        return ""
    last = before[-1]
    title = trust.title(str(last.field_name))
    if end_of(last) != len(earlier):
        return f"{trust.title(field_name)}的签名没有加在存档的一版之后。"
    last.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        last.signer_info, last.signer_cert, "data", last.compute_digest()
    )
    if not (intact and valid):
        return f"{title}签名覆盖的内容已被改动。"
    difference = last.summarise_integrity_info()["diff_result"]
    if not (
        isinstance(difference, DiffResult)
        and difference.modification_level <= ModificationLevel.FORM_FILLING
        and difference.changed_form_fields == {field_name}
    ):
        return f"{title}签名之后，文件被加进了签名以外的改动。"
    return ""
