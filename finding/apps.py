from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "finding"
    verbose_name = "查找"
    personal_data = "finding.personal_data.REGISTER"
    # Machinery: no record of the audit trail speaks of it.
    unrecorded = ("IndexEntry",)
