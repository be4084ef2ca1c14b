"""Measures the detection of language and script on single lines: ``python -m bench.detection
DATA``.

DATA is a folder with the WMT22 test set, one sentence a line. English and Simplified lines are
taken as they are; Traditional ones are the Simplified ones as OpenCC writes them in Taiwan, with
its phrases, and in Hong Kong; a mixed line is an English and a Chinese sentence joined by a space.
Headlines with foreign names, lines in neither language, and labels of user interfaces were written
for this bench. A line is refused if it is surely in neither language (``source`` ``auto``).

``--catalogues`` adds the messages of a program from a folder of gettext catalogues, one folder a
language (``fr/LC_MESSAGES/django.po``, as Weblate's wheel has them): labels and short sentences.
"""

from __future__ import annotations

import argparse
import ast
import re
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from statistics import mean, median

from opencc import OpenCC

from service.text.languages import Detection, detect

LABELS = """Save|Log in|OK|Cancel|Delete|Settings|Edit|Home|Search|About us|Contact|Menu|Sign up
Log out|Read more|Next|Previous|Back|Submit|Download|Upload|File|Open|Close|Help|Yes|No|Error|Name
Email|Email address|Password|Username|Profile|Language|Date|Time|Total|Price|Cart|Checkout|Share
Copy link|Print|View all|Add to cart|Forgot your password?|No results|Loading…|Page not found
Terms of service|Privacy policy|News|Blog|Archive|Comments|Reply|Like|Follow|Subscribe|Media|Admin
Status|Active|Inactive|Pending|Import|Export|Version|Documentation|Support|FAQ|Sort by|Filter
Dashboard|Overview|Tags|Title|Description|Image|Video|Audio|Link|Bold|Italic|Insert table|Undo|Redo
Select all|Hello|Good morning|Thank you|Welcome back, %s!|%d items|Are you sure?"""
CHINESE_LABELS = """保存|登录|确定|取消|删除|设置|编辑|首页|搜索|关于我们|联系|菜单|注册
退出|下一页|返回|提交|下载|上传|文件|打开|关闭|帮助|是|否|错误|名称|密码|用户名|语言|日期|时间|合计|购物车|分享|打印|全部
新闻|评论|回复|图片|视频|标题|您确定吗？|欢迎回来|%d 项|找不到页面|隐私政策|服务条款|订阅"""
HEADLINES = """Abimbola ousts Karlsson as Uppsala coach
Çelik outpaces Fernández in Bilbao sprint
Tsitsipas stuns Medvedev in Rotterdam
Ouagadougou blast injures Compaoré aides
Bjørn Hansen resigns over Tromsø ferry contract
Wójcik snubs Łódź jazz jury
Nkosi to coach Kaizer Chiefs
Fire guts Plaza Mayor café in Cáceres
Hagströmer hires Pettersson
Ngozi Adichie reads in Kraków
Chávez heirs sue Petróleos de Venezuela
Ursula von der Leyen snubs Viktor Orbán
Gabriel García Márquez archive goes to Austin
ŽIŽKOV FLOOD: HAVEL BRIDGE SHUT
PSG sink Bayern as Mbappé scores twice
Schröder, Özdemir trade barbs over Nord Stream
Dembélé doubtful for Barça clash
Iñárritu film tops Cannes bill
Jokowi hands power to Prabowo
Süddeutsche Zeitung sacks reporter
Volkswagen recalls 90,000 Škoda Octavias
Antonio Guterres flies to Ouagadougou
El Niño returns
Tour de France starts in Florence
Bundesliga: Leverkusen held by Köln
Real Sociedad v Athletic Bilbao
Mbeki lauds Håkansson peace plan
Kaczyński twin honoured in Gdańsk
Vučić shrugs off Kosovo border row
Gutiérrez strikes late for Atlético
Ferrari tap Leclerc for Monza upgrade
Nordström cuts 400 jobs in Växjö
Bolaño manuscript surfaces in Girona
Cyclone Batsirai batters Toamasina
Ødegaard fit for Brøndby return
Lukashenko frees Tsikhanouskaya ally
Peng Liyuan tours Leipzig Gewandhaus
Hyundai poaches Renault design boss
Deutsche Telekom lifts dividend
Banco Santander trims Polish stake
Camembert makers decry EU rule
Simone Biles vaults past Andrade
Tottenham eye Gyökeres swoop
Ramaphosa's ANC courts Zulu king
Ghent altarpiece back at Sint-Baafs
KØBENHAVN METRO SHUTS AFTER BLAZE
Dos Santos jet impounded in Faro
Von der Pfordten quits opera board
Orhan Pamuk heads Berlinale jury
Villeneuve: Dune sequel delayed
Zürcher Kantonalbank probes leak"""
NAMES = """Müller|Søren Kierkegaard|São Paulo|Göteborg|Beyoncé|Angela Merkel|Deutsche Bahn|Le Monde
El País|La Liga|Der Spiegel|Sagrada Família|Côte d'Ivoire|Champs-Élysées|Ms. Nguyen Thi Minh Khai
Tokyo, Osaka, Kyoto|Oktoberfest|Camp Nou|Guadalajara|Reykjavík|Nokia|Kuala Lumpur|Zürich"""
CHINESE_HEADLINES = """优の良品
东京ディズニーランド门票降价
任天堂发布スプラトゥーン新作
BTS回归（방탄소년단）
韩国总统（대통령）
莫斯科（Москва）
Taylor Swift演唱会
Okafor在马尔默击败Lindqvist
Zürich机场
Malmö球队
BLACKPINK回归
α粒子"""
OTHERS = {
    "fr": """Bonjour, comment allez-vous ?
Enregistrer les modifications
Le train de Lyon arrive à midi.
Je ne trouve pas mes clés.
Les habitants du village ont reçu de l'eau potable hier soir.
Le maire a déclaré que la nouvelle école ouvrirait ses portes au mois de septembre.""",
    "de": """Guten Morgen, wie geht es dir?
Einstellungen speichern
Der Zug nach Köln hat Verspätung.
Ich habe meine Schlüssel verloren.
Die Bewohner des Dorfes erhielten gestern Abend sauberes Wasser.
Der Bürgermeister erklärte, die neue Schule werde im September eröffnet.""",
    "es": """Buenos días, ¿cómo está usted?
Guardar los cambios
El tren de Sevilla llega tarde.
No encuentro mis llaves.
Los vecinos del pueblo recibieron agua potable ayer por la tarde.
El alcalde anunció que la nueva escuela abrirá sus puertas en septiembre.""",
    "it": """Non trovo le mie chiavi.
Gli abitanti del paese hanno ricevuto acqua potabile ieri sera.""",
    "pt": """Não encontro as minhas chaves.
Os moradores da aldeia receberam água potável ontem à noite.""",
    "nl": """Ik kan mijn sleutels niet vinden.
De burgemeester zei dat de nieuwe school in september opengaat.""",
    "pl": """Nie mogę znaleźć moich kluczy.
Mieszkańcy wsi otrzymali wczoraj wieczorem wodę pitną.""",
    "sv": "Byborna fick rent vatten i går kväll.",
    "tr": "Köylülere dün akşam temiz su dağıtıldı.",
    "vi": "Người dân trong làng đã nhận được nước sạch tối qua.",
    "id": "Warga desa menerima air bersih tadi malam.",
    "ja": """おはようございます。
変更を保存
鍵が見つかりません。
村の住民は昨夜、飲料水を受け取った。
市長は、新しい学校が九月に開校すると発表した。""",
    "ko": """안녕하세요.
변경 사항 저장
열쇠를 찾을 수 없어요.
마을 주민들은 어젯밤 식수를 공급받았다.""",
    "ru": """Доброе утро!
Сохранить изменения
Я не могу найти свои ключи.
Жители деревни вчера вечером получили питьевую воду.""",
    "uk": "Мешканці села вчора ввечері отримали питну воду.",
    "ar": "حصل سكان القرية على مياه الشرب مساء أمس.",
    "th": "ชาวบ้านได้รับน้ำดื่มเมื่อเย็นวานนี้",
    "el": "Οι κάτοικοι του χωριού πήραν πόσιμο νερό χθες το βράδυ.",
}
# Languages whose catalogues are read, those that the service tells apart.
CATALOGUES = (
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "tr",
    "id",
    "sv",
    "cs",
    "ro",
    "hu",
    "vi",
    "ja",
    "ko",
    "ru",
    "uk",
)
BUCKETS = (("under 20", 0, 20), ("20 to 60", 20, 61), ("longer", 61, 10**9))
Right = Callable[[Detection], bool]


