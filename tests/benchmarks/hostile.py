"""What each hostile, broken or odd file costs, each in a process of its own, and its refusal.

The material is number 5, which takes any picture and turns a PDF or a HEIC photo into pages: the
way on which most happens to a file. What is as large as may be is measured as well.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.benchmarks.table import Measure
from tests.files.hostile import HOSTILE, LARGE, NAME

ROOT = Path(__file__).resolve().parents[2]
MATERIAL = 5
MOST_SECONDS, MOST_MB = 2, 300


def measure() -> list[Measure]:
    files = {kind: (trick.name, trick.make) for kind, trick in HOSTILE.items()}
    files |= {kind: (NAME, make) for kind, make in LARGE.items()}
    measures = []
    for kind, (name, make) in files.items():
        cost = probe(name, make())
        answer = "、".join(cost["codes"]) or f"收下{cost['taken']}页"
        measures += [
            Measure(f"{kind}：处理器时间", cost["seconds"], MOST_SECONDS, "秒", answer),
            Measure(f"{kind}：内存最高", cost["megabytes"], MOST_MB, "MB", answer),
        ]
    return measures


def probe(name: str, data: bytes, number: int = MATERIAL) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.hostile_probe", name, str(number)]
    finished = subprocess.run(
        command, input=data, capture_output=True, check=True, cwd=ROOT, timeout=120
    )
    cost: dict[str, Any] = json.loads(finished.stdout)
    return cost
