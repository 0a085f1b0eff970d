import pytest

from materials.catalogue import CATALOGUE, UnknownMaterial, get


def test_the_catalogue_is_annex_3():
    assert [(kind.number, kind.owner, kind.replaceable) for kind in CATALOGUE] == [
        (1, "enterprise", False),
        (2, "enterprise", False),
        (3, "enterprise", True),
        (4, "enterprise", False),
        (5, "applicant", True),
        (6, "applicant", True),
        (7, "applicant", True),
        (8, "applicant", False),
        (9, "applicant", False),
        (10, "applicant", False),
    ]


def test_photo_signature_and_passport_are_one_jpg_each():
    assert [kind.number for kind in CATALOGUE if kind.single_picture] == [8, 9, 10]
    assert {kind.formats for kind in CATALOGUE[7:]} == {("JPEG",)}
    assert {kind.formats for kind in CATALOGUE[:7]} == {("JPEG", "PNG")}
    assert get(8).pixels == (550, 733)
    assert get(9).pixels == (550, 280)
    assert get(10).below_bytes == 1_048_576


@pytest.mark.parametrize("number", [0, 11, -1])
def test_a_number_outside_the_annex_is_said_to_be_unknown(number):
    with pytest.raises(UnknownMaterial, match="1至10"):
        get(number)


def test_what_an_enterprise_writes_itself_is_written_here_and_fetched_from_no_other_site() -> None:
    written = [kind for kind in CATALOGUE if kind.is_written]
    assert [kind.number for kind in written] == [1, 4]
    for kind in written:
        assert "用门户的“函件”写" in kind.hint
    for kind in CATALOGUE:
        assert ".cn" not in f"{kind.rule}{kind.hint}{kind.shelf_hint}"
