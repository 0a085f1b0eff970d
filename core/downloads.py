"""Name of a file that leaves the portal, as `Content-Disposition` says it (RFC 6266)."""

import re
import string

from django.utils.http import content_disposition_header


def disposition(name: str, *, as_attachment: bool = True) -> str:
    """`name` with its ending; a Chinese one has an ASCII name beside it.

    Old programs know `filename` alone, and saved the file under the last part of its address.
    """
    whole = content_disposition_header(as_attachment, name) or ""
    if name.isascii():
        return whole
    kind, _, encoded = whole.partition("; ")
    return f'{kind}; filename="{ascii_name(name)}"; {encoded}'


def ascii_name(name: str) -> str:
    """Letters and digits of the name: abtc-2026-00012-5.jpg of 万州-2026-00012-材料5.jpg."""
    stem, dot, ending = name.rpartition(".")
    parts = re.findall(r"[A-Za-z0-9]+", stem if dot else ending)
    if not parts or parts[0][0] in string.digits:
        parts.insert(0, "abtc")
    return "-".join(parts) + (f".{ending}" if dot and ending.isascii() else "")
