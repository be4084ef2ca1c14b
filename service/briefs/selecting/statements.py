"""Converts answers of an interview to statements with the speaker's name, without questions and
without an *I* that the reader cannot resolve.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from service.briefs.selecting.dialogue import Turn
from service.briefs.selecting.flags import NEVER, Flag, count_units
from service.briefs.selecting.scores import Scores
from service.briefs.selecting.sentences import Text
from service.languages import Language

_NAME = r"[A-Z][\w'’-]+(?: (?:van |de |von )?[A-Z][\w'’-]+){1,2}"
_EN_SPEAKS = (
    re.compile(
        rf"({_NAME})(?:,(?: [^,.]{{2,60}},)?)? (?:spoke|speaks|talked|talks|told|tells|sat down|"
        r"answer(?:s|ed)|explain(?:s|ed)|gave)\b"
    ),
    re.compile(  # he spoke to the interviewer, we spoke to the interviewee
        rf"(?<!\b[Hh]e )(?<!\b[Ss]he )\b(?:spoke|talked|sat down|interview|conversation) "
        rf"(?:to|with) ({_NAME})"
    ),
    re.compile(rf"(?:^|[:：|–—] ?)(?:The )?(?:\w+ )?({_NAME}) on\b", re.MULTILINE),
    re.compile(
        rf"^({_NAME})\b(?=[\s\S]*\b(?:He|She) (?:spoke|talked|sat down|answers?))", re.MULTILINE
    ),
)
"""Introductions of the interviewee."""
_EN_LABEL = re.compile(r"^([A-Z][\w'’.-]+(?: [A-Z][\w'’-]+){0,2})\s?:\s*(?=\S)")
_ZH_LABEL = re.compile(r"^([\u4e00-\u9fff·]{2,8})\s?[：:]\s*(?=\S)")
_NOBODY = frozenset({"A", "Answer", "答", "回答"})
_ZH_ROLE = (
    r"(?:院长|主任|局长|市长|县长|镇长|村长|教授|工程师|导演|作家|队长|主教练|教练|校长|会长|总经理|董事长|"
    r"书记|研究员|主编|编者|馆长|所长|司长|厅长|部长|发言人|医生|律师|创始人|负责人|首席执行官|船长|站长|理事长)"
)
_HANGS = re.compile(
    r"^(?:because|yes|no|not|of course|exactly|absolutely|certainly|perhaps|maybe|never|twice|"
    r"once|at (?:\d|the time)|from|to|for|on|in part|with|by|after|before|until)\b|"
    r"^(?:因为|是的?[，。]|对[，。]|有[，。的这]|没有|不[会是，]|当然|现在|目前没|可能|也许|确实|那)",
    re.IGNORECASE,
)
"""Openings of answers that mean nothing without the question."""
_SO = re.compile(r"\b(?:said|say|think|thought|hope|hoped|believe) so\b", re.IGNORECASE)
_LEAST: dict[Language, int] = {"en": 8, "zh": 14}


def speaker_of(text: Text, turns: dict[int, Turn]) -> str:
    """The interviewee's name for the brief; empty if the article does not give it."""
    blocks = text.body.split("\n")
    first = min((at for at, turn in turns.items() if turn == "question"), default=0)
    known = "\n".join([text.headline, *blocks[:first]])
    label = _ZH_LABEL if text.language == "zh" else _EN_LABEL
    found = (label.match(blocks[at]) for at, turn in turns.items() if turn == "answer")
    names = Counter(match[1] for match in found if match and match[1] not in _NOBODY)
    if text.language == "zh":
        if not names:
            return ""
        name = names.most_common(1)[0][0]
        role = re.search(rf"{_ZH_ROLE}(?={name})", known)
        return (role[0] if role else "") + name
    if names:
        name = names.most_common(1)[0][0]
        whole = re.search(rf"[A-Z][\w'’-]+ (?:[A-Z][\w'’-]+ )?{re.escape(name)}\b", known)
        return whole[0] if whole and " " not in name else name
    spoken = (one.search(known) for one in _EN_SPEAKS)
    return next((match[1] for match in spoken if match), "")


def statements(
    text: Text, flags: Sequence[frozenset[Flag]], scores: Scores, turns: dict[int, Turn]
) -> list[int]:
    """Indices of the sentences of answers that can be understood alone, those that share most with
    the headline and the rest first.
    """

    def value(at: int) -> float:
        figure = 0.3 if re.search(r"\d", text.sentences[at].text) else 0.0
        return 1.5 * scores.headline[at] + 0.5 * scores.centrality[at] + figure

    found = [
        one.index
        for one in text.sentences
        if turns.get(one.block) == "answer" and _says_by_itself(one.text, flags[one.index], text)
    ]
    return sorted(found, key=lambda at: -value(at))


def _says_by_itself(sentence: str, flags: frozenset[Flag], text: Text) -> bool:
    said = without_speaker(sentence, text.language)
    refused = NEVER | {Flag.CONTINUES, Flag.LINKED, Flag.SECOND_PERSON, Flag.QUESTION}
    if flags & refused or _HANGS.search(said) or _SO.search(said):
        return False
    return count_units(said, text.language) >= _LEAST[text.language]


def without_speaker(sentence: str, language: Language) -> str:
    """The sentence without the name or mark before an answer."""
    label = _ZH_LABEL if language == "zh" else _EN_LABEL
    return label.sub("", sentence)


def quoted(sentence: str, speaker: str, language: Language, *, again: bool = False) -> str:
    """The sentence as a statement of ``speaker``; ``again`` if it follows another one."""
    said = without_speaker(sentence, language)
    if language == "zh":
        said = said.translate(str.maketrans("“”", "‘’"))
        return f"{speaker}{'还' if again else ''}说：“{said}”"
    said = re.sub(r"[“”\"]", "'", said)
    return f'{speaker} {"also " if again else ""}said: "{said}"'
