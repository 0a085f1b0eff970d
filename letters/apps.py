from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "letters"
    verbose_name = "函件"
    personal_data = "letters.personal_data.REGISTER"
    station_parts = ("letters.station.TemplatesPart",)
    audit_subjects = "letters.audit_subjects.subjects"
    audit_labels = {
        "written_letter.begin": "起草函件",
        "written_letter.save": "修改函件",
        "written_letter.delete": "删除函件草稿",
        "written_letter.download": "下载函件（含完整号码）",
        "written_letter.receipt": "下载受理回执",
        "letter_template.replace": "更换函件模板",
        "letter_template.restore": "换回以前的函件模板",
    }
    audit_keys = {
        "letter": "函件",
        "applicants": "写明的申请人",
        "format": "格式",
        "version": "版本",
    }