def english(seen: Detection) -> bool:
    """Whether it was taken for plain English."""
    return seen.language == "en" and not seen.mixed


def chinese(script: str | None) -> Right:
    """Return whether it was taken for Chinese in ``script``, None standing for either."""
    return lambda seen: seen.language == "zh" and seen.script == script


def as_english(seen: Detection) -> bool:
    """Whether it would be treated as English, however sure that is."""
    return seen.ours == "en"


def as_chinese(seen: Detection) -> bool:
    """Whether it would be treated as Chinese."""
    return seen.ours == "zh"


def refused(seen: Detection) -> bool:
    """Whether it is surely in neither language."""
    return seen.language is not None and seen.ours is None


def mixed(seen: Detection) -> bool:
    """Whether it was taken for English and Chinese at once."""
    return seen.language in {"en", "zh"} and seen.mixed


def neither(seen: Detection) -> bool:
    """Whether it was taken for something else than English or Chinese."""
    return seen.language not in {"en", "zh", None}


def cases(folder: Path) -> Iterator[tuple[str, str, Right]]:
    """Yield the kind of each line, the line, and what is right of it."""
    ours = lines(folder, "en-zh.src.en", "zh-en.refA.en")
    theirs = lines(folder, "zh-en.src.zh", "en-zh.refA.zh")
    theirs = [line for line in theirs if any("\u4e00" <= c <= "\u9fff" for c in line)]
    yield from (("English", line, english) for line in ours)
    yield from (("English labels", line, english) for line in _split(LABELS))
    yield from (("English, foreign names", line, english) for line in HEADLINES.splitlines())
    yield from (("names alone", line, as_english) for line in _split(NAMES))
    yield from written("Simplified", theirs, None)
    yield from written("Simplified labels", _split(CHINESE_LABELS), None)
    yield from (
        ("Simplified, foreign names", line, as_chinese) for line in CHINESE_HEADLINES.splitlines()
    )
    for kind, recipe in (("Traditional, Taiwan", "s2twp"), ("Traditional, Hong Kong", "s2hk")):
        yield from written(kind, theirs, recipe)
    yield from written("Traditional labels", _split(CHINESE_LABELS), "s2twp")
    yield from (("mixed", f"{a} {b}", mixed) for a, b in zip(ours, theirs, strict=False))
    for text in OTHERS.values():
        yield from (("neither", line, neither) for line in text.splitlines())


