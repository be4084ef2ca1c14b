"""The pictures of docs/images: ``python -m tests.plugins.wagtail.pictures SERVICE FOLDER`` has a
running service brief ``seeds/china-technology`` in Wagtail, and keeps a picture of each step.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.plugins.wagtail.live_site import live_site
from tests.plugins.wagtail.newsroom import Newsroom
from tests.support.browser import chromium, running_browser
from tests.support.running import ROOT
from tests.support.wagtail_site.setup import open_site

_PATIENCE = 120_000


def main(service: str, folder: Path) -> None:
    """Take them."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread
    executable = chromium()
    assert executable, "no chromium on this machine"
    with open_site(), live_site() as address, running_browser(executable) as browser:
        site = Newsroom.open()
        site.serve_from(service)
        seed = json.loads((ROOT / "seeds" / "china-technology.json").read_text())
        text = seed.get("text") or (ROOT / "seeds" / "china-technology.txt").read_text()
        note = site.note(seed.get("title") or "China technology", text)
        with browser.new_context(viewport={"width": 1280, "height": 1100}) as context:
            context.set_default_timeout(_PATIENCE)
            expect.set_options(timeout=_PATIENCE)
            session = site.signed_in("chief").cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
            _editing(context, address, note, folder)
            _settings(context, address, site, folder)


def _editing(context: BrowserContext, address: str, note: Any, folder: Path) -> None:
    page = context.new_page()
    page.goto(f"{address}/admin/pages/{note.pk}/edit/")
    page.get_by_role("button", name="Make briefs").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    _take(page, folder / "wagtail-making.png", height=420)
    english, chinese = (page.get_by_role("region", name=name) for name in ("English", "中文"))
    expect(chinese).to_be_visible()
    _take(page, folder / "wagtail-briefs.png")
    for region in (english, chinese):
        region.get_by_role("button", name="Apply").click()
        expect(region.get_by_role("button", name="Undo")).to_be_visible()
    page.locator(".jianbao__history summary").click()
    _take(page, folder / "wagtail-applied.png")
    page.get_by_role("button", name="More actions", exact=False).last.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("published", exact=False).first).to_be_visible()
    page.goto(address + note.get_url().removeprefix("http://localhost"))
    page.locator(".jianbao-brief").first.scroll_into_view_if_needed()
    page.screenshot(path=folder / "wagtail-public.png")


def _settings(context: BrowserContext, address: str, site: Newsroom, folder: Path) -> None:
    page = context.new_page()
    page.goto(f"{address}/admin/settings/wagtail_jianbao/jianbaosettings/{site.site.pk}/")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("is ready.")).to_be_visible()
    page.screenshot(path=folder / "wagtail-settings.png")


def _take(page: Page, path: Path, height: int = 1100) -> None:
    """A picture of the panel, from its heading on."""
    page.set_viewport_size({"width": 1280, "height": height})
    page.locator(".jianbao").evaluate("one => one.scrollIntoView({block: 'start'})")
    page.mouse.wheel(0, -120)
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    page.set_viewport_size({"width": 1280, "height": 1100})


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
