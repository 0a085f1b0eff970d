from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "rights"
    verbose_name = "个人信息"
    personal_data = "rights.personal_data.REGISTER"
    audit_labels = {
        "personal_data.export": "导出个人信息登记册",
        "personal_data.assess": "下载影响评估报告",
        "personal_data.incident": "下载安全事件报告",
        "rights.ask": "提出个人信息请求",
        "rights.answer": "答复个人信息请求",
        "rights.refuse": "个人信息请求不予办理",
        "rights.prepare": "做出删除方案",
        "rights.send_back": "退回删除方案",
        "rights.delete": "复核同意，删除个人信息",
        "rights.copy": "下载本人个人信息的副本",
        "rights.letter": "下载个人信息请求答复书",
        "rights.send_link": "发出个人信息请求的链接",
        "rights.confirm": "申请人打开个人信息请求的链接并核对身份",
    }
    audit_keys = {"form": "文件格式", "entries": "文件数"}
