"""QR codes on the scan of a stamped table: that of this very round, of another one, or none."""

import re
from collections.abc import Iterable
from typing import Final

from PIL import Image

from accounts.models import User
from files.qr_codes import qr_texts
from reviews.models import ReviewTable
from reviews.numbering import read_code

# Whatever the portal's address was when the table was printed.
ADDRESS: Final = re.compile(r"https?://[^/\s]+/(?:[^\s?#]*/)?verify/([0-9A-Za-z-]{1,40})/?")


class OtherTable(Exception):
    """The scan is of another table or round; the text says of which, as far as one may see."""


def has_own_code(table: ReviewTable, pages: Iterable[Image.Image], *, by: User) -> bool:
    """Whether this round's code was read; False where no page has a readable code of a table.

    Raises OtherTable. Codes of other things, as scanning apps print them, count for nothing.
    """
    read = {code for page in pages for text in qr_texts(page) if (code := _code_of(text))}
    others = read - {table.verification_code}
    if others:
        raise OtherTable(_whose(min(others), table, by))
    return bool(read)


def _code_of(text: str) -> str:
    found = ADDRESS.fullmatch(text.strip())
    return read_code(found[1]) if found else ""


def _whose(code: str, table: ReviewTable, by: User) -> str:
    """Of which table; nothing is told of one that this person may not see."""
    visible = ReviewTable.objects.visible_to(by).with_people()
    other = visible.filter(verification_code=code).first()
    if other is None:
        return f"扫描件上的二维码是另一份审核表的，不是{table}的。请找出{table}的盖章件，重新上传。"
    if other.application_id == table.application_id:
        return (
            f"扫描件是第{other.round}轮的（{other.get_status_display()}），这里是第{table.round}轮。"
            f"请打印第{table.round}轮的审核表，重新盖章、扫描。"
        )
    name = other.facts["applicant_name"]
    return (
        f"扫描件上的二维码是{other}（{other.application.enterprise.name}，{name}）的，"
        f"不是{table}的。请到{other}的页面上传。"
    )
