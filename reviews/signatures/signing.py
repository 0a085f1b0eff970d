"""Signatures in a form: the station certifies it, each department fills and signs its cell.

Each signature is an incremental update, so that what was signed before stays as it was. What
comes out is examined before it is handed back; anything but valid is thrown away.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Final

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import (
    AxisAlignment,
    BoxConstraints,
    Margins,
    SimpleBoxLayoutRule,
)
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import (
    FieldMDPAction,
    FieldMDPSpec,
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
)
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import (
    PdfSignatureMetadata,
    PdfSigner,
    PdfTimeStamper,
    Signer,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle

from reviews.signatures.fields import BLANKS, FORMS, STATION, Box, field_title
from reviews.signatures.identities import (
    KeyMissing,
    SelfCheckFailed,
    SignatureIdentity,
    SigningFailed,
)
from reviews.signatures.timestamps import time_stamper
from reviews.signatures.verification.additions import problem_of_addition
from reviews.signatures.verification.trust import Trust, read_certificates

DIGEST: Final = "sha256"


class _Drawing(PdfContent):
    """The single page of another PDF as a signature's appearance."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self.pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self.pdf)))
        self.resources.xobject["/Cell"] = page
        left, bottom, right, top = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=right - left, height=top - bottom)
        return b"/Cell Do"


def certify(base: bytes, boxes: Mapping[str, Box], identity: SignatureIdentity) -> bytes:
    """The form with a named, empty field in each box, certified so that only signing may follow.

    Each field locks itself when signed (FieldMDP). Raises SigningFailed.
    """
    titles = identity.trust.titles
    writer = IncrementalPdfFileWriter(io.BytesIO(base))
    blanks, forms = (writer.root.pop("/" + name) for name in (BLANKS, FORMS))
    writer.update_root()
    for key, (code, box) in enumerate(boxes.items(), start=1):
        append_signature_field(
            writer,
            SigFieldSpec(
                code,
                on_page=0,
                box=(box.left, box.bottom, box.right, box.top),
                field_mdp_spec=FieldMDPSpec(FieldMDPAction.INCLUDE, fields=[code]),
                doc_mdp_update_value=MDPPerm.FILL_FORMS,
                readable_field_name=field_title(titles[code]),
            ),
        )
        field = _field(writer, code)
        # What the form says there while nobody has signed.
        field.get_object()[pdf_name("/AP")] = generic.DictionaryObject(
            {pdf_name("/N"): blanks.raw_get("/" + code)}
        )
        _tag(writer, field, forms.raw_get("/" + code), key)
    metadata = PdfSignatureMetadata(
        field_name=STATION,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason="服务站出具审核表，此后只许各部门签名",
        name=titles[STATION],
    )
    return _checked(_sign(writer, metadata, identity), base, STATION, identity)


def _field(writer: IncrementalPdfFileWriter, code: str) -> generic.IndirectObject:
    fields = writer.root["/AcroForm"]["/Fields"]
    found: generic.IndirectObject = next(one for one in fields if one.get_object()["/T"] == code)
    return found


def _tag(
    writer: IncrementalPdfFileWriter,
    field: generic.IndirectObject,
    form: generic.IndirectObject,
    key: int,
) -> None:
    """Bind a field to its element of the structure tree, under `key` of the tree's numbers."""
    tree = writer.root["/StructTreeRoot"]
    numbers = tree["/ParentTree"]
    numbers["/Nums"].extend((generic.NumberObject(key), form))
    tree[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    field.get_object()[pdf_name("/StructParent")] = generic.NumberObject(key)
    element = form.get_object()
    element[pdf_name("/K")] = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/OBJR"),
            pdf_name("/Obj"): field,
            pdf_name("/Pg"): element.raw_get("/Pg"),
        }
    )
    for changed in (field.get_object(), tree, numbers, element):
        writer.update_container(changed)


