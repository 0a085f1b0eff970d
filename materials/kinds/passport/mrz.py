"""The machine-readable zone of a passport: ICAO Doc 9303, TD3, two lines of 44 characters."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.dates import months_later
from core.identifiers import is_passport_number

LINE_LENGTH = 44
WEIGHTS = (7, 3, 1)
FILLER = "<"

# A reader takes some letters for digits and back; the place says which one is meant.
TO_DIGIT = str.maketrans("ODQILZSGB", "000112568")
TO_LETTER = str.maketrans("012568", "OIZSGB")
# What readers of Chinese take the filler for; and a U for.
TO_FILLER = str.maketrans({"«": "<<", "《": "<<", "∪": "U", **dict.fromkeys("〈＜く≤‹﹤˂(Λ∧", "<")})
# A row of fillers is read as a row of K: no name ends in two of them, and none follows "<<".
MISREAD_FILLERS = re.compile(r"(?:K{2,}|<<)[<K]*$")
NAMES_LENGTH = LINE_LENGTH - 5
# No passport is issued for longer than ten years.
LONGEST_MONTHS = 10 * 12
ZONE_CHARACTERS = re.compile(r"[A-Z0-9<]{30,46}")


class MrzUnreadable(ValueError):
    """The text does not hold two lines that could be a passport's zone."""


@dataclass(frozen=True)
class Mrz:
    """What the zone says. `failed` names the fields whose check digit does not hold.

    `names_cut` where the names fill their place to its last character: what did not fit is left
    out (ICAO Doc 9303, part 3), so that they say how the names begin and no more.
    """

    issuer: str
    surname: str
    given_names: str
    number: str
    nationality: str
    birth_date: date | None
    sex: str
    expires_on: date | None
    names_cut: bool
    failed: tuple[str, ...]


def check_digit(text: str) -> str:
    """Weights 7 3 1 repeating; 0–9 count as they are, A–Z as 10–35, the filler as 0."""
    total = sum(_value(c) * WEIGHTS[index % 3] for index, c in enumerate(text))
    return str(total % 10)


def parse(text: str, *, today: date) -> Mrz:
    """Read the zone out of `text`; O and 0 and the like are set right by their place."""
    first, second = _two_lines(text)
    first = first[0] + first[1:].translate(TO_LETTER)
    issuer = first[2:5]
    number = _number(second[:9], issuer)
    dates = second[13:20].translate(TO_DIGIT), second[21:28].translate(TO_DIGIT)
    birth_date, expires_on = _birth_date(dates[0][:6], today), _expiry(dates[1][:6], today)
    personal_check = second[42].translate(TO_DIGIT)
    personal = _personal(second[28:42], personal_check)
    number_and_check = number + second[9].translate(TO_DIGIT)
    composite = number_and_check + dates[0] + dates[1] + personal + personal_check
    holds = {
        "number": check_digit(number) == number_and_check[9] and _is_plausible(number, issuer),
        "birth_date": check_digit(dates[0][:6]) == dates[0][6] and birth_date is not None,
        "expires_on": check_digit(dates[1][:6]) == dates[1][6] and expires_on is not None,
        "personal": check_digit(personal) == personal_check.replace(FILLER, "0"),
        "composite": check_digit(composite) == second[43].translate(TO_DIGIT),
    }
    surname, _, given_names = first[5:].partition(FILLER * 2)
    given_names = MISREAD_FILLERS.sub(_as_fillers, given_names)
    return Mrz(
        issuer=issuer,
        surname=_words(surname),
        given_names=_words(given_names),
        number=number.replace(FILLER, ""),
        nationality=second[10:13].translate(TO_LETTER),
        birth_date=birth_date,
        sex=second[20] if second[20] in "MF" else "",
        expires_on=expires_on,
        names_cut=not given_names.endswith(FILLER)
        and len(surname) + 2 + len(given_names) == NAMES_LENGTH,
        failed=tuple(name for name, right in holds.items() if not right),
    )


