"""What stored files hold of people: they belong to the row that refers to them."""

from core.personal_data import HELPING, DataRegister, DataSubject, HeldData

REGISTER = DataRegister(
    held=(
        HeldData(
            model="files.StoredFile",
            whose=(DataSubject.APPLICANT, DataSubject.HOLDER),
            purpose=HELPING,
            personal="content original_name sha256",
            plain="size media_type width height created_at",
            sensitive="content",
            words={
                "content": "上传的图片和文件（随所属的材料保存和删除）",
                "sha256": "文件的校验值",
            },
        ),
        HeldData(
            model="files.Recognition",
            whose=(DataSubject.APPLICANT,),
            purpose=HELPING,
            personal="data file",
            plain="kind state attempts next_attempt_at told_at taken_at turn done_at last_error"
            " confirmed_at checked_at",
            sensitive="data file",
            words={"data": "机器从护照、照片读出的内容", "file": "读的是哪张图片"},
        ),
    ),
)
