"""Language codes."""

from __future__ import annotations

import pytest

from service.text.scripts import Variant
from service.web.compat.codes import NAMES, emitted, read_code, read_source


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("en_GB", "en"),
        ("zh", "zh"),
        ("zh-CN", "zh-Hans"),
        ("zh_SG", "zh-Hans"),
        ("ZH-HANS", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("zh_Hans", "zh-Hans"),
        ("zt", "zh-Hant"),
        ("zh-hant", "zh-Hant"),
        ("zh-TW", "zh-TW"),
        ("zh-Hant-TW", "zh-TW"),
        ("zh_hk", "zh-HK"),
        ("zh-MO", "zh-HK"),
        ("fr", None),
        ("auto", None),
        ("zh-", None),
        ("english", None),
        ("", None),
    ],
)
def test_codes_are_read_in_every_usual_spelling(code: str, tag: str | None) -> None:
    assert read_code(code) == tag


def test_only_a_source_may_be_auto() -> None:
    assert read_source("AUTO") == "auto"
    assert read_source("zh_TW") == "zh-TW"
    assert read_source("fr") is None


@pytest.mark.parametrize(
    ("language", "bare_zh", "code"),
    [
        ("en", "zh-Hans", "en"),
        ("fr", "zh-Hans", "fr"),
        ("zh-Hans", "zh-Hant", "zh-Hans"),
        ("zh-Hant", "zh-Hans", "zh-Hant"),
        ("zh-TW", "zh-Hans", "zh-Hant"),
        ("zh", "zh-Hans", "zh-Hans"),
        ("zh", "zh-Hant", "zh-Hant"),
        ("zh", "zh-HK", "zh-Hant"),
    ],
)
def test_found_chinese_is_told_by_its_script(language: str, bare_zh: Variant, code: str) -> None:
    assert emitted(language, bare_zh) == code


def test_every_listed_code_is_read() -> None:
    tags = ["en", "zh", "zh-Hans", "zh-Hant", "zh-Hans", "zh-TW", "zh-HK"]
    assert [read_code(code) for code in NAMES] == tags
