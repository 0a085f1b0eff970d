"""Drawn materials of invented people and firms, for demonstrations and tests.

They pass the checks of Annex 3. Every document says 样例; nothing here bears a seal.
"""

import io
from dataclasses import dataclass
from datetime import date

from PIL import ExifTags, Image

from core.dates import day_words
from materials.numbers import MaterialNumber
from materials.samples.papers import draw_licence, draw_paper
from materials.samples.passports import draw_passport
from materials.samples.portraits import draw_portrait
from materials.samples.signatures import draw_signature
from materials.samples.texts import TEXTS

__all__ = ["Company", "Person", "licence", "material", "paper", "passport", "photo", "signature"]


@dataclass(frozen=True)
class Person:
    """An invented applicant; surname and given names in Latin capitals, as on a passport.

    Of every six `look`s the first three are drawn as men, the others as women.
    """

    name: str
    surname: str
    given_names: str
    sex: str
    birth_date: date
    post: str
    id_number: str
    passport_number: str
    passport_expires_on: date
    look: int


@dataclass(frozen=True)
class Company:
    name: str
    credit_code: str
    address: str = "重庆市万州区样例大道1号"
    authority: str = "万州区市场监督管理局（样例）"


def photo(look: int, *, taken_on: date | None = None) -> bytes:
    """Material 8, JPEG; with `taken_on` the day is written into EXIF as a camera does."""
    exif = Image.Exif()
    if taken_on is not None:
        stamp = f"{taken_on:%Y:%m:%d} 09:30:00"
        exif[ExifTags.IFD.Exif] = {ExifTags.Base.DateTimeOriginal: stamp}
    return _jpeg(draw_portrait(look), exif=exif)


def signature(name: str, seed: int = 0) -> bytes:
    """Material 9, JPEG."""
    return _jpeg(draw_signature(name, seed))


def passport(person: Person) -> bytes:
    """Material 10, JPEG."""
    return _jpeg(
        draw_passport(
            name=person.name,
            surname=person.surname,
            given_names=person.given_names,
            number=person.passport_number,
            birth_date=person.birth_date,
            sex=person.sex,
            expires_on=person.passport_expires_on,
            seed=person.look,
        )
    )


def licence(company: Company) -> bytes:
    """Material 2, JPEG."""
    return _jpeg(
        draw_licence(
            name=company.name,
            credit_code=company.credit_code,
            address=company.address,
            authority=company.authority,
        )
    )


def paper(title: str, *paragraphs: str, company: Company, day: date) -> bytes:
    """One page on the company's letterhead, JPEG."""
    foot = (company.name, "（样例，未盖章）", day_words(day))
    return _jpeg(draw_paper(title, paragraphs, head=company.name, foot=foot))


def material(number: int, *, person: Person, company: Company, day: date) -> list[bytes]:
    """The pages of one of Annex 3's materials as JPEGs; papers are dated `day`."""
    match number:
        case MaterialNumber.LICENCE:
            return [licence(company)]
        case MaterialNumber.PHOTO:
            return [photo(person.look, taken_on=day)]
        case MaterialNumber.SIGNATURE:
            return [signature(person.name, person.look)]
        case MaterialNumber.PASSPORT:
            return [passport(person)]
        case _:
            words = {
                "company": company.name,
                "address": company.address,
                "who": f"{person.name}（{person.post}，身份证号{person.id_number}）",
                "last_year": day.year - 1,
            }
            return [
                paper(title, *(text.format(**words) for text in texts), company=company, day=day)
                for title, texts in TEXTS[MaterialNumber(number)]
            ]


def _jpeg(image: Image.Image, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90, dpi=(300, 300), exif=exif or Image.Exif())
    return buffer.getvalue()
