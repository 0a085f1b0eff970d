"""What applicants, their cases, materials and consents hold of them."""

from core.personal_data import HELPING, PROVING_CONSENT, DataRegister, DataSubject, HeldData

APPLICANT = (DataSubject.APPLICANT,)
PAGE = "position warnings superseded_at"

REGISTER = DataRegister(
    held=(
        HeldData(
            model="applications.Applicant",
            whose=APPLICANT,
            purpose=HELPING,
            personal="name surname given_names post id_number id_number_hash phone passport_number"
            " passport_expires_on",
            plain="created_at version",
            words={"id_number_hash": "身份证号码的散列（查重用）"},
        ),
        HeldData(
            model="applications.Application",
            whose=APPLICANT,
            purpose=HELPING,
            personal="afterwards_words",
            plain="kind cause needs_table status status_since due_days due_at"
            " consented_processing_at consented_sharing_at submitted_at created_at afterwards",
            words={"afterwards_words": "办完以后的说明"},
        ),
        HeldData(
            model="applications.StatusChange",
            whose=APPLICANT,
            purpose=HELPING,
            personal="reason",
            plain="action from_status to_status at answer_by",
            words={"reason": "退回、不予办理、撤回的原因"},
        ),
        HeldData(
            model="applications.Consent",
            whose=APPLICANT,
            purpose=PROVING_CONSENT,
            personal="person words origin",
            plain="way given_at superseded_at",
        ),
        HeldData(
            model="applications.ConsentLink",
            whose=APPLICANT,
            purpose=PROVING_CONSENT,
            personal="token_hash",
            plain="created_at expires_at wrong_count revoked_at",
            words={"token_hash": "发给本人的链接的散列"},
        ),
        HeldData(
            model="applications.ConsentPage",
            whose=APPLICANT,
            purpose=PROVING_CONSENT,
            personal="file",
            plain=PAGE,
            words={"file": "本人签字的授权书"},
        ),
        HeldData(
            model="applications.Correction",
            whose=APPLICANT,
            purpose=HELPING,
            personal="words answer",
            plain="number mend example pictures created_at sent_at replaced_at resolved_at"
            " is_dropped",
            words={"words": "要补正的问题", "answer": "企业的回复"},
        ),
        HeldData(
            model="applications.Material",
            whose=APPLICANT,
            purpose=HELPING,
            personal="facts",
            plain="number by_review_table",
            sensitive="facts",
            words={"facts": "材料写明的内容（社保起始、证明日期等）"},
        ),
        HeldData(
            model="applications.MaterialPage",
            whose=APPLICANT,
            purpose=HELPING,
            personal="file original",
            plain=PAGE,
            sensitive="file original",
            words={
                "file": "材料的图片：护照、照片、签名、无犯罪记录、社保等",
                "original": "裁剪以前的原图",
            },
        ),
        HeldData(
            model="applications.ProposedPassport",
            whose=APPLICANT,
            purpose=HELPING,
            personal="file",
            plain=PAGE,
            sensitive="file",
            words={"file": "先上传的护照图片"},
        ),
        HeldData(
            model="applications.Repair",
            whose=APPLICANT,
            purpose=HELPING,
            personal="original proposal",
            plain="number state problems warnings created_at",
            sensitive="original proposal",
            words={"original": "没有通过的照片、签名", "proposal": "自动裁剪的图片"},
        ),
    ),
    none="applications.ReturnReason applications.SheetReading applications.NamedApplicant",
)
