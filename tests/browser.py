"""A pytest plugin: Debian's Chromium, driven by Playwright, at a desk and on a phone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.quiet_loop import quiet_playwright

# Either package of Debian's; the one without windows draws a page with a third of the work.
PROGRAMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Generous: on a busy machine a page may take long, and a wait that succeeds costs nothing.
SECONDS = 30

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next((path for path in PROGRAMS if Path(path).exists()), None)
    if program is None:
        pytest.fail(f"没有找到 {PROGRAMS[0]}。请运行 script/setup test。")
    with quiet_playwright() as playwright:
        expect.set_options(timeout=SECONDS * 1000)
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, portal: str) -> Iterator[OpenPage]:
    """Open the portal as one more person: each page has cookies of its own.

    Called with nothing for a desk (1280 px), `size=PHONE` for 390 px, `scripts=False` for a
    browser without JavaScript. The test fails when a page of it logged an error of a script
    or a breach of the Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def opened(size: dict[str, int] = DESKTOP, *, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=portal,
            viewport={"width": size["width"], "height": size["height"]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
            has_touch=size is PHONE,
        )
        context.set_default_timeout(SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page(DESKTOP)


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(PHONE)


def assert_accessible(page: Page) -> None:
    """Fail with the report of axe-core when a page breaks a WCAG A or AA rule."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page) -> None:
    """Fail when a page is wider than its window, so that one would have to scroll sideways."""
    # A page that is just being left has no document to be measured.
    page.wait_for_load_state("domcontentloaded")
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window} px"
