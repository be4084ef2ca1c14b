"""Two numbers that are exchanged are found by what they count."""

from __future__ import annotations

import pytest

from service.translation.counted import check_counted

EXCHANGED: list[tuple[str, str, str]] = [
    ("12名学生和30名教师参加。", "30 students and 12 teachers took part.", "30"),
    ("公司关闭了15家工厂，新开40家商店。",
     "The company closed 40 factories and opened 15 shops.", "40"),
    ("火灾烧毁8栋房屋和25辆汽车。", "The fire destroyed 25 houses and 8 cars.", "25"),
    ("该县有6所医院、90所学校。", "The county has 90 hospitals and 6 schools.", "90"),
    ("Twelve students and 30 teachers took part.", "30名学生和12名教师参加。", "30"),
    ("The company closed 15 factories and opened 40 shops.",
     "公司关闭了40家工厂，新开15家商店。", "40"),
    ("The county has 6 hospitals and 90 schools.", "该县有90所医院和6所学校。", "90"),
]  # fmt: skip
RIGHT: list[tuple[str, str]] = [
    ("12名学生和30名教师参加。", "12 students and 30 teachers took part."),
    ("12名学生和30名教师参加。", "30 teachers and 12 students took part."),
    ("12名学生参加，30人旁观。", "12 students took part; 30 watched."),
    ("256支球队的3600名球员参赛。", "3,600 players of 256 teams competed."),
    ("33岁和39岁的三名男子被捕。", "Three men, aged 33 and 39, were arrested."),
    ("The county has 6 hospitals and 90 schools.", "该县有90所学校和6所医院。"),
    ("Six people died and 6 were hurt.", "6人死亡，6人受伤。"),
    ("In 2019 there were 40 shops.", "2019年有40家商店。"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "translation", "number"), EXCHANGED)
def test_exchanged_numbers_are_found_with_their_place(
    source: str, translation: str, number: str
) -> None:
    (found,) = check_counted(source, translation)
    assert found.span is not None
    assert translation[found.span[0] : found.span[1]].startswith(number)


@pytest.mark.parametrize(("source", "translation"), RIGHT)
def test_numbers_before_their_own_nouns_are_right(source: str, translation: str) -> None:
    assert list(check_counted(source, translation)) == []
