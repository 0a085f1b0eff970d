"""Names of files in an archive package: one form everywhere, and taken by Windows (ADR 78)."""

import unicodedata
from typing import Final

from cards.filing.package import FORBIDDEN, RESERVED, windows_name

# Explorer still stumbles over paths of more than 260 characters, the folder before it included.
LONGEST_PATH: Final = 180
# As devices with a figure are also reserved with one of these.
RAISED: Final = str.maketrans("¹²³", "123")


def part(text: str) -> str:
    """One part of a path, a folder or a name without its ending.

    BagIt writes "%" in another way, and so would `sha256sum` not find the file.
    """
    kept = windows_name(text.replace("%", "％"))
    return f"_{kept}" if _is_reserved(kept) else kept


def problems_of(path: str) -> list[str]:
    """What is wrong with a path for Windows or for the next machine; empty where nothing is."""
    found = []
    if unicodedata.normalize("NFC", path) != path:
        found.append("不是NFC形式")
    if len(path) > LONGEST_PATH:
        found.append(f"长{len(path)}个字符")
    for one in path.split("/"):
        if not one or one != one.strip(" ") or one.endswith(".") or _is_reserved(one):
            found.append(f"“{one}”不能用作Windows的文件名")
        if FORBIDDEN.search(one) or "%" in one or any(ord(c) < 32 for c in one):
            found.append(f"“{one}”里有不能用的字符")
    return found


def apart(path: str, taken: set[str]) -> str:
    """The path, or one beside it where Windows would take two of them for one."""
    stem, dot, ending = path.rpartition(".")
    at, count = path, 1
    while at.casefold() in taken:
        count += 1
        at = f"{stem}_{count}{dot}{ending}"
    taken.add(at.casefold())
    return at


def _is_reserved(name: str) -> bool:
    """CON, and CON.txt as well."""
    stem = name.partition(".")[0].strip().translate(RAISED).upper()
    return stem in RESERVED or stem in {"CONIN$", "CONOUT$"}
