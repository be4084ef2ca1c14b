"""Stand-ins of persons whose letters are kept."""

from __future__ import annotations

import pytest

from service.names.model import Name
from service.names.standins import StandIn, choose, restore

SMITH = StandIn("Elin Jones", "Smith", "史密斯")
WILLIAMS = StandIn("Tobias Lindqvist", "Williams", "威廉姆斯")


def person(name: str, start: int = 0, *targets: str) -> Name:
    return Name(
        name, start, start + len(name), "person", targets or (name,),
        "lexicon" if targets else "verbatim",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "restored"),
    [
        ("史密斯说，史密斯不会走。", "Elin Jones说，Elin Jones不会走。"),
        ("斯密斯说她不会走。", "Elin Jones说她不会走。"),
        ("史密丝说她不会走。", "Elin Jones说她不会走。"),
        ("Smith说她不会走。", "Elin Jones说她不会走。"),
    ],
)
def test_a_name_is_put_back_however_its_stand_in_is_spelled(written: str, restored: str) -> None:
    assert restore(written, [SMITH]) == (restored, ())


def test_each_of_several_is_put_back_in_its_own_place() -> None:
    text, lost = restore("史密斯周五会见了威廉斯。", [SMITH, WILLIAMS])
    assert (text, lost) == ("Elin Jones周五会见了Tobias Lindqvist。", ())


def test_a_stand_in_that_is_not_there_is_told() -> None:
    assert restore("她说她不会走。", [SMITH]) == ("她说她不会走。", ("Elin Jones",))


def test_another_turn_takes_others_and_one_person_has_one() -> None:
    names = [person("Elin Jones"), person("Tobias Lindqvist", 20), person("Elin Jones", 40)]
    first, second = choose("", names), choose("", names, turn=1)
    assert first.keys() == second.keys() == {"Elin Jones", "Tobias Lindqvist"}
    forms = [one.form for chosen in (first, second) for one in chosen.values()]
    assert len(set(forms)) == 4


def test_the_name_of_another_person_of_the_sentence_is_no_stand_in() -> None:
    names = [person("Elin Jones"), person("Amy Johnson", 20, "艾米·约翰逊")]
    assert choose("Elin Jones quoted Amy Johnson.", names)["Elin Jones"].form != "约翰逊"


def test_a_full_name_and_its_surname_are_one_person() -> None:
    full = person("Elin Jones")
    surname = Name("Jones", 40, 45, "person", ("Jones", "Elin Jones"), "verbatim")
    chosen = choose("", [full, surname])
    assert chosen["Jones"] == chosen["Elin Jones"]
    form = chosen["Jones"].form
    text, lost = restore(f"{form}说，{form}不会走。", [chosen["Jones"]])
    assert (text, lost) == ("Elin Jones说，Jones不会走。", ())
