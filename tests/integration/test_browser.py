"""The browser of the tests is a real one, and its accessibility check finds what is wrong."""

from playwright.sync_api import Browser

from tests.support.browser import accessibility_violations

_GOOD = """<!doctype html><html lang="en"><head><title>Good</title></head><body><main>
<h1>Briefs</h1><label>Article <textarea></textarea></label></main></body></html>"""
_BAD = """<!doctype html><html lang="en"><head><title>Bad</title></head><body><main>
<h1>Briefs</h1><textarea></textarea></main></body></html>"""


def test_a_field_without_a_label_is_found_and_one_with_a_label_is_not(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.set_content(_GOOD)
    assert accessibility_violations(page) == []
    page.set_content(_BAD)
    assert [line.split(":")[0] for line in accessibility_violations(page)] == ["label"]
    context.close()
