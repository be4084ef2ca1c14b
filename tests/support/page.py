"""What tests of the page share: an article, the translations that the scripted engine knows of it,
and a browser's page that tells what went wrong in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect

from tests.support.browser import accessibility_violations

expect.set_options(timeout=30_000)  # a machine may be five times slower
ARTICLE = """\
China will spend 585 million dollars on 13 new bridges, Xi Jinping said in Beijing on Tuesday. \
Work begins in March and will take two years.

The oldest bridge opened in 1931 and was closed to lorries last winter. Drivers will be led over \
two ferries, and the fare is paid by the council. Shopkeepers on the north bank fear for their \
trade. A toll of 20 yuan is planned for the largest bridge. Nobody knows yet who will build it."""
"""Its brief has its first two sentences and the one about the oldest bridge."""
FIRST = "中国将斥资5.85亿美元新建13座桥梁，习近平星期二在北京说。"
SECOND = "工程三月动工，历时两年。"
THIRD = "最古老的桥于1931年开通，去年冬天对卡车关闭。"
CORRECTED = "中国将斥资5.85亿美元新建13座桥梁，习主席星期二在北京宣布。"
"""What the engine says of the first sentence once it is told that Xi Jinping is 习主席."""
CHINESE = """\
市议会周二批准了420万美元的预算，用于修缮阿尔德河上的三座桥梁。工程将于3月开始，预计需要18个月。\
建于1931年的最古老的桥将立即禁止卡车通行。商人担心生意受到影响。"""
HOSTILE = (
    '港口<img src=x onerror="window.hit=1">开放<script>window.hit=1</script>，'
    '[链接](javascript:window.hit=1)"><svg onload=window.hit=1>习近平说。'
)
"""What a model might answer, of the sentences that speak of the hostile harbour."""
REPLIES = {
    "585 million": FIRST,
    "Xi Jinping = 习主席": CORRECTED,
    "Work begins in March and will": SECOND,
    "The oldest bridge": THIRD,
    "The hostile harbour": HOSTILE,
    "420万": "The city council approved a budget of $4.2 million on Tuesday.",
    "工程将于": "Work begins in March and is expected to take 18 months.",
}


def script(**more: str) -> dict[str, str]:
    """The scripted engine's script, with :data:`REPLIES`."""
    return {"replies": json.dumps(REPLIES), **more}


@contextmanager
def opened(
    browser: Browser,
    address: str,
    *,
    refusals: tuple[int, ...] = (),
    problems: tuple[str, ...] = (),
    **context: Any,
) -> Iterator[Page]:
    """The page at ``address``, in a browser that has never seen it. What it writes to the console,
    or throws, fails the test at the end, unless one of ``problems`` is part of it. Of answers with
    one of the statuses ``refusals`` it may be told in the one line that browsers write of each,
    which no page can prevent.
    """
    # colours that move for a moment would be read in between
    options = {"locale": "en-GB", "reduced_motion": "reduce", **context}
    options.setdefault("viewport", {"width": 1400, "height": 900})
    with browser.new_context(**options) as one:
        page = one.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(_line(message)))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        page.wait_for_selector("h1")
        yield page
        told = {
            f"error: Failed to load resource: the server responded with a status of {status} "
            f"({HTTPStatus(status).phrase})"
            for status in refusals
        }
        strange = [
            line for line in said if line not in told and not any(part in line for part in problems)
        ]
        assert strange == []


def _line(message: ConsoleMessage) -> str:
    return f"{message.type}: {message.text}"


def make_briefs(page: Page, article: str = ARTICLE) -> None:
    """Paste the article, click, and wait until both briefs are there."""
    page.get_by_label("Paste a news article").fill(article)
    page.get_by_role("button", name="Make briefs").click()
    page.get_by_role("heading", name="Names and terms").wait_for()


def violations(page: Page) -> list[str]:
    """What axe-core finds in either theme."""
    found = []
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        found += [f"{theme}: {line}" for line in accessibility_violations(page)]
    page.evaluate("() => { document.documentElement.dataset.theme = 'auto' }")
    return found


def refuse(page: Page, path: str, status: int, body: dict[str, Any], **headers: str) -> None:
    """Have requests to ``path`` answered with a problem, as a busy service would."""

    def answer(route: Route) -> None:
        route.fulfill(
            status=status,
            headers={"Content-Type": "application/problem+json", **headers},
            body=json.dumps(body),
        )

    page.route(f"**{path}", answer)
