"""What the index of this room holds of people."""

from core.personal_data import HELPING, DataRegister, DataSubject, HeldData

REGISTER = DataRegister(
    held=(
        HeldData(
            model="finding.IndexEntry",
            whose=(DataSubject.APPLICANT, DataSubject.HOLDER, DataSubject.AGENT),
            purpose=HELPING,
            personal="words initials numbers",
            plain="kind object_id",
            words={
                "words": "查找用的姓名、名称",
                "initials": "姓名、名称的拼音首字母",
                "numbers": "号码的散列（查不回原号码）",
            },
        ),
    ),
)
