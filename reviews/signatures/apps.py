from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "reviews.signatures"
    verbose_name = "签名与证书"
    audit_labels = {
        "certificate.issue": "签发证书",
        "certificate.import": "导入证书",
        "certificate.revoke": "吊销证书",
        "certificate.seal": "登记印章图片",
        "certificate.seal_remove": "删除印章图片",
    }
