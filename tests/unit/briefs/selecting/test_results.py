"""Which sentence tells how a match ended."""

from __future__ import annotations

import pytest

from service.briefs.selecting.results import decides, is_about_loser, reports_match


@pytest.mark.parametrize(
    ("sentence", "decided"),
    [
        ("The striker's shot gave Orlau a 1-0 victory over Velm on Sunday.", True),
        ("Orlau beat Velm 88-84 to win the title.", True),
        ("Two late goals brought Orlau a 2-2 draw with Velm.", True),
        ("Velm lost 3-1 at home.", True),
        ("Orlau were 2-0 up and beat the offside trap again in the 30th minute.", False),
        ("Orlau had won the first half 17-5.", False),
        ("Orlau beat Velm on Sunday.", False),
        ("The council closed the bridge from 9-5.", False),
        ("临溪队以3比2战胜平浦队。", True),
        ("周六，临溪队2:0胜平浦队。", True),
        ("临溪队与平浦队1-1战平。", True),
        ("上半场临溪队1比0击败过对手的防线。", False),
        ("临溪队战胜平浦队。", False),
        ("比赛将于12:30开始。", False),
    ],
)
def test_a_result_is_a_score_and_who_won(sentence: str, decided: bool) -> None:
    assert decides(sentence) is decided


@pytest.mark.parametrize(
    ("sentence", "told", "loser"),
    [
        ("Velm's Devon Marsh scored 35.", "Orlau beat Velm 88-84.", True),
        ("The Kings led at the break.", "Orlau beat the Kings 88-84.", True),
        ("Orlau's guard made four three-pointers.", "Orlau beat Velm 88-84.", False),
        ("Velm had won nine matches.", "A late header gave Orlau a 2-1 win over Velm.", True),
        ("平浦队主攻手何雪独得31分。", "临溪队以3比2战胜平浦队。", True),
        ("平浦队队长陈薇得到33分。", "临溪队以91比88险胜卫冕冠军平浦队。", True),
        ("临溪队替补接应唐宁连得6分。", "临溪队以3比2战胜平浦队。", False),
        ("Velm's mayor resigned.", "The bridge was closed.", False),
    ],
)
def test_the_side_that_lost_is_known(sentence: str, told: str, loser: bool) -> None:
    assert is_about_loser(sentence, told) is loser


def test_a_report_of_a_match_may_open_with_a_scene() -> None:
    scene = ["The rain had not stopped since noon.", "Nobody looked at the clock."]
    result = "Orlau beat Velm 2-1 in the semi-final of the Coast Cup."
    assert reports_match([*scene, result, "The final is on 12 May."])
    assert not reports_match([*scene, "The council won the vote 34-29.", "The bridge stays open."])
