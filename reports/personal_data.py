"""Reports count; they hold nothing of a person but who asked for them."""

from core.personal_data import HELPING, DataRegister, DataSubject, HeldData

REGISTER = DataRegister(
    held=(
        HeldData(
            model="reports.ArchivedCase",
            whose=(DataSubject.APPLICANT,),
            purpose=HELPING,
            personal="file_name content",
            plain="size sha256 sm3 is_good words",
            words={"file_name": "归档信息包的文件名（有姓名）"},
        ),
    ),
    none="reports.StageReport reports.ArchiveYear",
)
