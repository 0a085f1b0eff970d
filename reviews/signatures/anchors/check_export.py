#!/usr/bin/env python3
"""核对导出的审计记录：python3 check_export.py [文件夹]。只用Python自带的库和openssl，不需要门户。

Standard library and openssl alone: it goes along with every export, and is read by strangers.
Exit 0: everything holds; 1: something was changed; 2: it could not be checked.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def check(folder: Path) -> dict[str, Any]:
    """Recompute every seal from the rows, and hold the seals to the signed anchors."""
    told = json.loads((folder / "seals.json").read_text("utf-8"))
    wrong, digests = [], {}
    previous = told["digest_before"]
    with (folder / "rows.jsonl").open("rb") as rows:
        for seal in told["seals"]:
            digest, numbers = hashlib.sha256(previous.encode()), []
            for _ in range(seal["rows"]):
                line = rows.readline()
                digest.update(line)
                numbers.append(json.loads(line)[0] if line.strip() else None)
            found = (numbers[:1] + numbers[-1:], digest.hexdigest())
            if found != ([seal["first_row"], seal["last_row"]], seal["digest_sha256"]):
                wrong.append(f"第{seal['seal']}号封存与记录不符")
            previous = seal["digest_sha256"]
            digests[seal["seal"]] = (seal["digest_sha256"], seal["last_row"])
        if rows.read(1):
            wrong.append("有没有封存的记录")
    anchored = []
    for path in sorted((folder / "anchors").glob("*.p7m")):
        anchor = signed(folder, path)
        if anchor is None:
            wrong.append(f"{path.name}的签名不符")
        elif digests.get(anchor["seal"]) not in (
            None,
            (anchor["digest_sha256"], anchor["last_row"]),
        ):
            wrong.append(f"{path.name}与第{anchor['seal']}号封存不符")
        elif anchor["seal"] in digests:
            anchored.append(anchor)
    last = told["seals"][-1]["seal"] if told["seals"] else 0
    return {
        "good": not wrong,
        "seals": len(digests),
        "rows": sum(seal["rows"] for seal in told["seals"]),
        "anchored": any(anchor["seal"] == last for anchor in anchored),
        "anchors": len(anchored),
        "wrong": wrong,
    }


def signed(folder: Path, path: Path) -> "dict[str, Any] | None":
    """What the anchor says, where one of the station's roots stands behind its signature."""
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(path)]
    # Certificates end; what was signed with one while it was good stays signed.
    trust = ["-CAfile", str(folder / "roots.pem"), "-purpose", "any", "-no_check_time"]
    done = subprocess.run([*command, *trust], capture_output=True, check=False)  # noqa: S603
    return json.loads(done.stdout) if done.returncode == 0 else None


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        answer = check(folder)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        answer = {"good": False, "error": f"核对不了：{type(error).__name__}"}
    plain = "utf" in (sys.stdout.encoding or "").lower()
    sys.stdout.write(json.dumps(answer, ensure_ascii=not plain) + "\n")
    return 2 if "error" in answer else 0 if answer["good"] else 1


if __name__ == "__main__":
    sys.exit(main())
