from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from materials.kinds.passport.mrz import MrzUnreadable, check_digit, compose, parse

TODAY = date(2026, 11, 23)
# The specimen of ICAO Doc 9303, part 4.
SPECIMEN = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
)
CHINESE = (
    "POCHNLIN<<XIAOLAN<<<<<<<<<<<<<<<<<<<<<<<<<<<\nEZ99900013CHN8805061F3503018<<<<<<<<<<<<<<08"
)


def digit_of(text):
    """The check digit of ICAO Doc 9303, part 3: weights 7, 3, 1, a filler counts 0, A counts 10."""
    values = [0 if character == "<" else int(character, 36) for character in text]
    return str(sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("L898902C3", "6"), ("740812", "2"), ("120415", "9"), ("ZE184226B<<<<<", "1"), ("<<<<", "0")],
)
def test_the_specimens_check_digits_come_out(text, digit):
    assert check_digit(text) == digit
    assert digit_of(text) == digit


def test_the_specimen_is_read():
    zone = parse(SPECIMEN, today=TODAY)
    assert (zone.issuer, zone.nationality) == ("UTO", "UTO")
    assert (zone.surname, zone.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert zone.number == "L898902C3"
    assert (zone.birth_date, zone.expires_on) == (date(1974, 8, 12), date(2012, 4, 15))
    assert zone.sex == "F"
    assert zone.failed == ()


def test_a_zone_is_composed_as_a_chinese_passport_prints_it():
    lines = compose(
        surname="LIN",
        given_names="XIAOLAN",
        number="EZ9990001",
        birth_date=date(1988, 5, 6),
        sex="F",
        expires_on=date(2035, 3, 1),
    )
    assert "\n".join(lines) == CHINESE
    assert parse(CHINESE, today=TODAY).failed == ()


def test_letters_and_digits_that_a_reader_mixes_up_are_set_right_by_their_place():
    misread = CHINESE.replace("POCHN", "P0CHN").replace("XIAOLAN", "X1A0LAN")
    misread = misread.replace("EZ99900013", "EZ999OOOI3").replace("8805061F", "88O5O61F")
    zone = parse(misread, today=TODAY)
    assert zone.number == "EZ9990001"
    assert zone.given_names == "XIAOLAN"
    assert zone.birth_date == date(1988, 5, 6)
    assert zone.failed == ()


def test_a_0_among_the_letters_of_the_personal_number_is_an_o_where_its_digit_says_so():
    first = CHINESE.splitlines()[0]
    # Letters as in Chinese books; the reader takes the O in the eleventh place for a 0.
    personal = "HAGNIFMFCEOA92"
    body = f"EZ99900013CHN8805061F3503018{personal}{digit_of(personal)}"
    second = body + digit_of(body[:10] + body[13:20] + body[21:])
    assert parse(f"{first}\n{second}", today=TODAY).failed == ()
    misread = second[:28] + second[28:].replace("O", "0", 1)
    assert misread != second
    assert parse(f"{first}\n{misread}", today=TODAY).failed == ()


@pytest.mark.parametrize(
    ("first", "given_names"),
    [
        ("POCHNLIN<<XIAOLANKKKKKKKKKKKKKKKKKKKKKKKKKKK", "XIAOLAN"),
        ("POCHNLIN<<XIAOLAN<<<<<<<<<KKKK<<<<<<K<<<<<<K", "XIAOLAN"),
        ("POCHNLIN<<XIAOLAN<<<<<<<KKKKKKKKKKK", "XIAOLAN"),
        ("POCHNLIN<<KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK", ""),
        # A name may end in one, or be one.
        ("POCHNLIN<<XIAOLAK<<<<<<<<<<<<<<<<<<<<<<<<<<<", "XIAOLAK"),
        ("POCHNLIN<<K<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "K"),
    ],
)
def test_a_trailing_run_of_k_is_filler(first, given_names):
    zone = parse(f"{first}\n{CHINESE.splitlines()[1]}", today=TODAY)
    assert (zone.surname, zone.given_names) == ("LIN", given_names)
    assert not zone.names_cut
    assert zone.failed == ()


def test_fillers_of_the_personal_number_may_be_read_as_k_too():
    first, second = CHINESE.splitlines()
    assert parse(f"{first}\n{second.replace('<', 'K')}", today=TODAY).failed == ()


def test_names_that_fill_their_place_to_the_end_are_cut():
    first = "POCHNABUDUREHEMAN<<MUHETAERJIANGABUDUKELIMUJ"
    assert len(first) == 44
    zone = parse(f"{first}\n{CHINESE.splitlines()[1]}", today=TODAY)
    assert zone.names_cut
    assert not parse(CHINESE, today=TODAY).names_cut


@pytest.mark.parametrize("filler", ["Λ", "∧", "く", "＜", "《", "«"])
def test_what_a_reader_of_chinese_makes_of_the_filler_is_understood(filler):
    width = {"《": "<<", "«": "<<"}.get(filler, "<")
    zone = parse(CHINESE.replace(width, filler), today=TODAY)
    assert (zone.surname, zone.given_names, zone.failed) == ("LIN", "XIAOLAN", ())


def test_the_second_place_of_a_number_is_not_guessed():
    lines = compose(
        surname="LI",
        given_names="MIN",
        number="E81234567",
        birth_date=date(1990, 1, 2),
        sex="M",
        expires_on=date(2033, 4, 5),
    )
    assert "number" in parse("\n".join(lines).replace("E81", "EB1"), today=TODAY).failed


@pytest.mark.parametrize("letter", "ABCDEFGHJKLMNPQRSTUVWXYZ")
def test_every_letter_but_i_and_o_may_stand_in_the_second_place(letter):
    number = f"E{letter}1234567"
    lines = compose(
        surname="LI",
        given_names="MIN",
        number=number,
        birth_date=date(1990, 1, 2),
        sex="M",
        expires_on=date(2033, 4, 5),
    )
    zone = parse("\n".join(lines), today=TODAY)
    assert (zone.number, zone.failed) == (number, ())


def test_fillers_that_a_scan_lost_are_put_back():
    zone = parse(
        "noise\nPOCHNLIN<<XIAOLAN<<<<<<<<<<<<<\nEZ99900013CHN8805061F3503018<<<<<<<<08\n",
        today=TODAY,
    )
    assert zone.failed == ()
    assert zone.surname == "LIN"


def test_a_wrong_digit_is_named_by_its_field_and_by_the_whole():
    zone = parse(CHINESE.replace("8805061F", "8806061F"), today=TODAY)
    assert zone.failed == ("birth_date", "composite")


@pytest.mark.parametrize(
    ("digits", "year"),
    [
        ("260101", 2026),
        ("261123", 2026),  # today
        ("261124", 1926),
        ("261231", 1926),
        ("270101", 1927),
        ("991231", 1999),
        ("000229", 2000),
    ],
)
def test_a_birth_day_that_has_not_come_yet_is_of_the_last_century(digits, year):
    text = CHINESE.replace("8805061F", f"{digits}{digit_of(digits)}F")
    birth_date = parse(text, today=TODAY).birth_date
    assert birth_date is not None
    assert birth_date.year == year


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("120415", date(2012, 4, 15)),  # expired long ago
        ("361123", date(2036, 11, 23)),  # issued today for ten years
        ("361124", None),
        ("661201", None),
        ("991231", None),
    ],
)
def test_a_passport_lasts_ten_years_at_the_most(digits, day):
    zone = parse(CHINESE.replace("3503018", digits + digit_of(digits)), today=TODAY)
    assert zone.expires_on == day
    assert ("expires_on" in zone.failed) == (day is None)


