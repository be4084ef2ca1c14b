"""The glossary that all translations follow, and what a request's own terms change in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import InvalidInput, SettingsError
from service.translation.glossary_directory import Glossaries
from service.translation.house_glossary import HouseGlossary
from service.translation.model import Term

NILE = Term("Nile", "尼罗河")


@pytest.fixture
def house(tmp_path: Path) -> HouseGlossary:
    (tmp_path / "house.en-zh.tsv").write_text("Nile\t尼罗河\nRhine\t莱茵河\n", encoding="utf-8")
    return HouseGlossary(Glossaries(tmp_path), "house")


def test_a_request_without_terms_follows_the_house(house: HouseGlossary) -> None:
    assert house.with_terms((), "en") == (NILE, Term("Rhine", "莱茵河"))


def test_a_requests_own_terms_win_and_the_rest_is_followed(house: HouseGlossary) -> None:
    own = (Term("Rhine", "莱茵"),)
    assert house.with_terms(own, "en") == (*own, NILE)


def test_what_a_request_leads_to_is_not_led_elsewhere(house: HouseGlossary) -> None:
    own = (Term("The river", "Nile"),)
    assert NILE not in house.with_terms(own, "en")


def test_a_direction_that_the_house_lacks_is_left_open(house: HouseGlossary) -> None:
    assert house.with_terms((), "zh") == ()
    own = (Term("尼罗河", "the Nile"),)
    assert house.with_terms(own, "zh") == own


def test_a_glossary_that_is_made_later_is_followed_from_then_on(tmp_path: Path) -> None:
    house = HouseGlossary(Glossaries(tmp_path), "desk")
    assert house.with_terms((), "en") == ()
    before = house.stamp()
    (tmp_path / "desk.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    assert house.with_terms((), "en") == (NILE,)
    assert house.stamp() != before


def test_without_a_name_there_is_none(tmp_path: Path) -> None:
    assert HouseGlossary(Glossaries(tmp_path)).with_terms((NILE,), "en") == (NILE,)


def test_a_name_that_no_glossary_can_have_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="JIANBAO_GLOSSARY"):
        HouseGlossary(Glossaries(tmp_path), "../secret")


def test_a_named_glossary_may_lack_the_direction_but_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "rivers.en-zh.tsv").write_text("Nile\t尼罗河\n", encoding="utf-8")
    glossaries = Glossaries(tmp_path)
    assert glossaries.for_request("rivers", "en", "zh-Hant") == (NILE,)
    assert glossaries.for_request("rivers", "zh", "en") == ()
    with pytest.raises(InvalidInput):
        glossaries.for_request("lakes", "en", "zh")
