from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "imports"
    verbose_name = "表格导入"
    personal_data = "imports.personal_data.REGISTER"
    audit_labels = {
        "import.stage": "上传要导入的表格",
        "import.map": "核对导入的列名",
        "import.write": "写入导入的内容",
        "import.undo": "撤销导入",
        "import.drop": "放弃导入",
        "import.problems": "下载带问题列的表",
    }
    audit_keys = {
        "kind": "内容",
        "rows": "行数",
        "columns": "列",
        "new": "新增",
        "changed": "更改",
        "kept": "撤销时保留的行",
    }
    # Staging and remembering; no record speaks of them.
    unrecorded = ("ImportRow", "ImportTitle", "ImportMapping")
