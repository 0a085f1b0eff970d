"""Numbers of the materials: Annex 3's ten, and those that later services ask for."""

from enum import IntEnum


class MaterialNumber(IntEnum):
    """The ten of Annex 3; 0, the typed facts, which are read and corrected like a material; and
    from 12 on what 换卡, 补卡 and the other services ask for besides. 11 is the signed table.
    """

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
    CARD_FRONT = 12
    CARD_BACK = 13
    STATEMENT = 14
    OLD_PASSPORT = 15
    LOSS_PROOF = 16
    EARLY_PRINT_REQUEST = 17
    CANCEL_REQUEST = 18


# Under it the signed review table stands in the package and in the national system's list.
TABLE_NUMBER = 11
