"""What enterprises, hand-overs and the demand ledger hold of people."""

from core.personal_data import ACTING, ANSWERING, HELPING, DataRegister, DataSubject, HeldData

AGENT = (DataSubject.AGENT,)
PAGE = "position warnings superseded_at"

REGISTER = DataRegister(
    held=(
        HeldData(
            model="enterprises.Enterprise",
            whose=AGENT,
            purpose=ACTING,
            personal="contact_name contact_phone",
            plain="name credit_code kind registration_authority address status refusal_reason"
            " decided_at created_at waiting_since due_days due_at licence_wanted_since released_at"
            " suspended_from suspended_until suspension_reason version",
        ),
        HeldData(
            model="enterprises.StandingPage",
            whose=(DataSubject.AGENT, DataSubject.APPLICANT),
            purpose=HELPING,
            personal="file",
            plain=PAGE,
            words={"file": "公函、营业执照、纳税证明、承诺书的图片（有法定代表人、申请人姓名）"},
        ),
        HeldData(
            model="enterprises.HandOver",
            whose=AGENT,
            purpose=ACTING,
            personal="name email phone reason objection",
            plain="asked_at takes_effect_at outcome ended_at",
        ),
        HeldData(
            model="enterprises.ProofPage",
            whose=AGENT,
            purpose=ACTING,
            personal="file",
            plain=PAGE,
            words={"file": "经办移交的授权文件"},
        ),
        HeldData(
            model="enterprises.Demand",
            whose=AGENT,
            purpose=ANSWERING,
            personal="contact_name contact_position contact_phone",
            plain="name name_core short_name former_names credit_code kind trade town address"
            " economies intended_number source source_note stage not_needed_reason is_qualified"
            " is_key is_pilot next_step next_on queue_on in_group_since told_at applied_at held_at"
            " heard_at added_at nonce version",
        ),
        HeldData(
            model="enterprises.Contact",
            whose=(DataSubject.AGENT, DataSubject.STAFF),
            purpose=ANSWERING,
            personal="author_name words",
            plain="kind at recorded_at is_telling nonce",
        ),
    ),
    none="enterprises.EnterpriseAgent enterprises.StandingDocument enterprises.DemandChange"
    " enterprises.SavedFilter",
)
