"""Foreign names and the Chinese that is written for their sound."""

from __future__ import annotations

import pytest

from service.names.sounds import sounds_like

SAME = [
    ("Willoughby", "威洛比"),
    ("Geiger", "盖革"),
    ("Valentino", "华伦天奴"),
    ("Saunders", "桑德斯"),
    ("Schwarz", "施瓦茨"),
    ("Kowalski", "科瓦尔斯基"),
    ("Feldberg", "费尔德伯格"),
    ("Okonkwo", "奥孔克沃"),
    ("Halloran", "哈洛伦"),
    ("Orkney", "奥克尼"),
    ("Knight", "奈特"),
    ("Wright", "赖特"),
    ("Charles", "查尔斯"),
    ("Philip", "菲利普"),
    ("Air Niugini", "尼乌吉尼"),
    ("Thom Browne", "布朗"),
]
OTHER = [
    ("Merkel", "约翰逊"),
    ("Trump", "桑德斯"),
    ("Clinton", "克拉克"),
    ("Obama", "奥斯本"),
    ("Biden", "拜伦"),
    ("Smith", "史密森"),
    ("Lee", "李县"),
    ("Merkel", "Merkel"),
    ("", "默克尔"),
]


@pytest.mark.parametrize(("name", "chinese"), SAME)
def test_a_name_sounds_like_what_is_written_for_it(name: str, chinese: str) -> None:
    assert sounds_like(name, chinese)


@pytest.mark.parametrize(("name", "chinese"), OTHER)
def test_another_name_does_not(name: str, chinese: str) -> None:
    assert not sounds_like(name, chinese)
