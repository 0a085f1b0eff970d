"""What `script/mutate` runs: mutants drawn at random over the rules, and how many are noticed.

Each mutant is one changed place in a scratch copy of the tree; its rule's tests (`rules.py`) run
on a PostgreSQL and a Redis of the run's own, until one fails that passes without the mutant. The
same seed on the same tree draws the same mutants. A mutant that runs out of time is counted apart:
it may loop for ever, or the machine may be busy.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.mutation.operators import Mutant, mutants_of
from tests.mutation.rules import RULES, Rule
from tests.run import ROOT, TEMPLATE, make_template
from tests.temporary_services import ServiceMissingError, postgresql, redis_server

SECONDS = 600
OPTIONS = ("-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-m", "not browser")
FAILURE = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
NOTICED, SURVIVED, TIMED_OUT, BROKEN = "noticed", "SURVIVED", "timeout", "broken"
# As found in the checkout: what is not under version control there is not part of the code.
BESIDE = (".venv", "node_modules", "static/build")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/mutate", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--sample", type=int, default=40, help="how many mutants")
    parser.add_argument("--rule", action="append", choices=sorted(RULES), help="only this rule")
    parser.add_argument("--list", action="store_true", help="draw and print, run nothing")
    chosen = parser.parse_args(arguments)
    drawn = list(draw(chosen.seed, chosen.sample, chosen.rule or sorted(RULES)))
    print(f"seed {chosen.seed}, {len(drawn)} mutants", flush=True)
    if chosen.list:
        print(*(describe(mutant) for _, mutant in drawn), sep="\n")
        return 0
    try:
        with tempfile.TemporaryDirectory(prefix="portal-mutants-") as folder:
            outcomes = run(drawn, Path(folder))
    except ServiceMissingError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    judged = outcomes[NOTICED] + outcomes[SURVIVED]
    print(f"noticed {outcomes[NOTICED]} of {judged}: {outcomes[NOTICED] / max(judged, 1):.0%}")
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


def run(drawn: list[tuple[Rule, Mutant]], scratch: Path) -> Counter[str]:
    """Print a line for each mutant; return how many there were of each outcome."""
    copy_tree(scratch)
    outcomes: Counter[str] = Counter()
    with postgresql() as database_server, redis_server() as queue_server:
        services = {
            "DATABASE_URL": f"{database_server}/{TEMPLATE}",
            "REDIS_URL": f"{queue_server}/0",
            "TEST_TEMPLATE": TEMPLATE,
        }
        make_template(services)
        sound: set[str] = set()
        for number, (rule, mutant) in enumerate(drawn, start=1):
            outcome, by = judge(rule, mutant, scratch, services, sound)
            outcomes[outcome] += 1
            print(f"{number:3} {outcome:8} {describe(mutant)}{by and f'  [{by}]'}", flush=True)
    return outcomes


def judge(
    rule: Rule, mutant: Mutant, scratch: Path, services: dict[str, str], sound: set[str]
) -> tuple[str, str]:
    """The outcome, and the test that failed; `sound` are tests known to pass without a mutant."""
    target = scratch / mutant.path
    source = target.read_bytes()
    target.write_bytes(mutant.applied_to(source))
    try:
        passed, failed = run_tests(rule.tests, scratch, services)
    except subprocess.TimeoutExpired:
        return TIMED_OUT, ""
    finally:
        target.write_bytes(source)
    if passed:
        return SURVIVED, ""
    # A test that fails on the whole tree as well has noticed nothing.
    if failed not in sound and not run_tests([failed or rule.tests[0]], scratch, services)[0]:
        return BROKEN, failed
    sound.add(failed)
    return NOTICED, failed


def run_tests(tests: Iterable[str], scratch: Path, services: dict[str, str]) -> tuple[bool, str]:
    """Whether all pass, and the first that did not; "" where not even that could be said."""
    finished = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *OPTIONS, *tests],
        cwd=scratch,
        env=os.environ | services,
        timeout=SECONDS,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = FAILURE.search(finished.stdout)
    return finished.returncode == 0, failed[1] if failed else ""


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
