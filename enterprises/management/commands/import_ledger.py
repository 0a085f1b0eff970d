"""`manage.py import_ledger FILE [--dry-run] [--undo BATCH]`: the ledger from a spreadsheet."""

from imports.import_command import ImportCommand


class Command(ImportCommand):
    help = "导入需求台账的表格（xlsx或csv），输出一个JSON对象；名称相近的列在asked里。"
    usage = (
        "import_ledger FILE [--dry-run] [--as-same|--as-new]；import_ledger --undo BATCH；"
        "import_ledger --template FILE"
    )
    code = "ledger"
