"""Pictures of the page in each of its states, for somebody to look at:

``python -m tests.support.screenshots FOLDER [ADDRESS]``. Without an address it runs the service
over the scripted engine; with that of a running service, its model writes. ``documented`` and
``documented-dark`` show the answer that docs/api.md documents, which the default model gave; they
are the pictures of ``docs/images``.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, FilePayload, Page

from tests.support.browser import chromium, running_browser
from tests.support.page import ARTICLE, make_briefs, opened, refuse, script
from tests.support.running import ROOT
from tests.support.serving import serving

_DESK = {"width": 1400, "height": 900}
_PHONE = {"width": 390, "height": 844}
_WAIT = 300_000
_SEED = "seeds/china-technology.txt"


class Pictures:
    """Takes pictures of the service at ``address`` into ``folder``."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser = browser
        self._address = address
        self._folder = folder

    def take(self, name: str, path: str = "", **context: Any) -> Any:
        """The page at ``path``; :meth:`shoot` keeps a picture of it as ``name``."""
        return opened(self._browser, self._address + path, problems=("40", "42", "ERR_"), **context)

    def shoot(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep a picture of the window, or of the ``whole`` page."""
        page.wait_for_timeout(300)
        page.screenshot(path=self._folder / f"{name}.png", full_page=whole)

    def all(self, article: str) -> None:
        """Every state."""
        self.welcome()
        self.briefs(article)
        self.documented()
        self.chinese()
        self.phone(article)
        self.problems(article)
        self.translation(article)
        self.jobs(article)
        self.glossaries()

    def welcome(self) -> None:
        """What a newcomer sees, in both languages and in the dark."""
        for name, more in {
            "welcome": {},
            "welcome-zh": {"locale": "zh-CN"},
            "welcome-dark": {"color_scheme": "dark"},
        }.items():
            with self.take(name, viewport=_DESK, **more) as page:
                self.shoot(page, name)

    def briefs(self, article: str) -> None:
        """Both briefs: pointed at, opened, corrected, printed, in the dark."""
        with self.take("briefs", viewport=_DESK) as page:
            page.get_by_label("Paste a news article").fill(article)
            page.get_by_role("button", name="Make briefs").click()
            page.locator(".brief .said[lang='en']").first.wait_for(timeout=_WAIT)
            self.shoot(page, "briefs-streaming")
            page.get_by_role("heading", name="Names and terms").wait_for(timeout=_WAIT)
            page.locator(".brief .said[lang='zh-Hans']").first.hover()
            self.shoot(page, "briefs")
            page.emulate_media(color_scheme="dark")
            self.shoot(page, "briefs-dark")
            page.emulate_media(color_scheme="light")
            page.get_by_role("button", name="Sentence 1: show its source").last.click()
            self.shoot(page, "briefs-detail", whole=True)
            page.emulate_media(media="print")
            self.shoot(page, "briefs-print")

    def documented(self) -> None:
        """The example of docs/api.md."""
        told = (ROOT / "docs/api.md").read_text(encoding="utf-8")
        answer = json.loads(re.findall(r"^```json$\n(.*?)^```$", told, re.S | re.M)[0])
        sent = json.loads((ROOT / "seeds/china-technology.json").read_text(encoding="utf-8"))
        events = f"event: answer\ndata: {json.dumps(answer)}\n\n"
        for name, scheme in {"documented": "light", "documented-dark": "dark"}.items():
            with self.take(name, viewport=_DESK, color_scheme=scheme) as page:
                page.route(
                    "**/summarize",
                    lambda route: route.fulfill(content_type="text/event-stream", body=events),
                )
                make_briefs(page, sent["text"])
                page.locator(".brief .said[lang^='zh']").last.hover()
                self.shoot(page, name)

    def chinese(self) -> None:
        """A Chinese article in the Chinese interface."""
        with self.take("chinese", viewport=_DESK, locale="zh-CN") as page:
            page.get_by_role("button", name="中文报道").click()
            page.get_by_role("button", name="生成简报").click()
            page.get_by_role("heading", name="名称和术语").wait_for(timeout=_WAIT)
            page.locator(".brief .said").first.hover()
            self.shoot(page, "briefs-zh")

    def phone(self, article: str) -> None:
        """One column."""
        with self.take("phone", viewport=_PHONE) as page:
            self.shoot(page, "phone")
            make_briefs(page, article)
            self.shoot(page, "phone-briefs", whole=True)

    def problems(self, article: str) -> None:
        """Refusals."""
        with self.take("problems", viewport=_DESK) as page:
            page.get_by_label("Paste a news article").fill("Rain is expected.")
            page.get_by_role("button", name="Make briefs").click()
            page.get_by_role("alert").wait_for()
            self.shoot(page, "problem-short")
            busy = {"title": "Busy", "status": 429, "detail": "256 requests wait"}
            refuse(page, "/summarize", 429, busy, **{"Retry-After": "7"})
            page.get_by_label("Paste a news article").fill(article)
            page.get_by_role("button", name="Make briefs").click()
            page.get_by_text("The service is busy").wait_for()
            self.shoot(page, "problem-busy")
        with self.take("key", viewport=_DESK) as page:
            page.route("**/page/settings", _with_keys)
            page.reload()
            page.get_by_label("API key").wait_for()
            self.shoot(page, "key")

    def translation(self, article: str) -> None:
        """Text to text."""
        with self.take("translate", "/#translate", viewport=_DESK) as page:
            page.get_by_label("Text or HTML").fill(f"<p>{article.split('. ', maxsplit=1)[0]}.</p>")
            page.get_by_role("button", name="Translate").click()
            page.locator(".translation").wait_for(timeout=_WAIT)
            self.shoot(page, "translate")

    def jobs(self, article: str) -> None:
        """A job that is done, with a failed article."""
        files = {"harbour.txt": article, "short.txt": "Too short."}
        with self.take("jobs", "/#jobs", viewport=_DESK) as page:
            page.get_by_label("Open files").set_input_files(
                [
                    FilePayload(name=name, mimeType="text/plain", buffer=text.encode())
                    for name, text in files.items()
                ]
            )
            self.shoot(page, "jobs-prepared")
            page.get_by_role("button", name="Hand in").click()
            page.locator(".job .status.done").wait_for(timeout=_WAIT)
            page.get_by_role("button", name="Articles").click()
            self.shoot(page, "jobs")

    def glossaries(self) -> None:
        """One that is edited."""
        with self.take("glossaries", "/#glossaries", viewport=_DESK) as page:
            page.wait_for_load_state("networkidle")
            if not page.get_by_text("New glossary").is_visible():
                self.shoot(page, "glossaries-fixed")
                return
            page.get_by_label("Name", exact=True).fill("house")
            page.get_by_label("Upload a file").set_input_files(
                FilePayload(
                    name="a.tsv",
                    mimeType="text/plain",
                    buffer="Nile\t尼罗河\nRhine\t莱茵河".encode(),
                )
            )
            page.get_by_label("Rendering of Nile").wait_for()
            self.shoot(page, "glossaries")


def _with_keys(route: Any) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "key_required": True})


def main(folder: Path, address: str | None) -> None:
    """Take all pictures."""
    executable = chromium()
    assert executable, "no chromium on this machine: apt-get install chromium"
    folder.mkdir(parents=True, exist_ok=True)
    article = (ROOT / _SEED).read_text(encoding="utf-8").strip() if address else ARTICLE
    with tempfile.TemporaryDirectory() as glossaries:
        service = serving(
            script(delay="0.05"),
            JIANBAO_GLOSSARIES_DIR=glossaries,
            JIANBAO_GLOSSARIES_EDITABLE="1",
        )
        with nullcontext() if address else service as served, running_browser(executable) as one:
            at = address or (served.address if served else "")
            Pictures(one, at.rstrip("/"), folder).all(article)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
