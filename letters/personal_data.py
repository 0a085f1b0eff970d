"""What letters hold of the people whom they name."""

from core.personal_data import HELPING, DataRegister, DataSubject, HeldData

REGISTER = DataRegister(
    held=(
        HeldData(
            model="letters.WrittenLetter",
            whose=(DataSubject.APPLICANT, DataSubject.AGENT),
            purpose=HELPING,
            personal="values body person_line",
            plain="code nonce created_at changed_at version",
            words={
                "values": "填在函里的内容",
                "body": "函的正文",
                "person_line": "函里写到申请人的一行",
            },
        ),
        HeldData(
            model="letters.LetterTemplate",
            whose=(DataSubject.STAFF,),
            purpose=HELPING,
            personal="file",
            plain="code version fields note created_at",
            words={"file": "函件模板（Word文件可能带作者姓名）"},
        ),
    ),
    none="letters.LetterPerson",
)
