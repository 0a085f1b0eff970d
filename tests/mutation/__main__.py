"""What `script/mutate` runs: mutants drawn at random over the rules, and how many are noticed.

Each mutant is one changed place in a scratch copy of the tree; its rule's tests (`rules.py`) run
on a PostgreSQL and a Redis of the run's own and must fail. The same seed on the same tree draws the
same mutants.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutation.operators import Mutant, mutants_of
from tests.mutation.rules import RULES, Rule
from tests.run import ROOT, TEMPLATE, make_template
from tests.temporary_services import ServiceMissingError, postgresql, redis_server

SECONDS = 300
# As found in the checkout: what is not under version control there is not part of the code.
BESIDE = (".venv", "node_modules", "static/build")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--sample", type=int, default=40, help="how many mutants")
    parser.add_argument("--rule", action="append", choices=sorted(RULES), help="only this rule")
    parser.add_argument("--green", action="store_true", help="the tests are known to pass")
    parser.add_argument("--list", action="store_true", help="draw and print, run nothing")
    chosen = parser.parse_args(arguments)
    drawn = list(draw(chosen.seed, chosen.sample, chosen.rule or sorted(RULES)))
    print(f"seed {chosen.seed}, {len(drawn)} mutants", flush=True)
    if chosen.list:
        print(*(describe(mutant) for _, mutant in drawn), sep="\n")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="portal-mutants-") as folder:
            noticed = run(drawn, Path(folder), is_green=chosen.green)
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"noticed {noticed} of {len(drawn)}: {noticed / max(len(drawn), 1):.0%}")
    return 0


def draw(seed: int, sample: int, names: list[str]) -> Iterator[tuple[Rule, Mutant]]:
    """Mutants in the order drawn, from one rule after another until there are enough."""
    lots = random.Random(seed)
    decks = {name: lots.sample(deck, len(deck)) for name in names if (deck := deck_of(RULES[name]))}
    left = sample
    while left > 0 and decks:
        for name in lots.sample(sorted(decks), min(left, len(decks))):
            yield RULES[name], decks[name].pop()
            left -= 1
            if not decks[name]:
                del decks[name]


def deck_of(rule: Rule) -> list[Mutant]:
    return [
        mutant for path in rule.modules for mutant in mutants_of(path, (ROOT / path).read_bytes())
    ]


def run(drawn: list[tuple[Rule, Mutant]], scratch: Path, *, is_green: bool) -> int:
    """Print a line for each mutant; return how many were noticed."""
    copy_tree(scratch)
    noticed = 0
    with postgresql() as database_server, redis_server() as queue_server:
        services = {
            "DATABASE_URL": f"{database_server}/{TEMPLATE}",
            "REDIS_URL": f"{queue_server}/0",
            "TEST_TEMPLATE": TEMPLATE,
        }
        make_template(services)
        # Where a test fails without any mutant, every mutant would seem noticed.
        paths = dict.fromkeys(path for rule, _ in drawn for path in rule.tests)
        if not is_green and run_tests(paths, scratch, services, seconds=20 * SECONDS) != 0:
            raise ServiceMissingError("These tests fail already: script/test " + " ".join(paths))
        for number, (rule, mutant) in enumerate(drawn, start=1):
            outcome = judge(rule, mutant, scratch, services)
            noticed += outcome != "SURVIVED"
            print(f"{number:3} {outcome:8} {describe(mutant)}", flush=True)
    return noticed


def judge(rule: Rule, mutant: Mutant, scratch: Path, services: dict[str, str]) -> str:
    target = scratch / mutant.path
    source = target.read_bytes()
    target.write_bytes(mutant.applied_to(source))
    try:
        code = run_tests(rule.tests, scratch, services, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        target.write_bytes(source)
    return "noticed" if code else "SURVIVED"


def run_tests(
    paths: Iterable[str], scratch: Path, services: dict[str, str], *, seconds: int
) -> int:
    """pytest's exit code; the first failure ends it."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, "-m", "not browser", *paths],
        cwd=scratch,
        env=os.environ | services,
        timeout=seconds,
        capture_output=True,
        check=False,
    ).returncode


def copy_tree(scratch: Path) -> None:
    """The files under version control as they stand, changed or not, and links to the rest."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (scratch / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, scratch / name)
    for name in BESIDE:
        if not (scratch / name).exists():
            (scratch / name).symlink_to((ROOT / name).resolve())


def describe(mutant: Mutant) -> str:
    after = " ".join(mutant.after.split()) or "(nothing)"
    before = " ".join(mutant.before.split())
    return f"{mutant.path}:{mutant.line}  {before[:70]} → {after[:70]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