def _split(labels: str) -> list[str]:
    return re.split(r"[|\n]", labels)


def lines(folder: Path, *names: str) -> list[str]:
    """Return the files' lines that hold a letter, each once."""
    texts = [(folder / name).read_text(encoding="utf-8") for name in names]
    found = dict.fromkeys(line for text in texts for line in text.splitlines())
    return [line for line in found if any(character.isalpha() for character in line)]


def written(kind: str, texts: list[str], recipe: str | None) -> Iterator[tuple[str, str, Right]]:
    """Yield Simplified lines as they are (None) or written by OpenCC's ``recipe``. Where the
    other script has the same characters, neither is the right one.
    """
    there, back = OpenCC("s2tw"), OpenCC("t2s")
    convert = OpenCC(recipe).convert if recipe else str
    for text in texts:
        line = convert(text)
        other = there.convert(line) if recipe is None else back.convert(line)
        script = None if other == line else "Hans" if recipe is None else "Hant"
        yield kind, line, chinese(script)


def messages(catalogues: Path) -> Iterator[tuple[str, str, Right]]:
    """Yield the messages of a program: English, both scripts of Chinese, and the others. Those that
    a language leaves in English, or in no letters, are left out.
    """
    found = {
        code: read_catalogue(catalogues / code) for code in ("zh_Hans", "zh_Hant", *CATALOGUES)
    }
    sources = dict.fromkeys(source for pairs in found.values() for source, _ in pairs)
    yield from (("messages, English", source, english) for source in sources)
    for code, pairs in found.items():
        texts = dict.fromkeys(text for source, text in pairs if text != source)
        if code in CATALOGUES:
            yield from (("messages, neither", text, neither) for text in texts)
            continue
        kind = "messages, Simplified" if code == "zh_Hans" else "messages, Traditional"
        han = [text for text in texts if any("\u4e00" <= c <= "\u9fff" for c in text)]
        yield from ((kind, text, some_chinese(code[3:])) for text in han)


