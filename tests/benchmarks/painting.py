"""First contentful paint on a slow phone: the agent's material page and the liaison's opinion page.

Chromium, four times slower than this machine, 1.6 Mbit/s with 150 ms there and back, and nothing in
its cache.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Final

from django.urls import reverse
from playwright.sync_api import Browser, ViewportSize

from accounts.models import User
from reviews.signatures.certificates import authority
from tests.benchmarks.signing import circulated, draft
from tests.benchmarks.table import Measure
from tests.benchmarks.web import ROOT, signed_in, web
from tests.browser import ARGUMENTS, PHONE, PROGRAMS
from tests.factories import DEPARTMENTS, ApplicationFactory, UserFactory, liaison
from tests.harness import process_environment
from tests.quiet_loop import quiet_playwright

TURNS: Final = 5
SIZE: Final[ViewportSize] = {"width": PHONE["width"], "height": PHONE["height"]}
MOST_SECONDS: Final = 1.5
SLOWER: Final = 4
NETWORK: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
PAINTED: Final = """() => new Promise((resolve) => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
    const wait = () => (seen() ? resolve(seen().startTime) : setTimeout(wait, 50));
    wait();
})"""


def measure() -> list[Measure]:
    authority.ensure()
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(collect, cwd=ROOT, env=process_environment(), check=True)
    application = ApplicationFactory.create()
    officer = UserFactory.create(officer=True)
    people = {code: liaison(code) for code in DEPARTMENTS}
    tax = people["tax"]
    opinion = draft(circulated(officer), "tax", tax)
    pages = {
        "经办人的材料页": (
            application.created_by,
            reverse("applications:material", args=[application.pk, 9]),
        ),
        "联络员的意见页": (tax, reverse("reviews:opinion_edit", args=[opinion.pk])),
    }
    with web(workers=1) as portal, quiet_playwright() as playwright:
        program = next(path for path in PROGRAMS if Path(path).exists())
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        base = f"http://127.0.0.1:{portal.port}"
        found = [
            Measure(f"慢手机上首次显示：{what}", *painted(browser, base, person, path))
            for what, (person, path) in pages.items()
        ]
        browser.close()
    return found


def painted(browser: Browser, base: str, person: User, path: str) -> tuple[float, float, str, str]:
    """Median seconds, the most allowed, their unit, and a note."""
    cookies = [one.strip().split("=", 1) for one in signed_in(person).split(";")]
    took, fetched = [], 0
    for _ in range(TURNS + 1):
        context = browser.new_context(viewport=SIZE, locale="zh-CN", has_touch=True)
        context.add_cookies(
            [{"name": name, "value": value, "url": base} for name, value in cookies]
        )
        page = context.new_page()
        phone = context.new_cdp_session(page)
        phone.send("Network.enable")
        phone.send("Network.emulateNetworkConditions", NETWORK)
        phone.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        answer = page.goto(base + path)
        if answer is None or answer.status != 200 or not page.url.endswith(path):
            raise AssertionError(f"{path} 没有打开：{page.url}")
        took.append(page.evaluate(PAINTED) / 1000)
        fetched = page.evaluate(
            "performance.getEntries().reduce((sum, one) => sum + (one.transferSize || 0), 0)"
        )
        context.close()
    note = f"{TURNS}次的中位数，最慢{max(took[1:]):.2f} 秒；传输 {fetched / 1024:.0f} KiB"
    return median(took[1:]), MOST_SECONDS, "秒", note
