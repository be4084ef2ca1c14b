"""Names put where a translation has others."""

from __future__ import annotations

import pytest

from service.names.aligning import UnsourcedName, aligned
from service.names.model import Name
from service.names.tables import Kind


def name(source: str, *targets: str, kind: Kind = "person") -> Name:
    return Name(source, 0, len(source), kind, targets, "pinyin")


def unsourced(text: str, form: str, kind: Kind = "person") -> UnsourcedName:
    start = text.index(form)
    return UnsourcedName(start, start + len(form), kind)


@pytest.mark.parametrize(
    ("written", "source", "form"),
    [
        ("Zhou Ming", "周敏", "Zhou Min"),
        ("Xiao Ming Zhang", "张晓明", "Zhang Xiaoming"),
        ("Lao Min", "罗敏", "Luo Min"),
    ],
)
def test_a_respelled_person_gets_the_known_spelling(written: str, source: str, form: str) -> None:
    text = f"{written} said so, and {written}'s brother agreed."
    done, replaced = aligned(text, [name(source, form)], [unsourced(text, written)])
    assert done == f"{form} said so, and {form}'s brother agreed."
    assert [(one.written, one.alike) for one in replaced] == [(written, True)]


def test_the_only_unsourced_person_gives_way_to_the_only_missing_one() -> None:
    text = "Merkel spoke in Berlin."
    missing = [name("费尔德伯格", "Tom Feldberg")]
    done, replaced = aligned(text, missing, [unsourced(text, "Merkel")])
    assert done == "Tom Feldberg spoke in Berlin."
    assert [one.alike for one in replaced] == [False]


def test_of_two_unsourced_names_none_is_taken_for_somebody_spelled_otherwise() -> None:
    text = "Merkel met Obama."
    names = [unsourced(text, "Merkel"), unsourced(text, "Obama")]
    assert aligned(text, [name("周敏", "Zhou Min")], names) == (text, ())


def test_a_place_never_gives_way_to_a_person() -> None:
    text = "They met in Paris."
    missing = [name("周敏", "Zhou Min")]
    assert aligned(text, missing, [unsourced(text, "Paris", "place")]) == (text, ())


def test_a_full_name_and_its_surname_are_one_person() -> None:
    text = "默克尔说，默克尔不去。"
    both = [name("Tom Feldberg", "汤姆·费尔德伯格"), name("Feldberg", "汤姆·费尔德伯格")]
    done, _ = aligned(text, both, [unsourced(text, "默克尔")])
    assert done == "汤姆·费尔德伯格说，汤姆·费尔德伯格不去。"