def some_chinese(script: str) -> Right:
    """Return whether it was taken for Chinese, mixed or not, in ``script`` or in either."""
    return lambda seen: seen.language == "zh" and seen.script in {script, None}


def read_catalogue(folder: Path) -> list[tuple[str, str]]:
    """Return the messages of a language that have a letter and one form, with their translations;
    those that are marked as fuzzy are left out.
    """
    entry = re.compile(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)
    pairs = []
    for path in sorted(folder.glob("LC_MESSAGES/*.po")):
        for part in path.read_text(encoding="utf-8").split("\n\n"):
            match = entry.search(part + "\n")
            if match and "#, fuzzy" not in part:
                source, text = (
                    "".join(ast.literal_eval(line) for line in lines.splitlines())
                    for lines in match.groups()
                )
                if re.search(r"[^\W\d_]", source) and re.search(r"[^\W\d_]", text):
                    pairs.append((source, text))
    return pairs


def report(lines: Iterable[tuple[str, str, Right]], wrong: int) -> str:
    """Return the table, and up to ``wrong`` mistaken lines of each kind."""
    found: dict[tuple[str, str], list[bool]] = {}
    turned_away: dict[str, list[bool]] = {}
    taken: dict[str, list[float]] = {}
    mistakes: dict[str, list[str]] = {}
    detect("Load the tables. 载入"), detect("Загрузить")
    for kind, line, right in lines:
        began = time.perf_counter()
        seen = detect(line)
        taken.setdefault(kind, []).append(time.perf_counter() - began)
        bucket = next(name for name, low, high in BUCKETS if low <= len(line) < high)
        found.setdefault((kind, bucket), []).append(right(seen))
        turned_away.setdefault(kind, []).append(refused(seen))
        if not right(seen):
            mistakes.setdefault(kind, []).append(
                f"{seen.language} {seen.script} {seen.confidence:.2f} mixed={seen.mixed} {line}"
            )
    names = [name for name, _, _ in BUCKETS]
    rows = [
        f"| | {' | '.join(names)} | all | refused | median µs |",
        "|---|" + "---|" * (len(names) + 3),
    ]
    for kind, seconds in taken.items():
        cells = [found.get((kind, name), []) for name in names]
        cells.append([one for cell in cells for one in cell])
        shown = [f"{mean(c):.1%} of {len(c)}" if c else "" for c in cells]
        shown.append(f"{mean(turned_away[kind]):.1%}")
        rows.append(f"| {kind} | {' | '.join(shown)} | {median(seconds) * 1e6:.0f} |")
    shown = [f"{kind}: {one}" for kind, all_ in mistakes.items() for one in all_[:wrong]]
    return "\n".join([*rows, *shown])


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the WMT22 test set")
    parser.add_argument("--catalogues", type=Path, help="folder of gettext catalogues")
    parser.add_argument("--wrong", type=int, default=0, help="mistaken lines to show of each kind")
    options = parser.parse_args()
    found = cases(options.data)
    if options.catalogues:
        found = chain(found, messages(options.catalogues))
    print(report(found, options.wrong))


if __name__ == "__main__":
    main()
