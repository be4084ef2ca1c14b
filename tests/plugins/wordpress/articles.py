"""Articles that the tests put into WordPress."""

from __future__ import annotations

SENTENCES = (
    "The council approved a budget of 40 million dollars for the old harbour bridge on Monday.",
    "The bridge was closed in May after engineers found cracks in two of its steel arches.",
    "Mayor Helen Brandt said the repair will begin in March and take about nine months.",
    "Residents of the eastern districts have complained of long detours since the closure.",
    "A ferry that carries up to 300 passengers an hour will run until the bridge opens again.",
    "The opposition voted against the plan and called the costs too high for a bridge of this age.",
    "Engineers of the state university examined the foundations and found them sound.",
    "The council will hear a report on the progress of the work every three months.",
)
CHINESE = (
    "市议会星期一批准了四千万美元的新预算，用于维修旧港大桥。",
    "今年五月，工程师在大桥的两座钢拱上发现裂缝，大桥随后关闭。",
    "市长表示，维修工程将于三月开始，大约需要九个月。",
    "东部城区的居民抱怨说，大桥关闭以来绕行的路程很长。",
    "大桥重新开放以前，每小时可运送三百名乘客的渡轮将一直运行。",
    "反对党投票反对这项计划，认为对一座这么旧的桥来说费用太高。",
)


def blocks(*paragraphs: str) -> str:
    """Paragraphs as the block editor saves them."""
    return "\n\n".join(
        f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->" for text in paragraphs
    )


ARTICLE = blocks(*(" ".join(SENTENCES[at : at + 2]) for at in range(0, len(SENTENCES), 2)))
CLASSIC = "\n\n".join(" ".join(SENTENCES[at : at + 2]) for at in range(0, len(SENTENCES), 2))
