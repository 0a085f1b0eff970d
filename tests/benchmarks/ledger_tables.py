"""The ledger's import, undo and export, each a process of its own, at 20,000 rows."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

from enterprises.ledger.import_columns import COLUMNS
from imports.limits import MOST_ROWS
from tests.benchmarks.table import Measure, seconds
from tests.factories import UserFactory, organisation_code

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS, MOST_MB = 120, 300
TRADES = ("农产品", "机械", "电子", "建材", "纺织")
FIRST, LAST = "恒瑞泰丰嘉祥盛源宏达华茂", "商工贸农科机电材纺运"


def measure() -> list[Measure]:
    UserFactory.create(officer=True, name="李样例")
    measures = []
    with tempfile.TemporaryDirectory() as folder:
        file, back = Path(folder, "台账.xlsx"), Path(folder, "导出.xlsx")
        write_table(file, town="样例街道")
        made, found = cost_of("import_ledger", str(file))
        measures += lines("导入两万行", made, found)
        write_table(file, town="样例镇")
        made, _ = cost_of("import_ledger", str(file), "--as-new")
        measures += lines("导入两万行，全部是更改", made, _)
        made, _ = cost_of("import_ledger", "--undo", str(_["batch"]))
        measures += lines("撤销两万行更改", made, _)
        made, _ = cost_of("export_ledger", str(back))
        measures += lines("导出两万行", made, _)
        made, _ = cost_of("import_ledger", str(back), "--dry-run")
        measures += lines("导出的表再导入，只检查", made, _)
        made, _ = cost_of("import_ledger", "--undo", str(found["batch"]))
        measures += lines("撤销两万行新增", made, _)
    return measures


def lines(what: str, made: tuple[float, float, float], answer: dict[str, object]) -> list[Measure]:
    counts = {name: value for name, value in answer.items() if isinstance(value, int)}
    return [
        Measure(what, made[0], MOST_SECONDS, "秒", f"计算{made[2]:.0f}秒；{counts}"),
        Measure(f"{what}：内存", made[1], MOST_MB, "MB"),
    ]


def cost_of(*arguments: str) -> tuple[tuple[float, float, float], dict[str, object]]:
    """Seconds, most memory and seconds of computing of a command of its own, and its answer.

    The memory is the largest of all such processes so far: each line is an upper bound.
    """
    found: list[subprocess.CompletedProcess[bytes]] = []
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    took = seconds(lambda: found.append(subprocess.run(command, capture_output=True, check=False)))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    computed = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    peak = used.ru_maxrss / 1024
    if not found[0].stdout:
        raise RuntimeError(found[0].stderr.decode()[-2000:])
    return (took, peak, computed), json.loads(found[0].stdout)


def write_table(path: Path, *, town: str) -> None:
    """Every column filled; every second row has a contact."""
    heads = [column.label for column in COLUMNS]
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, heads)
        for number in range(MOST_ROWS):
            cells = row_of(number, town)
            sheet.write_row(number + 1, 0, [cells.get(head, "") for head in heads])


def row_of(number: int, town: str) -> dict[str, str]:
    own = "".join(FIRST[number // 12**place % 12] for place in range(4))
    name = f"重庆市万州区{own}{LAST[number % 10]}{TRADES[number % 5]}有限公司"
    said = {
        "联系时间": "2026-03-02 14:30", "方式": "电话", "内容": f"第{number}次介绍办卡条件",
        "联系人员": "王样例", "宣传了政策": "是",
    }  # fmt: skip
    return {
        "单位名称": name, "简称": f"{own}{LAST[number % 10]}", "统一社会信用代码": code_of(number),
        "企业类型": "非公有制企业", "行业": TRADES[number % 5], "镇街": town, "地址": "样例路1号",
        "往来经济体": "日本、韩国", "拟办人数": "3", "来源": "部门名单", "阶段": "有意向",
        "是否符合条件": "是", "重点企业": "否", "下一步": "再打电话", "下一步日期": "2026-12-10",
        "负责人": "李样例", "入群日期": "2026-03-02", "联系人": f"张样{own[:1]}", "职务": "主管",
        "电话": f"1380000{number:05d}"[:11], **(said if number % 2 else {}),
    }  # fmt: skip


def code_of(number: int) -> str:
    start = f"91500101{organisation_code(f'{number + 1:08d}')}"
    return start + uscc.calc_check_digit(start)
