"""Signing an opinion as the portal does, beside the same cell with bare WeasyPrint and pyHanko."""

import io
from unittest import mock

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from pyhanko.pdf_utils.content import ImportedPdfPage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.stamp import StaticStampStyle
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from accounts.models import User
from reviews import authority, typesetting
from reviews.models import Opinion
from reviews.pdf import render_cell
from reviews.services import circulation, opinions
from reviews.table import cell_box, cell_facts
from tests.benchmarks.table import Measure, ratio, seconds
from tests.factories import ApplicationFactory, UserFactory, liaison

ROUNDS = 12
WORDS = "经查询，未发现申请人有犯罪记录，同意申办。"
FONTS = FontConfiguration()


def measure() -> list[Measure]:
    authority.ensure()
    officer = UserFactory.create(officer=True)
    liaisons = {code: liaison(code) for code in ("commerce", "tax", "police", "social")}
    liaison("foreign_affairs")
    ours, theirs = [], []
    # The first round warms fonts and templates up.
    for number in range(ROUNDS + 1):
        opinion = drafted(officer, liaisons["police"])
        bare = BareCell(opinion, liaisons["police"])
        theirs.append(seconds(bare.sign))
        ours.append(seconds(lambda: opinions.sign(opinion, by=liaisons["police"])))  # noqa: B023
        if number == 0:
            ours, theirs = [], []
    note = f"签署 {min(ours) * 1000:.0f} ms，裸用 {min(theirs) * 1000:.0f} ms"
    return [Measure("签署意见 ÷ 裸用 WeasyPrint 与 pyHanko", ratio(ours, theirs), 1.5, "倍", note)]


def drafted(officer: User, police: User) -> Opinion:
    """An opinion of the police on a newly circulated case, ready to be signed."""
    application = ApplicationFactory.create(submitted=True)
    form = circulation.circulate(application, by=officer)
    opinion: Opinion = form.opinions.with_case().get(department__code="police")
    draft = opinions.Draft({}, WORDS, "agree")
    return opinions.save_draft(opinion, draft, by=police, seen_version=None)


class BareCell:
    """The same cell's HTML and style, laid out and signed with nothing of the portal around it."""

    def __init__(self, opinion: Opinion, signer: User) -> None:
        identity = authority.identity_for(opinion.department)
        self.signer = identity.signer()
        certificate = identity.certificate
        facts = cell_facts(opinion, signer=signer, certificate=certificate, at=timezone.now())
        with mock.patch("reviews.pdf.lay_out", wraps=typesetting.lay_out) as laid_out:
            render_cell(facts, cell_box(opinion))
        template, context, *styles = laid_out.call_args.args
        self.html = render_to_string(template, context)
        folder = settings.BASE_DIR / "static" / "print"
        self.styles = [CSS(filename=folder / name, font_config=FONTS) for name in styles]
        self.styles.append(CSS(string=laid_out.call_args.kwargs["extra"]))
        with opinion.form.newest_revision().file.content.open("rb") as file:
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