@given(digits=st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_no_birth_day_lies_ahead(digits):
    zone = parse(CHINESE.replace("8805061", digits + digit_of(digits)), today=TODAY)
    assert zone.birth_date is None or date(1926, 11, 24) <= zone.birth_date <= TODAY


def test_a_day_that_does_not_exist_is_no_date_and_was_misread():
    zone = parse(CHINESE.replace("8805061F", f"880230{digit_of('880230')}F"), today=TODAY)
    assert zone.birth_date is None
    assert "birth_date" in zone.failed


@pytest.mark.parametrize(
    "text", ["", "P<", "护照", CHINESE.splitlines()[0], "A" * 44 + "\n" + "B" * 44]
)
def test_text_without_a_zone_is_said_to_be_unreadable(text):
    with pytest.raises(MrzUnreadable, match="机读码"):
        parse(text, today=TODAY)


@given(st.text(alphabet="P<CHNO0123456789EZ\n ", max_size=120))
def test_any_text_is_read_or_unreadable(text):
    try:
        zone = parse("PO" + text, today=TODAY)
    except MrzUnreadable:
        return
    assert set(zone.failed) <= {"number", "birth_date", "expires_on", "personal", "composite"}


@given(place=st.integers(0, 27), character=st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"))
def test_one_misread_character_never_gives_another_number_in_good_order(place, character):
    first, second = CHINESE.splitlines()
    # Check digits are blind to values that are equal modulo 10, such as P and Z.
    assume((weight(character) - weight(second[place])) % 10 != 0)
    changed = second[:place] + character + second[place + 1 :]
    zone = parse(f"{first}\n{changed}", today=TODAY)
    assert zone.number == "EZ9990001" or "number" in zone.failed
    assert zone.birth_date == date(1988, 5, 6) or "birth_date" in zone.failed
    assert zone.expires_on == date(2035, 3, 1) or "expires_on" in zone.failed


def weight(character):
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<".index(character) % 36


def test_a_chinese_number_of_impossible_form_is_not_trusted_though_its_digit_holds():
    # O and E differ by ten, so the check digit of OZ9990001 is that of EZ9990001.
    assert "number" in parse(CHINESE.replace("EZ999", "OZ999"), today=TODAY).failed