def compose(
    *, surname: str, given_names: str, number: str, birth_date: date, sex: str, expires_on: date
) -> tuple[str, str]:
    """The two lines of a Chinese ordinary passport without a personal number."""
    names = f"{surname}<<{given_names}".upper().replace(" ", FILLER)
    first = f"POCHN{names}".ljust(LINE_LENGTH, FILLER)[:LINE_LENGTH]
    number = number.ljust(9, FILLER)
    birth, expiry = f"{birth_date:%y%m%d}", f"{expires_on:%y%m%d}"
    head = number + check_digit(number)
    tail = birth + check_digit(birth), expiry + check_digit(expiry)
    personal = FILLER * 14 + "0"
    composite = check_digit(head + tail[0] + tail[1] + personal)
    return first, f"{head}CHN{tail[0]}{sex}{tail[1]}{personal}{composite}"


def zone_line(text: str) -> str:
    """`text` in the zone's characters where it looks like one of its lines, else nothing."""
    line = re.sub(r"\s+", "", text).upper().translate(TO_FILLER)
    return line if ZONE_CHARACTERS.fullmatch(line) else ""


def _two_lines(text: str) -> tuple[str, str]:
    lines = [line for line in map(zone_line, text.splitlines()) if line]
    for upper, lower in pairwise(lines):
        if upper[0] == "P" and FILLER * 2 in upper and len(lower) <= LINE_LENGTH:
            # Fillers, in a row and at the end of a line, are the first thing that a scan loses.
            lost = FILLER * (LINE_LENGTH - len(lower))
            return upper.ljust(LINE_LENGTH, FILLER)[:LINE_LENGTH], lower[:28] + lost + lower[28:]
    raise MrzUnreadable("没有找到护照底部的两行机读码，每行44个字符。")


def _as_fillers(found: re.Match[str]) -> str:
    return FILLER * len(found[0])


def _personal(read: str, check: str) -> str:
    """Chinese passports carry letters and digits here in any order, so the check digit decides
    which 0 is an O; as it was read where none makes it hold."""
    places = [place for place, character in enumerate(read) if character == "0"]
    some = [f"{read[:place]}O{read[place + 1 :]}" for place in places]
    ended = re.sub(r"[<K]+$", _as_fillers, read)
    candidates = (read, read.replace("0", "O"), *some, ended)
    wanted = check.replace(FILLER, "0")
    return next((each for each in candidates if check_digit(each) == wanted), read)


def _number(read: str, issuer: str) -> str:
    """Chinese numbers are a letter, a digit or letter without I and O, then digits.

    B or 8 in the second place is left as it was read: guessing there until the check digit
    holds would let one wrong digit elsewhere pass for another number.
    """
    if issuer != "CHN":
        return read
    second = {"O": "0", "I": "1"}.get(read[1], read[1])
    return read[0].translate(TO_LETTER) + second + read[2:].translate(TO_DIGIT)


def _is_plausible(number: str, issuer: str) -> bool:
    """E and O weigh the same in a check digit; the form of a number tells them apart."""
    return issuer != "CHN" or is_passport_number(number.rstrip(FILLER))


def _value(character: str) -> int:
    return 0 if character == FILLER else int(character, 36)


def _words(field: str) -> str:
    return " ".join(part for part in field.split(FILLER) if part)


def _birth_date(digits: str, today: date) -> date | None:
    """Of this century, or of the last one where that day has not come yet."""
    day = _date(digits, 2000)
    return _date(digits, 1900) if day is None or day > today else day


def _expiry(digits: str, today: date) -> date | None:
    """Of this century; None where no passport could last so long, so that it was misread."""
    day = _date(digits, 2000)
    return day if day and day <= months_later(today, LONGEST_MONTHS) else None


def _date(digits: str, century: int) -> date | None:
    try:
        return date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
