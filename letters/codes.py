"""Codes of the kinds of letter, as rows keep them."""

from django.db.models import TextChoices


class LetterCode(TextChoices):
    APPLICATION = "application", "申请公函"
    PROFILE = "profile", "公司简介"
    COMMITMENT = "commitment", "企业责任承诺书"
    RULES = "rules", "APEC商务旅行卡管理办法"
    AUTHORISATION = "authorisation", "经办人授权书"
    REPLACE = "replace", "换卡情况说明"
    REISSUE = "reissue", "补卡情况说明"
    EARLY_PRINT = "early_print", "提前制卡申请"
    CANCEL = "cancel", "注销申请"
    INSURANCE = "insurance", "代缴社保说明"
    RECEIPT = "receipt", "受理回执"
