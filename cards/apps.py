from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "cards"
    verbose_name = "国家系统填报与商务旅行卡"
    audit_labels = {
        "package.download": "下载国家系统材料包",
    }