def sign_cell(
    revision: bytes,
    *,
    department: str,
    stamp: bytes,
    identity: SignatureIdentity,
    reason: str,
    name: str,
    last: bool = False,
    on_paper: bool = False,
) -> bytes:
    """The revision with `department`'s cell filled by `stamp` (render_cell) and signed.

    `last` adds the archive time-stamp where a time-stamp authority is configured. With `on_paper`
    the identity is the station's, which records what the department stamped on paper.
    Raises SigningFailed: nothing was signed, and `revision` stands as it was.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(revision))
    style = StaticStampStyle(
        background=_Drawing(stamp),
        border_width=0,
        background_layout=SimpleBoxLayoutRule(
            x_align=AxisAlignment.ALIGN_MID,
            y_align=AxisAlignment.ALIGN_MID,
            margins=Margins.uniform(0),
        ),
    )
    metadata = PdfSignatureMetadata(
        field_name=department,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        name=name,
    )
    signed = _sign(writer, metadata, identity, style, archive=last)
    return _checked(signed, revision, department, identity, on_paper=on_paper)


def _sign(
    writer: IncrementalPdfFileWriter,
    metadata: PdfSignatureMetadata,
    identity: SignatureIdentity,
    style: StaticStampStyle | None = None,
    *,
    archive: bool = False,
) -> bytes:
    signer = identity.signer()
    _embed_trust(writer, identity.trust, signer.cert_registry)
    output = io.BytesIO()
    try:
        timestamper = time_stamper(settings.TSA_URL) if settings.TSA_URL else None
        PdfSigner(metadata, signer, timestamper=timestamper, stamp_style=style).sign_pdf(
            writer,
            existing_fields_only=style is not None,
            bytes_reserved=None if timestamper else _digits_needed(signer),
            output=output,
        )
        if archive and timestamper is not None:
            return _archived(output.getvalue(), timestamper, identity.trust)
    except (SigningError, PdfError, TimestampRequestError) as error:
        title = identity.trust.title(str(metadata.field_name))
        raise SigningFailed(f"{title}的签名没有做成，文件保持原样：{error}") from error
    return output.getvalue()


def _digits_needed(signer: Signer) -> int:
    """Hexadecimal digits for a signature object without a time-stamp, with room to spare.

    It holds the certificate and its issuers', twice the issuer's name, the signature (two numbers
    of the key's size for ECDSA, one for RSA) and a quarter of a kilobyte of frame. pyHanko would
    sign once on trial to know. What is too much costs: each reader goes through it digit by digit.
    """
    certificate = signer.signing_cert
    if certificate is None:
        raise KeyMissing("签名者没有给出证书，无法签名。")
    certificates = sum(len(one.dump()) for one in (certificate, *signer.cert_registry))
    names = 2 * len(certificate.issuer.dump())
    signature = 2 * int(certificate.public_key.byte_size)
    return 2 * (certificates + names + signature + 384)


def _archived(signed: bytes, timestamper: TimeStamper, trust: Trust) -> bytes:
    """The signed file with an archive time-stamp added (PAdES B-LTA).

    All that validation needs goes in before it; pyHanko's own way would append to the file after.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    signatures = writer.prev.embedded_regular_signatures
    _embed_trust(writer, trust, [signature.signer_cert for signature in signatures])
    output = io.BytesIO()
    PdfTimeStamper(timestamper).timestamp_pdf(writer, DIGEST, output=output)
    return output.getvalue()


def _embed_trust(
    writer: IncrementalPdfFileWriter,
    trust: Trust,
    certificates: Iterable[asn1_x509.Certificate] = (),
) -> None:
    """Put roots and revocation lists into the file, in the revision that is being signed.

    pyHanko would append them after the signature, where no signature covers them.
    """
    roots = read_certificates((*trust.roots, *trust.timestamp_roots))
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[*roots, *certificates],
        crls=[asn1_crl.CertificateList.load(crl) for crl in trust.crls],
    )


def _checked(
    signed: bytes,
    earlier: bytes,
    field: str,
    identity: SignatureIdentity,
    *,
    on_paper: bool = False,
) -> bytes:
    """The signed file, after the signature that it adds to `earlier` was examined.

    Raises SelfCheckFailed.
    """
    trust = identity.trust
    problem = problem_of_addition(
        signed, earlier=earlier, field_name=field, trust=trust, on_paper=on_paper
    )
    if problem:
        raise SelfCheckFailed(
            f"{trust.title(field)}签名后的自检没有通过，已作废，文件保持原样。{problem}"
        )
    return signed
