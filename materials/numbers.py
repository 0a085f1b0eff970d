"""The numbers of Annex 3: one name for each material, wherever code means that material."""

from enum import IntEnum


class MaterialNumber(IntEnum):
    """The ten of Annex 3; and 0, the typed facts, which are read and corrected like a material."""

    FACTS = 0
    LETTER = 1
    LICENCE = 2
    TAX_PROOF = 3
    COMMITMENT = 4
    DEALINGS = 5
    CRIMINAL_RECORD = 6
    INSURANCE = 7
    PHOTO = 8
    SIGNATURE = 9
    PASSPORT = 10
