"""What messages hold of people."""

from core.personal_data import TELLING, DataRegister, DataSubject, HeldData

REGISTER = DataRegister(
    held=(
        HeldData(
            model="notices.Notice",
            whose=(DataSubject.AGENT, DataSubject.STAFF, DataSubject.APPLICANT),
            purpose=TELLING,
            personal="address subject body short about",
            plain="cause kind condition pictures path action_label created_at read_at forget_at",
            words={
                "address": "收件邮箱",
                "subject": "通知的标题",
                "body": "通知的正文（可能有姓名）",
                "short": "短信的文字",
                "about": "通知说的是哪一件",
            },
        ),
    ),
    none="notices.Preferences notices.WecomRobot notices.ChannelHealth notices.BeatLease"
    " notices.BeatRun notices.Heartbeat notices.Delivery",
)
