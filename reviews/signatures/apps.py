from django.apps import AppConfig


class SignaturesConfig(AppConfig):
    name = "reviews.signatures"
    verbose_name = "签名与证书"
    audit_proofs = "reviews.signatures.anchors.checking.told_of_anchors"
    audit_labels = {
        "audit.anchor": "锚定审计记录",
        "audit.export_period": "导出一段时间的审计记录和证明",
        "certificate.issue": "签发证书",
        "certificate.import": "导入证书",
        "certificate.revoke": "吊销证书",
        "certificate.seal": "登记印章图片",
        "certificate.seal_remove": "删除印章图片",
    }
