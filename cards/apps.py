from django.apps import AppConfig

from cards.audit_labels import (
    DUTY,
    DUTY_KEYS,
    FILING,
    FILING_KEYS,
    FOLLOWUP,
    HOLDING,
    HOLDING_KEYS,
    RENEWALS,
    RENEWALS_KEYS,
)


class CardsConfig(AppConfig):
    name = "cards"
    verbose_name = "国家系统填报与商务旅行卡"
    personal_data = "cards.personal_data.REGISTER"
    station_parts = ("cards.duty.station.TextsPart",)
    application_follower = "cards.renewals.following.follow"
    why_not_new_application = "cards.renewals.following.why_not_new"
    audit_subjects = "cards.audit_subjects.subjects"
    audit_labels = {**FILING, **HOLDING, **RENEWALS, **DUTY, **FOLLOWUP}
    audit_keys = {**FILING_KEYS, **HOLDING_KEYS, **RENEWALS_KEYS, **DUTY_KEYS}
    import_kinds = ("cards.holding.importing.CardImport",)
    calendar_days = "cards.holding.calendar.calendar_days"
