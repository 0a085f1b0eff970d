"""Structure of a signed file: the certification comes first, and signatures cover every byte."""

from typing import Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from reviews.signatures.fields import STATION

NOT_CERTIFIED: Final = "文件没有服务站的认证签名，不是本站签发的审核表。"


def certification_problem(first: EmbeddedPdfSignature) -> str:
    """Problem of a file whose first signature is not the station's certification, or ""."""
    references = first.sig_object.get("/Reference", ())
    certifies = any(item.get("/TransformMethod") == "/DocMDP" for item in references)
    if first.field_name != STATION or not certifies:
        return NOT_CERTIFIED
    if first.docmdp_level != MDPPerm.FILL_FORMS:
        return "服务站的认证签名没有限定“只许签名”，不是本站签发的审核表。"
    return ""


def uncovered_end(reader: PdfFileReader, pdf: bytes) -> str:
    """Problem of bytes after the last signature, or ""; each of ours ends with its revision."""
    end = max(end_of(signature) for signature in reader.embedded_signatures)
    return "" if end == len(pdf) else "最后一个签名之后，文件末尾又多出了内容。"


def end_of(signature: EmbeddedPdfSignature) -> int:
    """Position after the last byte that the signature covers, its own place included."""
    _, _, start, length = signature.byte_range
    return int(start + length)
