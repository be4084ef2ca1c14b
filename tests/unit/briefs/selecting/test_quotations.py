"""Quotations that run over several sentences."""

from __future__ import annotations

import pytest

from service.briefs.selecting.quotations import in_long_quotations


@pytest.mark.parametrize(
    ("sentences", "inside"),
    [
        (["“I left.", "I ran.”", "He left."], {0, 1}),
        (['"I left.', '"I ran."', "He left."], {0, 1}),
        # one in the other, closed where the whole is
        (
            [
                '"I had to say goodbye.',
                'I said, "I love you.',
                "I had to hold on.",
                'I did."',
                "No.",
            ],
            {0, 1, 2, 3},
        ),
        (['She said: "I left.', "I ran.", 'I fell," she said.', "It rained."], {0, 1, 2}),
        (["He told us: 'I left.", "'I won't be back.'", "It rained."], {0, 1}),
        (["‘I left.", "‘I ran.’", "It rained."], {0, 1}),
        # each in one sentence, words, apostrophes, inches
        (['"I left," she said.', "It rained."], set()),
        (["The idea would 'fit' with the workers' plans.", "I say so."], set()),
        (['A 5" board fell.', "I saw it.", '"I ran," he said.'], set()),
        (["他说：“我走了。", "我跑了。”", "下雨了。"], {0, 1}),
        (["他说：「我走了。", "我跑了。」", "下雨了。"], {0, 1}),
        # opened by mistake
        (['"I left.', *["It rained."] * 12, 'He said it."'], set()),
    ],
)
def test_a_quotation_holds_all_between_its_marks(sentences: list[str], inside: set[int]) -> None:
    assert in_long_quotations(sentences) == inside
