"""The browser that pages and reports are looked at with."""

import os
import shutil

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """Find the browser; without one the tests are skipped loudly, and fail in CI."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail("chromium is not installed; in CI these tests must run")
    if found is None:
        pytest.skip("NOT TESTED in a browser: install Debian's `chromium` to run these tests")
    return found


@pytest.fixture(scope="module")
def browser():
    program = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()
