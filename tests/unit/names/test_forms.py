"""Whether a translation holds one of the allowed forms."""

from __future__ import annotations

import pytest

from service.names.forms import stands_in
from service.text.numbers.model import Language


@pytest.mark.parametrize(
    ("language", "text", "forms", "expected"),
    [
        ("en", "The Ministry of Commerce said", ["ministry of commerce"], True),
        ("en", "Up 25 basis points.", ["basis point"], True),
        ("en", "Two vice-premiers", ["vice premier"], True),
        ("en", "Semifinal lost", ["semi-final"], True),
        ("en", "By-elections, and counties", ["county"], True),
        ("en", "the Ministry of Defence's programmes", ["Ministry of Defense"], True),
        ("en", "an organised crime group in the city centre", ["organized crime"], True),
        ("en", "a labor dispute near the harbor", ["labour dispute"], True),
        ("en", "four years", ["for years"], False),
        ("en", "They prosecuted him", ["prosecute"], True),
        ("en", "The attorneys left", ["attorney"], True),
        ("en", "Thus it goes", ["US"], False),
        ("en", "America’s debt", ["US", "America"], True),
        ("en", "a muon", ["mu"], False),
        ("en", "the countryside", ["country"], False),
        ("zh", "美國的債務", ["美国"], True),
        ("zh", "约翰•史密斯", ["约翰·史密斯"], True),
        ("zh", "用GDP增长", ["国内生产总值", "GDP"], True),
        ("zh", "用AGDP增长", ["GDP"], False),
        ("zh", "中国", ["美国"], False),
    ],
)
def test_allowed_forms_are_found_however_they_are_spelled(
    language: Language, text: str, forms: list[str], expected: bool
) -> None:
    assert stands_in(text, forms, language) is expected
