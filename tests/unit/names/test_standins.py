"""Stand-ins of persons whose letters are kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.analysis import Analyzers
from service.names.article import NameTables
from service.names.model import Name
from service.names.standins import StandIn, choose, restore

SMITH = StandIn("Elin Jones", "Smith", "史密斯")
WILLIAMS = StandIn("Tobias Lindqvist", "Williams", "威廉姆斯")
ARTICLE = NameTables(Analyzers()).article("", "en")


def put_back(
    translation: str, standins: Sequence[StandIn], *names: Name
) -> tuple[str, tuple[str, ...]]:
    return restore(translation, standins, lambda text: ARTICLE.unknown_persons(names, text))


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
    assert put_back(written, [SMITH]) == (restored, ())


@pytest.mark.parametrize(
    ("form", "written", "restored"),
    [
        ("约翰逊", "约翰森和那位教练一起离开。", "Zed Oru和那位教练一起离开。"),
        ("安德森", "安德逊表示，他不会离开。", "Zed Oru表示，他不会离开。"),
        ("威尔逊", "前警官威尔森被捕。", "前警官Zed Oru被捕。"),
        ("汤普森", "据汤普逊称，公司损失惨重。", "据Zed Oru称，公司损失惨重。"),
        ("罗伯茨", "罗伯兹告诉记者，他很高兴。", "Zed Oru告诉记者，他很高兴。"),
        ("埃文斯", "埃文思博士说，疫苗是安全的。", "Zed Oru博士说，疫苗是安全的。"),
        ("米切尔", "米契尔的律师拒绝置评。", "Zed Oru的律师拒绝置评。"),
        ("安德森", "威尔士人安德逊投了票。", "威尔士人Zed Oru投了票。"),
    ],
)
def test_a_respelled_stand_in_is_a_person_whom_no_table_has(
    form: str, written: str, restored: str
) -> None:
    assert put_back(written, [StandIn("Zed Oru", "X", form)]) == (restored, ())


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("威尔逊", "卡迪夫是威尔士首府，她生活在威尔士。"),
        ("约翰逊", "她飞往约翰内斯堡参加会议。"),
        ("克拉克", "他送给她一枚两克拉的钻石。"),
        ("克拉克", "波兰的克拉科夫下了雪。"),
        ("安德森", "她在安德逊维尔长大。"),
        ("史密斯", "展品由史密森尼学会借出。"),
        ("米切尔", "他是米德尔斯堡的居民。"),
        ("汤普森", "她住在汤普逊县。"),
        ("罗伯茨", "罗伯特王子在周二结婚。"),
        ("威尔逊", "威尔森说，威尔森的兄弟也在场。"),
    ],
)
def test_what_only_sounds_like_a_stand_in_stays(form: str, written: str) -> None:
    robert = person("Robert", 0, "罗伯特")
    lost = put_back(written, [StandIn("Zed Oru", "X", form)], robert)
    assert lost == (written, ("Zed Oru",))


def test_a_respelling_is_put_back_as_often_as_the_stand_in_was_put() -> None:
    twice = StandIn("Zed Oru", "Wilson", "威尔逊", "Oru", times=2)
    text, lost = put_back("威尔森说，威尔森的兄弟也在场。", [twice])
    assert (text, lost) == ("Zed Oru说，Oru的兄弟也在场。", ())


def test_each_of_several_is_put_back_in_its_own_place() -> None:
    text, lost = put_back("史密斯周五会见了威廉斯。", [SMITH, WILLIAMS])
    assert (text, lost) == ("Elin Jones周五会见了Tobias Lindqvist。", ())


def test_a_stand_in_that_is_not_there_is_told() -> None:
    assert put_back("她说她不会走。", [SMITH]) == ("她说她不会走。", ("Elin Jones",))


def test_another_turn_takes_others_and_one_person_has_one() -> None:
    names = [person("Elin Jones"), person("Tobias Lindqvist", 20), person("Elin Jones", 40)]
    first, second = choose("", names), choose("", names, attempt=1)
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
    text, lost = put_back(f"{form}说，{form}不会走。", [chosen["Jones"]])
    assert (text, lost) == ("Elin Jones说，Jones不会走。", ())


def test_a_surname_before_the_full_name_is_the_same_person() -> None:
    surname = Name("Jones", 0, 5, "person", ("Jones", "Elin Jones"), "verbatim")
    chosen = choose("", [surname, person("Elin Jones", 40), person("Tobias Lindqvist", 60)])
    assert chosen["Jones"] == chosen["Elin Jones"] != chosen["Tobias Lindqvist"]
    assert (chosen["Jones"].name, chosen["Jones"].short) == ("Elin Jones", "Jones")
    assert chosen["Jones"].times == 2


def test_given_name_surname_and_full_name_are_one_stand_in() -> None:
    names = [
        Name(one, at, at + 5, "person", (one, "Elin Jones"), "verbatim")
        for at, one in enumerate(["Elin", "Jones"])
    ]
    chosen = choose("", [person("Elin Jones"), *names])
    assert len({*chosen.values()}) == 1
