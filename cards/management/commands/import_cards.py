"""`manage.py import_cards FILE [--dry-run] [--undo BATCH]`: cards from a spreadsheet, as JSON."""

from imports.import_command import ImportCommand


class Command(ImportCommand):
    help = "导入商务旅行卡的表格（xlsx或csv），输出一个JSON对象。"
    usage = "import_cards FILE [--dry-run]；import_cards --undo BATCH；import_cards --template FILE"
    code = "cards"
