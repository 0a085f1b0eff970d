"""What review tables, opinions and the people who sign them leave."""

from core.personal_data import REVIEWING, WORK, DataRegister, DataSubject, HeldData

APPLICANT = (DataSubject.APPLICANT,)
STAFF = (DataSubject.STAFF,)

REGISTER = DataRegister(
    held=(
        HeldData(
            model="signatures.Certificate",
            whose=STAFF,
            purpose=WORK,
            personal="common_name seal_image",
            plain="kind serial not_before not_after certificate_pem chain_pem keystore revoked_at"
            " revoked_reason superseded_at created_at",
            words={"common_name": "证书上的名称", "seal_image": "印章图样"},
        ),
        HeldData(
            model="reviews.ReviewTable",
            whose=APPLICANT,
            purpose=REVIEWING,
            personal="facts",
            plain="number round verification_code status boxes circulated_at department_days"
            " whole_days due_at due_moved_at concluded_at voided_at void_cause void_reason",
            words={"facts": "审核表的基本信息：单位、联系人、姓名、职务、身份证号码、电话"},
        ),
        HeldData(
            model="reviews.Opinion",
            whose=APPLICANT,
            purpose=REVIEWING,
            personal="answers words conclusion",
            plain="due_at due_moved_at drafted_at lapsed_at signed_at responded_at stamped_on"
            " version",
            sensitive="answers words",
            words={
                "answers": "部门填写的情况（纳税、社保、犯罪记录的结论）",
                "words": "部门的办理意见",
                "conclusion": "部门的结论",
            },
        ),
        HeldData(
            model="reviews.Pause",
            whose=APPLICANT,
            purpose=REVIEWING,
            personal="reason",
            plain="started_at ended_at",
            words={"reason": "要求补充材料的内容"},
        ),
        HeldData(
            model="reviews.Revision",
            whose=APPLICANT,
            purpose=REVIEWING,
            personal="file",
            plain="sequence sha256 created_at",
            sensitive="file",
            words={"file": "签署过的审核表（PDF）"},
        ),
        HeldData(
            model="reviews.WetScanPage",
            whose=APPLICANT,
            purpose=REVIEWING,
            personal="file",
            plain="position",
            sensitive="file",
            words={"file": "盖章的审核表扫描件"},
        ),
        HeldData(
            model="reviews.Leave",
            whose=STAFF,
            purpose=WORK,
            personal="first_day last_day",
            plain="created_at cancelled_at",
            words={"first_day": "休假的第一天", "last_day": "休假的最后一天"},
        ),
        HeldData(
            model="reviews.AssignmentChange",
            whose=STAFF,
            purpose=WORK,
            personal="reason",
            plain="why at",
            words={"reason": "换人办理的原因"},
        ),
        HeldData(
            model="reviews.CalendarToken",
            whose=STAFF,
            purpose=WORK,
            personal="token_hash",
            plain="created_at",
            words={"token_hash": "日历订阅地址的散列"},
        ),
        HeldData(
            model="reviews.Reminder",
            whose=STAFF,
            purpose=WORK,
            personal="told",
            plain="kind moment created_at sent_at dropped_at",
            words={"told": "提醒了谁"},
        ),
    ),
    none="reviews.NumberSequence reviews.ClosedMonth reviews.MonthTimes reviews.Phrase"
    " reviews.WetScan reviews.Pause_going_on",
)
