"""Which language a text is in; the sentences were written for this table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.text.languages import CODES, Detection, Script, describe, detect

ENGLISH = "The government said on Tuesday that it would raise taxes on large companies."
SIMPLIFIED = "政府周二表示，将提高对大公司的税收。"


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        (ENGLISH, "en", "Latn"),
        ("BREAKING: STOCKS FALL AFTER CENTRAL BANK DECISION", "en", "Latn"),
        ("Xi Jinping and Narendra Modi met in Samarkand on Friday.", "en", "Latn"),
        (SIMPLIFIED, "zh", "Hans"),
        ("行政院長今天在臺北表示，將協助受災的縣市重建家園。", "zh", "Hant"),
        ("苹果公司周二发布了新款 iPhone 15 Pro Max 手机。", "zh", "Hans"),
        ("山水田土", "zh", None),
        ("政府は火曜日、大企業への増税を発表した。", "ja", None),
        ("日本経済新聞によると、東京都知事選挙の候補者は五人だ。", "ja", None),
        ("정부는 화요일에 대기업에 대한 세금을 인상할 것이라고 밝혔다.", "ko", None),
        ("Le gouvernement a annoncé mardi une hausse des impôts.", "fr", "Latn"),
        ("Die Regierung hat am Dienstag höhere Steuern angekündigt.", "de", "Latn"),
        ("El gobierno anunció el martes una subida de impuestos.", "es", "Latn"),
        ("Правительство объявило во вторник о повышении налогов.", "ru", None),
        ("Уряд оголосив у вівторок про підвищення податків.", "uk", None),
        ("أعلنت الحكومة يوم الثلاثاء زيادة الضرائب.", "ar", None),
        ("Η κυβέρνηση ανακοίνωσε αύξηση των φόρων.", "el", None),
        ("รัฐบาลประกาศขึ้นภาษี", "th", None),
        ("2023-07-01 3.5% 1,000", None, None),
        ("１２３", None, None),
        ("😀🎉👍", None, None),
        ("?!…", None, None),
        ("", None, None),
    ],
)
def test_language_and_script_of_a_sentence(
    text: str, language: str | None, script: Script | None
) -> None:
    seen = detect(text)
    assert (seen.language, seen.script) == (language, script)


@pytest.mark.parametrize(
    "text",
    [
        *("Save", "Log in", "OK", "No", "Hi.", "Delete", "Password", "Download", "Menu", "Order"),
        *("Forgot your password?", "Insert table", "Default font size", "It’s ridiculous."),
        "We offer nine types of posters:",
        "Under #PRS_ORG#, tap Sign out.",
        "Welcome back, %(name)s!",
        '<a class="bouton" href="https://exemple.fr/accueil">Home</a>&nbsp;',
        "Send it to müller@beispiel.de or https://beispiel.de/über-uns-und-unsere-leute",
    ],
)
def test_a_short_text_is_english_unless_another_language_is_much_likelier(text: str) -> None:
    assert detect(text).language == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, comment allez-vous ?", "fr"),
        ("Enregistrer les modifications", "fr"),
        ("Einstellungen speichern", "de"),
        ("Guardar los cambios", "es"),
        ("El tren de Sevilla llega tarde.", "es"),
        ("Non trovo le mie chiavi.", "it"),
        ("Byborna fick rent vatten i går kväll.", "sv"),
        ("変更を保存", "ja"),
        ("Markdown 記法の JavaScript 拡張", "ja"),
        ("변경 사항 저장", "ko"),
    ],
)
def test_a_short_text_of_another_language_is_told_from_english(text: str, language: str) -> None:
    assert detect(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Okafor beats Lindqvist in Malmö",
        "Marisol Okonkwo and Marlene Okafor met Tobias Lindqvist.",
        "OKAFOR BEATS LINDQVIST IN MALMÖ",
        "Okafor Beats Lindqvist in Malmö Final",
        "Çelik outpaces Fernández in Bilbao sprint",
        "Ouagadougou blast injures Compaoré aides",
        "Bjørn Hansen resigns over Tromsø ferry contract",
        "Wójcik snubs Łódź jazz jury",
        "Chávez heirs sue Petróleos de Venezuela",
        "Ursula von der Leyen snubs Viktor Orbán",
        "Jokowi hands power to Prabowo",
        "Süddeutsche Zeitung sacks reporter",
        "Volkswagen recalls 90,000 Škoda Octavias",
        "Sánchez wins",
        "Nguyễn Phú Trọng dies",
    ],
)
def test_foreign_names_make_an_english_headline_no_other_language(text: str) -> None:
    seen = detect(text)
    assert (seen.language, seen.ours) == ("en", "en")
    assert seen.confidence > 0.5


@pytest.mark.parametrize(
    "text",
    [
        *("Müller", "Søren Kierkegaard", "São Paulo", "Göteborg", "Beyoncé", "Angela Merkel"),
        *("Deutsche Bahn", "Le Monde", "El País", "La Liga", "Der Spiegel", "Sagrada Família"),
        *("Côte d'Ivoire", "Champs-Élysées", "Ms. Nguyen Thi Minh Khai", "Tokyo, Osaka, Kyoto"),
        *("Bonjour", "Merci beaucoup", "Crème brûlée", "iPhone 15 Pro Max"),
        "Fire guts Plaza Mayor café in Cáceres",
    ],
)
def test_names_and_a_word_or_two_are_surely_in_no_other_language(text: str) -> None:
    seen = detect(text)
    assert seen.ours == "en"
    assert seen.confidence <= 0.5 or seen.language == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("La police a arrêté trois hommes à Marseille.", "fr"),
        ("Le président Macron rencontre Angela Merkel à Berlin", "fr"),
        ("LE GOUVERNEMENT AUGMENTE LES IMPÔTS DES GRANDES ENTREPRISES", "fr"),
        ("Je voudrais une chambre pour deux personnes", "fr"),
        ("Der Kanzler traf am Montag Präsident Macron in Paris.", "de"),
        ("Okafor schlägt Lindqvist in Malmö", "de"),
        ("Bayern München gewinnt gegen Real Madrid", "de"),
        ("Wo ist der Bahnhof?", "de"),
        ("El presidente Lula da Silva visitó a Pedro Sánchez en Madrid.", "es"),
        ("Il presidente Mattarella ha incontrato Macron a Roma.", "it"),
        ("De minister sprak dinsdag met Angela Merkel in Berlijn.", "nl"),
        ("Statsministern träffade Angela Merkel i Berlin på tisdagen.", "sv"),
        ("Premier Tusk spotkał się z Angelą Merkel w Berlinie.", "pl"),
        ("Başbakan salı günü Angela Merkel ile görüştü.", "tr"),
        ("東京で三人が逮捕された。", "ja"),
        ("首相は火曜日にメルケル氏と会談した。", "ja"),
        ("中国の习近平国家主席は東京で会談した。", "ja"),
        ("李克强首相は「这是好的」と述べ、両国の関係改善を歓迎した。", "ja"),
        ("のり弁当", "ja"),
        ("대통령이 화요일에 메르켈 총리를 만났다.", "ko"),
        ("李 대통령, 美 방문", "ko"),
    ],
)
def test_a_sentence_in_another_language_is_surely_in_that(text: str, language: str) -> None:
    seen = detect(text)
    assert (seen.language, seen.ours) == (language, None)
    assert seen.confidence > 0.5


@pytest.mark.parametrize(
    "text",
    [
        *("优の良品", "东京ディズニーランド门票降价", "任天堂发布スプラトゥーン新作"),
        *("BTS回归（방탄소년단）", "韩国总统（대통령）", "莫斯科（Москва）", "ΑΒΓ股份", "α粒子"),
        *("Taylor Swift演唱会", "Okafor在马尔默击败Lindqvist", "Lindqvist胜", "Zürich机场"),
        *("BLACKPINK回归", "OK吗", "A股", "张伟", "東京", "防弾少年団", "𠮷野家", "好"),
        "势在必行（Il faut bien le faire）。",
    ],
)
def test_short_chinese_with_foreign_names_is_chinese(text: str) -> None:
    assert detect(text).ours == "zh"


@pytest.mark.parametrize(
    ("code", "said"), [("fr", "French (fr)"), ("my", "Burmese (my)"), ("uk", "Ukrainian (uk)")]
)
def test_a_language_is_named(code: str, said: str) -> None:
    assert describe(code) == said


def test_every_language_that_may_be_detected_has_a_name() -> None:
    for code in sorted(CODES):
        assert describe(code).endswith(f" ({code})")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("然后叫重送", "Hans"),  # 后 alone is in both
        ("新机器非常好。", "Hans"),
        ("自取地址在哪裏？", "Hant"),
        ("然後叫重送", "Hant"),
        ("皇后", None),
        ("台北", None),
        ("保存", None),
        ("搜索", None),
    ],
)
def test_script_of_words_whose_characters_both_scripts_have(
    text: str, script: Script | None
) -> None:
    seen = detect(text)
    assert (seen.language, seen.script) == ("zh", script)


@pytest.mark.parametrize(
    "text",
    [
        "我 order 了 #NUMBER#",
        "Markdown 链接",
        "Royal Mail International Tracked：大型及贵重物品",
        '<p class="entry-content">你好</p>',
        "https://example.org/2023/07 你好",
    ],
)
def test_chinese_with_foreign_names_or_markup_is_chinese(text: str) -> None:
    assert detect(text).language == "zh"


@pytest.mark.parametrize("text", ["https://example.org/about-us", "%s", "{count}", "<br/>", "x"])
def test_what_holds_no_words_is_in_no_language(text: str) -> None:
    assert detect(text).language is None


@pytest.mark.parametrize("text", [ENGLISH, SIMPLIFIED])
def test_plain_articles_are_seen_with_confidence_and_unmixed(text: str) -> None:
    seen = detect(text)
    assert seen.confidence > 0.9
    assert not seen.mixed


def test_a_lone_surrogate_does_not_hide_the_language() -> None:
    assert detect("\ud800" + ENGLISH).language == "en"


def test_emoji_do_not_hide_the_language() -> None:
    assert detect("🎉🎉🎉 " + ENGLISH).language == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [(SIMPLIFIED * 5 + ENGLISH, "zh"), (ENGLISH * 5 + SIMPLIFIED * 2, "en")],
)
def test_mixed_text_has_the_language_that_says_most(text: str, language: str) -> None:
    seen = detect(text)
    assert seen.language == language
    assert seen.mixed


def test_a_long_text_is_judged_by_its_beginning_middle_and_end() -> None:
    seen = detect(ENGLISH * 5 + SIMPLIFIED * 2000)
    assert seen.language == "zh"
    assert seen.script == "Hans"


def test_one_detector_serves_many_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        seen = set(threads.map(lambda _: detect(ENGLISH).language, range(64)))
    assert seen == {"en"}


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_string_is_detected_without_error(text: str) -> None:
    seen = detect(text)
    shares = seen.shares
    assert 0.0 <= seen.confidence <= 1.0
    total = shares.han + shares.latin + shares.other
    assert total == pytest.approx(1.0) or seen == Detection()


def test_half_a_surrogate_pair_among_chinese_is_no_error() -> None:
    assert detect("会议发现\ud800问题").language == "zh"
