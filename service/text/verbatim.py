"""Finds text that is meant for a program or platform and must not be translated: code spans, names
of functions and files, options, shortcodes, emoji codes, hashtags, handles.

The grammars: code spans of CommonMark 0.31 (6.1), strftime of POSIX, WordPress's shortcodes, wiki
links, variables of PHP and Laravel, the codes of Slack and Discord. Platforms differ in where a
Chinese hashtag or handle ends; here it ends at white space or punctuation, as on Weibo.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import regex as re

Cut = tuple[int, int]

_HAN: Final = "\u3400-\u9fff"
_BLANK: Final = re.compile(r"\n[^\S\n]*+\n")
_BACKTICKS: Final = re.compile("`++")


def code_spans(text: str) -> Iterator[Cut]:
    """Code spans of CommonMark: closed by as many backticks as they are opened by, without blank
    lines.
    """
    start = 0
    for blank in _BLANK.finditer(text):
        yield from _spans_of_paragraph(text, start, blank.start())
        start = blank.end()
    yield from _spans_of_paragraph(text, start, len(text))


def _spans_of_paragraph(text: str, start: int, end: int) -> Iterator[Cut]:
    runs = [match.span() for match in _BACKTICKS.finditer(text, start, end)]
    later: dict[int, list[int]] = {}
    for place, (first, last) in reversed([*enumerate(runs)]):
        later.setdefault(last - first, []).append(place)
    at = 0
    while at < len(runs):
        first, last = runs[at]
        same = later[last - first]
        while same and same[-1] <= at:
            same.pop()
        if same:
            at = same[-1]
            yield first, runs[at][1]
        at += 1


# Each begins with a sign or at the start of a run of its characters, which keeps the time linear.

_TIME = r"%[-_0^#]?[aAbBcCdDeFGhHIjklmMnNpPrRStTuUVwWxXyYzZ](?![A-Za-z])"
_ATTRIBUTE = (
    r"\s++[\w-]{1,40}+\s?=\s?(?:\"[^\"\n\[\]]{0,200}+\"|'[^'\n\[\]]{0,200}+'|[^\s\"'\[\]]{1,200}+)"
)
_TAG_ATTRIBUTE = (
    r"\s++[\w:@.-]{1,40}+=(?:\"[^\"<>\n]{0,300}+\"|'[^'<>\n]{0,300}+'|[^\s<>\"']{1,300}+)"
)
_SHORTCODES = "audio|caption|embed|gallery|playlist|video"
_FIELDS = (
    "address|amount|city|code|company|count|country|date|day|email|id|link|month|name|number|order|"
    "password|phone|price|site|time|title|token|total|url|user|username|year"
)
_WORDS = r"A-Za-z0-9_\u00c0-\u024f"
_LETTERS = f"\u00c0-\u024f\u0370-\u04ff\u3040-\u30ff{_HAN}\uac00-\ud7af"
_SIGNS: Final = re.compile(
    "|".join(
        (
            rf"(?<![\d%]|\d ){_TIME}(?:[/:., T-]{{1,2}}{_TIME}){{1,20}}+",  # several conversions,
            r"(?<![\d%]|\d )%[YHMSBAIjmy](?![A-Za-z])",  # or one that printf does not have
            r"(?<![\w%])%[A-Za-z_]\w{1,40}+%(?!\w)",
            r"\[\[[^\[\]\n]{1,200}+\]\]",
            rf"\[[a-z][\w-]{{0,40}}+(?:{_ATTRIBUTE}){{1,20}}+\s?/?\]",
            r"\[/[A-Za-z][\w-]{0,40}+\]",
            rf"\[(?:{_SHORTCODES}|{_FIELDS}|[a-z]{{1,20}}+(?:_[a-z0-9]{{1,20}}+){{1,4}})\](?![(\[:])",
            r"(?<![\w$])\$[A-Za-z_]\w{1,60}+(?:(?:->|::|\.)[A-Za-z_]\w{0,60}+){0,8}+(?:\(\))?",
            r"(?:(?<=[\s(\[{\"'“‘（「，。、：；！？>])|^):[A-Za-z_][A-Za-z0-9_]{1,60}+(?![\w:])",
            rf"(?<=[{_HAN}]):[a-z_][a-z0-9_]{{1,60}}+(?=[{_HAN}])",
            r"(?<![\w:/]):(?:\+1|-1|100|(?=[\d_+-]{0,40}[A-Za-z])[\w+-]{2,40}+):(?![\w:])",
            r"<a?:\w{2,32}+:\d{5,20}+>",
            r"<[@#][!&]?(?:(?=[A-Z]{0,19}\d)[A-Z0-9]{2,20}+|[A-Z]{5,20}+)(?:\|[^<>\n]{0,80}+)?>",
            r"<(?:t:\d{5,12}+(?::[tTdDfFR])?|!(?:here|channel|everyone))>",
            rf"(?<![{_WORDS}&#/])#(?=[^#]{{0,39}}[{_HAN}])[^\s#，。！？；：]{{1,40}}+#(?![\w#])",
            rf"(?<![{_WORDS}&#/])#(?=[0-9_]{{0,40}}[A-Za-z{_LETTERS}])[\w{_LETTERS}]{{1,80}}+",
            rf"(?<![{_WORDS}@/.])@[{_HAN}][\w{_HAN}-]{{1,15}}+(?![\w{_HAN}-]|\.\w)",
            r"(?:(?<=\s)|^)--[a-z][\w-]{1,40}+(?:=[^\s，。；)`'\"]{1,80}+)?",
            r"(?:(?<=\s)|^)-[A-Za-z](?=\s|$|[,.;)，。；])",
            rf"</?[A-Za-z][\w:-]{{0,40}}+(?:{_TAG_ATTRIBUTE}){{0,20}}+\s?/?>",
            r"<!--[^\n]{0,300}?-->",
            r"\$\$[^$\n]{1,400}+\$\$",
            r"(?<![\w$\\])\$(?=[^\s$]{0,60}[\\^_=])[A-Za-z\\({|][^$\n]{1,120}+(?<!\s)\$(?![\w$])",
            r"\\(?:begin|end|(?:eq)?ref|cite|label|url|includegraphics|usepackage)\{[^{}\n]{0,80}+\}",
        )
    ),
    re.ASCII,
)


def signed(text: str) -> Iterator[Cut]:
    """Text that is marked by a sign: ``%d/%m``, ``[[x]]``, ``[gallery ids="1"]``, ``$user``,
    ``:name``, ``:heart:``, ``<@U024BE7LH>``, ``#hashtag``, ``@小林``, ``--save``, a tag in plain
    text.
    """
    return (match.span() for match in _SIGNS.finditer(text))


_SYMBOL = r"[♩-♬]|(?![©®™‼⁉ℹ↔-↪〰〽㊗㊙★☑☒])\p{Extended_Pictographic}|[©®™‼⁉ℹ↔-↪]\ufe0f"
_PICTURE = rf"(?:{_SYMBOL})(?:\ufe0f|\p{{Emoji_Modifier}})?"
_EMOJI: Final = re.compile(
    rf"(?:\U0001f3f4[\U000e0061-\U000e007a]{{4,6}}\U000e007f|\p{{Regional_Indicator}}{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE})*+)++"
)
_JOINERS: Final = re.compile("[\ufe0f\u200d\U000e0020-\U000e007f]+")


def emoji(text: str) -> Iterator[Cut]:
    """Runs of emoji: 😂😂, 👩‍💻, 👍🏽, 🇯🇵, 1️⃣. The grammar is that of Unicode's technical
    standard 51. Signs that also occur in prose (©, →, ★) are emoji only with a variation selector.
    The notes that mark singing in subtitles (♪) count as emoji.
    """
    return (match.span() for match in _EMOJI.finditer(text))


def bare_emoji(text: str) -> str:
    """``text`` without variation selectors and joiners, which are invisible."""
    return _JOINERS.sub("", text)


def is_emoji(text: str) -> bool:
    """Whether ``text`` is emoji and nothing else."""
    return _EMOJI.fullmatch(text) is not None


_EXTENSIONS: Final = frozenset(
    "avi bash bat bmp c cc cfg conf cpp cs css csv dll doc docx env epub exe flac gif go gz h hpp "
    "htm html ini ipynb jar java jpeg jpg js json jsonl jsx kt lock log lua md mkv mo mov mp3 mp4 "
    "ods odt ogg pdf php pl png po pot ppt pptx ps1 py rar rb rs rst rtf sh so sql srt svg swift "
    "tar tex tgz toml ts tsv tsx ttf txt vue wasm wav webm webp whl woff woff2 xls xlsx xml yaml "
    "yml zip".split()
)
_DOMAINS: Final = frozenset(
    "app biz cloud com dev edu example gov info int invalid io net org test tv xyz "
    "ai au br ca cc ch cn co de es eu fr hk in it jp kr me mo nl nz ru se sg tw uk us".split()
)
_RUN = re.compile(r"(?<![\w.$@#/&’'~:-])[A-Za-z0-9_$.][\w$.:>-]*+", re.ASCII)
_CALL = re.compile(r"\([^()\n，。]{0,80}+\)", re.ASCII)
_PATH = re.compile(r"(?::\d{2,5}+(?!\d))?(?:/[A-Za-z0-9._~/?#&=%+-]*+)?", re.ASCII)
_NAME = r"[A-Za-z_$][\w$]*+"
_NAMES: Final = re.compile(rf"{_NAME}(?:(?:\.|::|->){_NAME})*+", re.ASCII)
_QUALIFIED: Final = re.compile(rf"{_NAME}(?:(?:::|->){_NAME})++", re.ASCII)
_SNAKE: Final = re.compile(r"_*+[A-Za-z0-9]++(?:_++[A-Za-z0-9]++)++_*+|__[A-Za-z0-9]++__", re.ASCII)
_CAMEL: Final = re.compile(r"[a-z]{2,}+[A-Z]\w*+", re.ASCII)
_VERSION: Final = re.compile(
    r"v\d++(?:\.\d++)*+(?:-[a-z]++(?:\.?\d++)*+)?"
    r"|\d++(?:\.\d++)++-(?:alpha|beta|rc|dev|pre|snapshot)(?:\.?\d++)*+",
    re.ASCII,
)
_HIDDEN: Final = re.compile(r"\.[a-z][a-z0-9-]*+(?<=ignore|rc|env|config|lock|profile)", re.ASCII)
_HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]*+)\.)++[A-Za-z]{2,7}+", re.ASCII)


def programmed(text: str) -> Iterator[Cut]:
    """Names in programs: ``split()``, ``user.getName()``, ``max_length``, ``getName``,
    ``std::sort``, ``v2.3.1-beta``, ``main.py``, ``.gitignore``, ``example.org/a``.
    """
    for match in _RUN.finditer(text):
        start = match.start()
        run = match[0].rstrip(".:>-")
        end = start + len(run)
        call = _CALL.match(text, end) if run else None
        if call and _is_call(run, call[0]):
            yield start, call.end()
        elif _is_host(run):
            path = _PATH.match(text, end)
            yield start, end + len(path[0].rstrip(".?")) if path else end
        elif _is_name(run):
            yield start, end


def _is_call(run: str, arguments: str) -> bool:
    """Whether ``run`` with ``arguments`` is a function call: split(), os.path.join(a, b). In prose
    there is a space before a bracket, except in plurals: file(s).
    """
    if not _NAMES.fullmatch(run):
        return False
    return (
        arguments == "()"
        or any(pattern.fullmatch(run) for pattern in (_QUALIFIED, _SNAKE, _CAMEL))
        or ("." in run and arguments.isascii() and len(run) > 3)
    )


def _is_host(run: str) -> bool:
    last = run.rpartition(".")[2]
    if last.lower() not in _DOMAINS or not _HOST.fullmatch(run):
        return False
    first = run.partition(".")[0]
    return len(first) > 1 and (len(last) > 2 or run.islower())


def _is_name(run: str) -> bool:
    stem, dot, extension = run.rpartition(".")
    is_file = bool(dot and stem) and extension in _EXTENSIONS and stem[-1] != "."
    return is_file or any(
        pattern.fullmatch(run) for pattern in (_SNAKE, _CAMEL, _QUALIFIED, _VERSION, _HIDDEN)
    )


_KEY = "Ctrl|Control|Alt|Shift|Cmd|Command|Option|Win|Windows|Super|Meta|Fn"
_KEYS: Final = re.compile(
    rf"(?<![\w+])(?:{_KEY}) ?\+ ?(?:(?:{_KEY}) ?\+ ?){{0,3}}"
    r"(?:F\d{1,2}|[A-Za-z0-9]|Delete|Del|Space|Home|End|Enter|Esc|Tab|Up|Down|Left|Right)(?!\w)",
    re.ASCII,
)
_CHINESE_FILE: Final = re.compile(
    rf"(?:(?<=[\s“\"「《（(/])|^)[\w{_HAN}-]{{1,60}}+\.(?:{'|'.join(sorted(_EXTENSIONS))})(?!\w|\.\w)",
    re.ASCII,
)


def keys_and_files(text: str) -> Iterator[Cut]:
    """``Ctrl+Shift+P``, and files with Chinese names if their start can be determined."""
    for pattern in (_KEYS, _CHINESE_FILE):
        yield from (match.span() for match in pattern.finditer(text))


_HAN_LABEL = rf"[{_HAN}][{_HAN}A-Za-z0-9-]{{0,62}}+"
_LABEL = rf"(?:[A-Za-z0-9-]{{1,63}}+|{_HAN_LABEL})"
_HAN_HOST: Final = re.compile(
    rf"(?:(?<![A-Za-z0-9])(?:https?://|ftp://|www\.)|(?<![\w.+-])[\w.+-]{{1,64}}+@"
    rf"|(?:(?<=[\s（(<:：])|^)[{_HAN}]{{1,16}}+@)"
    rf"(?=[^\s/]{{0,253}}[{_HAN}]){_LABEL}(?:\.{_LABEL}){{1,8}}+",
    re.IGNORECASE | re.ASCII,
)
_TOP: Final = re.compile(
    rf"@[^@]*[{_HAN}][^@]*\.[A-Za-z]{{2,24}}\Z|\.(?:中国|公司|网络|网址|集团|商店|在线|中文网|香港|政务|公益)\Z"
)
_ADDRESS: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:https?|ftp)://|www\.)[A-Za-z0-9.:@\[\]-]{1,253}+(?=[/?#])",
    re.IGNORECASE | re.ASCII,
)
_TAIL: Final = re.compile(
    rf"(?:[/?#&=_%+-]++[{_HAN}][{_HAN}A-Za-z0-9]*+|[/?#&=:._~+,;%-]++[A-Za-z0-9%~@!$*-]*+)++",
    re.ASCII,
)
_CHINESE: Final = re.compile(f"[{_HAN}]")
_AFTER: Final = re.compile(r"[\s)\]\"'>」”）》，；。！？：、]|\Z")
_STOPS: Final = ".,:;!?-+=&"


def chinese_addresses(text: str) -> Iterator[Cut]:
    """URLs with a Chinese host or path, and e-mail addresses with a Chinese host. Chinese text
    belongs to a path only if it follows a slash or another sign and is followed by white space or
    punctuation, because prose may follow an address without a space.
    """
    at = 0
    while match := _HAN_HOST.search(text, at):
        tail = _TAIL.match(text, match.end()) if "@" not in match[0] else None
        at = tail.end() if tail else match.end()
        if "@" not in match[0] or _TOP.search(match[0]):
            yield match.start(), match.start() + len(text[match.start() : at].rstrip(_STOPS))
    at = 0
    while match := _ADDRESS.search(text, at):
        tail = _TAIL.match(text, match.end())
        at = tail.end() if tail else match.end()
        if tail and _CHINESE.search(tail[0]) and _AFTER.match(text, at):
            yield match.start(), match.start() + len(text[match.start() : at].rstrip(_STOPS))
