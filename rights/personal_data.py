"""What the requests themselves hold of people."""

from core.personal_data import DataPurpose, DataRegister, DataSubject, Ground, HeldData, Keep

ASKING = DataPurpose("受理、答复本人的请求，留下答复的凭据", Ground.DUTY, Keep.ACCOUNT)
WHOSE = (DataSubject.APPLICANT, DataSubject.AGENT, DataSubject.STAFF)

REGISTER = DataRegister(
    held=(
        HeldData(
            model="rights.RightsRequest",
            whose=WHOSE,
            purpose=ASKING,
            personal="words seen answer",
            plain="kind way state asked_at due_on plan answered_at nonce version",
        ),
        HeldData(
            model="rights.RightsLink",
            whose=(DataSubject.APPLICANT,),
            purpose=ASKING,
            personal="token_hash",
            plain="created_at expires_at wrong_count revoked_at",
            words={"token_hash": "个人信息请求链接的散列"},
        ),
    ),
    none="rights.RequestEvent rights.Tombstone",
)
