from django.apps import AppConfig


class BackupsConfig(AppConfig):
    name = "backups"
    verbose_name = "备份"
    personal_data = "backups.personal_data.REGISTER"
    health_signs = "backups.health.signs"
    audit_labels = {"backup.returned": "从备份恢复", "backup.moved": "搬移数据库"}
    audit_keys = {"snapshot": "备份编号", "made_at": "备份时间"}
    # What a backup and a drill came to; the trail speaks of what they bring back.
    unrecorded = ("BackupRun",)
