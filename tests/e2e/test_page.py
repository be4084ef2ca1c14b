"""The page over the service with the default model, once: what a newcomer does first."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.support.page import opened, violations
from tests.support.real_service import ANSWER_SECONDS, Service

pytestmark = pytest.mark.real_model


def test_the_example_becomes_two_briefs_with_their_sources(
    browser: Browser, service: Service
) -> None:
    with opened(browser, service.address) as page:
        page.get_by_role("button", name="English article").click()
        page.get_by_role("button", name="Make briefs").click()
        page.get_by_text("Read: 100%").wait_for(timeout=ANSWER_SECONDS * 1000)
        english = page.locator(".brief .said[lang='en']")
        chinese = page.locator(".brief .said[lang='zh-Hans']")
        expect(chinese.first).to_be_visible(timeout=ANSWER_SECONDS * 1000)
        assert english.first.inner_text().startswith("Work began on Tuesday")
        assert re.search(r"[\u4e00-\u9fff]{8}", chinese.first.inner_text())
        expect(page.get_by_text("Read: 100%")).to_be_visible()
        chinese.first.hover()
        expect(page.locator(".passage.lit")).to_contain_text("Work began on Tuesday")
        states = page.locator(".brief").nth(1).locator(".state")
        assert {*states.all_inner_texts()} <= {"Checked", "Doubtful"}
        assert violations(page) == []
