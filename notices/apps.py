from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "通知"
    personal_data = "notices.personal_data.REGISTER"
    unrecorded = ("BeatLease", "Heartbeat", "ChannelHealth")
    beside_the_person = "notices.context.beside_the_person"
    audit_subjects = "notices.audit_subjects.subjects"
    audit_labels = {
        "notice.preferences": "修改通知方式",
        "notice.robot": "登记或修改企业微信群机器人",
        "notice.retry": "重新发送失败的消息",
    }
