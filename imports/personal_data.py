"""What imported sheets hold of people: contacts of the ledger and holders of cards."""

from core.personal_data import CARD_USE, DataRegister, DataSubject, HeldData

PEOPLE = (DataSubject.AGENT, DataSubject.HOLDER)

REGISTER = DataRegister(
    held=(
        HeldData(
            model="imports.ImportRow",
            whose=PEOPLE,
            purpose=CARD_USE,
            personal="raw before after problems",
            plain="line outcome candidates answer target undone_at",
            words={
                "raw": "表格里这一行的内容",
                "before": "导入以前的内容",
                "after": "导入以后的内容",
                "problems": "这一行的问题",
            },
        ),
        HeldData(
            model="imports.ImportTitle",
            whose=PEOPLE,
            purpose=CARD_USE,
            personal="cells",
            plain="line",
            words={"cells": "表头以上的文字"},
        ),
    ),
    none="imports.ImportBatch imports.ImportMapping",
)
