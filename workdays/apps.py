from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "workdays"
    verbose_name = "工作日历"
    personal_data = "workdays.personal_data.REGISTER"
    audit_labels = {
        "calendar.import": "录入节假日安排",
        "calendar.close": "登记本站休息日",
        "calendar.reopen": "取消本站休息日",
        "calendar.recompute": "重算在办时限",
    }
    audit_keys = {"due_at": "时限"}
