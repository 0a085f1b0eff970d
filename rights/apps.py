from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "rights"
    verbose_name = "个人信息"
    personal_data = "rights.personal_data.REGISTER"
    audit_labels = {
        "personal_data.export": "导出个人信息登记册",
    }
    audit_keys = {"form": "文件格式"}
