"""Signing and verifying as the portal does, beside bare WeasyPrint and pyHanko.

Ours is all of `opinions.sign`: the database, the key, the cell, the signature, the self-check and
the stored file; re-authentication comes before it and is measured with the whole request
(at_once). Bare is the same cell laid out with fonts and styles loaded beforehand, and signed as
pyHanko does it by itself, which signs once more on trial to know the size.
"""

import io
from typing import Any
from unittest import mock

from asn1crypto.crl import CertificateList
from django.conf import settings
from django.template.loader import render_to_string
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from accounts.models import User
from core import typesetting
from reviews.cells import Cell
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable
from reviews.pdf import render_cell
from reviews.revisions import load
from reviews.services import circulation, opinions
from reviews.signatures.certificates import authority
from reviews.signatures.certificates.trust import current_trust
from reviews.signatures.identities import identity_for
from reviews.signatures.verification.examining import examine
from reviews.signatures.verification.trust import Trust, read_certificates
from reviews.table_facts import cell_box
from tests.benchmarks.table import Cost, Measure, cost, ratio, seconds
from tests.factories import DEPARTMENTS, SHEETS, ApplicationFactory, UserFactory, liaison

ROUNDS = 12
ANSWERS: dict[str, dict[str, Any]] = {
    "commerce": {"trade": "performance"},
    "tax": {"tax_total": "123.45", "has_arrears": False},
    "social": {"insured_since": "2024-01-01", "insured_company": "重庆市万州区样例贸易有限公司"},
}
WORDS = "经查询，未发现申请人有犯罪记录，同意申办。"
FONTS = FontConfiguration()


def measure() -> list[Measure]:
    authority.ensure()
    officer = UserFactory.create(officer=True)
    liaisons = {code: liaison(code) for code in DEPARTMENTS}
    ours, theirs = [], []
    for number in range(ROUNDS + 1):
        opinion = drafted(officer, liaisons["police"])
        bare = BareCell(opinion, liaisons["police"])
        theirs.append(cost(bare.sign))
        ours.append(cost(lambda: opinions.sign(opinion, by=liaisons["police"])))  # noqa: B023
        # The first round warms fonts and templates up.
        if number == 0:
            ours, theirs = [], []
    return [against_bare(ours, theirs), *chain(officer, liaisons)]


def against_bare(ours: list[Cost], theirs: list[Cost]) -> Measure:
    elapsed = ratio([one.elapsed for one in ours], [one.elapsed for one in theirs])
    computed = ratio([one.computed for one in ours], [one.computed for one in theirs])
    fastest = [min(one.elapsed for one in costs) * 1000 for costs in (ours, theirs)]
    note = (
        f"签署 {fastest[0]:.0f} ms，裸用（含 pyHanko 自己的试签）{fastest[1]:.0f} ms；"
        f"按本进程 CPU 时间 {computed:.2f} 倍"
    )
    return Measure("签署意见 ÷ 裸用 WeasyPrint 与 pyHanko", elapsed, 1.5, "倍", note)


def chain(officer: User, liaisons: dict[str, User]) -> list[Measure]:
    """The last signature of a table beside the first, and the whole verified."""
    firsts, lasts, pdf = [], [], b""
    for _ in range(ROUNDS):
        form = circulated(officer)
        for code in DEPARTMENTS:
            opinion = draft(form, code, liaisons[code])
            took = seconds(lambda: opinions.sign(opinion, by=liaisons[code]))  # noqa: B023
            if code == DEPARTMENTS[0]:
                firsts.append(took)
        lasts.append(took)
        pdf = load(form.newest_revision())
    trusted = current_trust()
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(seconds(lambda: bare_verification(pdf, trusted)))
        ours.append(seconds(lambda: examine_all(pdf, trusted)))
    note = f"核验 {min(ours) * 1000:.0f} ms，裸用 {min(theirs) * 1000:.0f} ms"
    last = f"首个 {min(firsts) * 1000:.0f} ms，末个 {min(lasts) * 1000:.0f} ms"
    return [
        Measure("第六个签名 ÷ 第一个部门签名", ratio(lasts, firsts), 1.5, "倍", last),
        Measure("核验六个签名 ÷ 裸用 pyHanko", ratio(ours, theirs), 1.2, "倍", note),
    ]


def examine_all(pdf: bytes, trusted: Trust) -> None:
    found = examine(pdf, trusted)
    if not found.valid:
        raise AssertionError(found.reason)


def bare_verification(pdf: bytes, trusted: Trust) -> None:
    """Each signature with its difference analysis, as pyHanko's documentation does it."""
    roots = read_certificates(trusted.roots)
    crls = [CertificateList.load(crl) for crl in trusted.crls]
    for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        context = ValidationContext(
            trust_roots=roots,
            crls=crls,
            moment=signature.self_reported_timestamp,
            retroactive_revinfo=True,
            revocation_mode="require",
        )
        if not validate_pdf_signature(signature, context).bottom_line:
            raise AssertionError(signature.field_name)


def circulated(officer: User) -> ReviewTable:
    application = ApplicationFactory.create(submitted=True)
    return circulation.circulate(application, by=officer, despite_unread=SHEETS)


def draft(form: ReviewTable, code: str, by: User) -> Opinion:
    opinion: Opinion = form.opinions.with_case().get(department__code=code)
    filled = Draft(ANSWERS.get(code, {}), WORDS, "agree")
    return opinions.save_draft(opinion, filled, by=by, seen_version=None)


def drafted(officer: User, police: User) -> Opinion:
    """An opinion of the police on a newly circulated case, ready to be signed."""
    return draft(circulated(officer), "police", police)


class BareCell:
    """The same cell's HTML and style, laid out and signed with nothing of the portal around it."""

    def __init__(self, opinion: Opinion, signer: User) -> None:
        identity = identity_for(opinion.department)
        self.signer = identity.signer()
        certificate = identity.certificate
        facts = Cell(opinion, certificate, signer).facts
        with mock.patch("reviews.pdf.lay_out", wraps=typesetting.lay_out) as laid_out:
            render_cell(facts, cell_box(opinion))
        template, context, *styles = laid_out.call_args.args
        self.html = render_to_string(template, context)
        folder = settings.BASE_DIR / "static" / "print"
        self.styles = [CSS(filename=folder / name, font_config=FONTS) for name in styles]
        self.styles.append(CSS(string=laid_out.call_args.kwargs["extra"]))
        with opinion.table.newest_revision().file.content.open("rb") as file:
            self.revision = file.read()

    def sign(self) -> bytes:
        cell = settings.PORTAL_DATA / "bare-cell.pdf"
        HTML(string=self.html).write_pdf(cell, stylesheets=self.styles, font_config=FONTS)
        style = StaticStampStyle(background=ImportedPdfPage(str(cell)), border_width=0)
        metadata = PdfSignatureMetadata(
            field_name="police", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        output = io.BytesIO()
        PdfSigner(metadata, self.signer, stamp_style=style).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(self.revision)),
            existing_fields_only=True,
            output=output,
        )
        return output.getvalue()
