"""Units behind numbers: which belong together, and which a brief joined by itself."""

from __future__ import annotations

import pytest

from service.text.numbers import Language
from service.text.units import measured_forms, misjoined


@pytest.mark.parametrize(
    ("brief", "source", "strange"),
    [
        ("58天内有人死亡。", "58 people died within a week.", ["58天"]),
        ("Work takes 18 months.", "工程需要18个月。", []),
        ("It decides within 20 working days.", "应在20个工作日内作出决定。", []),
        ("应在20个工作日内作出决定。", "It decides within 20 business days.", []),
        ("It decides within 20 days.", "应在20个工作日内作出决定。", ["20 days"]),
        ("Work takes 18 weeks.", "工程需要18个月。", ["18 weeks"]),
        ("It weighs 1.3 trillion kilograms.", "产量1.3万亿斤。", ["1.3 trillion kilograms"]),
        ("It harvested 1.3 trillion jin.", "产量1.3万亿斤。", []),
        ("风速达每小时90英里。", "Gusts of 90mph were measured.", []),
        ("It takes 20 to 30 minutes.", "需要20至30分钟。", []),
        ("需要30分钟。", "It takes 20 to 30 minutes.", []),
        ("He stays two years.", "He stays for two more years.", []),
        ("A 60-year-old man died.", "一名60岁男子死亡。", []),
        ("他1850年出生。", "1850 people came.", []),
        ("他享年85岁。", "He died on November 11 at age 85.", []),
        ("市长52岁。", "The mayor, Ana Ruiz, 52, said so.", []),
        ("有52岁的人。", "There were 52 people.", ["52岁"]),
        ("A total of 58 people died.", "58人死亡。", []),
        ("讨论了近20年。", "It was debated for nearly two decades.", []),
        ("讨论了近20天。", "It was debated for nearly two decades.", ["20天"]),
        ("从38分钟缩短到11分钟。", "It cuts the drive from 38 minutes to 11.", []),
        ("从38分钟缩短到11小时。", "It cuts the drive from 38 minutes to 11.", ["11小时"]),
    ],
)
def test_a_number_stands_only_with_a_unit_that_it_has_in_the_source(
    brief: str, source: str, strange: list[str]
) -> None:
    assert misjoined(brief, source) == strange


@pytest.mark.parametrize(
    ("text", "language", "item", "bare"),
    [
        ("It took 20 minutes.", "zh", "20分钟", "20"),
        ("用了20分钟。", "en", "20 minutes", "20"),
        ("应在20个工作日内作出决定。", "en", "20 working days", "20"),
        ("A 40-inch screen.", "zh", "40英寸", "40"),
        ("亩产500斤。", "en", "500 jin", "500"),
    ],
)
def test_a_measured_number_is_offered_with_its_unit_alone(
    text: str, language: Language, item: str, bare: str
) -> None:
    items, needless = measured_forms(text, language)
    assert item in items
    assert bare in needless


def test_an_age_may_be_said_with_its_unit_and_without() -> None:
    items, needless = measured_forms("He died at age 85.", "zh")
    assert "85岁" in items
    assert "85" not in needless
