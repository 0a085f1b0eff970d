from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "工作台"
    personal_data = "reports.personal_data.REGISTER"
    beside_a_case = "reports.case.pages.beside_a_case"
    case_pages = "reports.case.pages.pages_of"
    audit_labels = {
        "stage_report.ask": "统计工作报告",
        "stage_report.write": "写工作报告的补充说明",
        "stage_report.download": "下载工作报告",
        "stage_report.yearly": "下载年度情况表",
        "export.download": "导出表格",
        "dossier.download": "下载企业申办档案",
        "case_archive.make": "生成归档信息包",
        "case_archive.ask_year": "生成一年的归档信息包",
        "case_archive.download_year": "下载一年的归档信息包",
    }
    audit_keys = {
        "period": "时间段",
        "parts": "写了哪些部分",
        "form": "文件格式",
        "rows": "行数",
        "list": "名单",
        "narrowed": "筛选条件",
        "year": "年份",
        "result": "结论",
    }
