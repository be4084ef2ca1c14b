"""Multilingual glossaries of the ``deepl`` package (1.32), as it is, against the service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import deepl
import httpx
import pytest
from deepl.api_data import MultilingualGlossaryDictionaryEntries as Dictionary
from deepl.api_data import MultilingualGlossaryInfo

from service.keys import Grant, add_key
from service.settings import Settings
from service.translation.fake import FakeTranslator
from service.translation.model import Term
from tests.support.live import live
from tests.unit.web.apps import fake_app

RIVERS = {"the Alder": "阿尔德河", "Rivertown": "河镇"}
TOWNS = {"河镇": "Rivertown"}


@pytest.fixture(scope="module")
def translator() -> FakeTranslator:
    return FakeTranslator()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("glossaries")


@pytest.fixture(scope="module")
def address(translator: FakeTranslator, folder: Path) -> Iterator[str]:
    settings = Settings(glossaries_dir=folder, glossaries_editable=True)
    with live(fake_app(settings=settings, translator=translator)) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[deepl.DeepLClient]:
    with closing(deepl.DeepLClient("any-key", server_url=address)) as client:
        yield client


@contextmanager
def made(
    client: deepl.DeepLClient, name: str = "Rivers & towns", *dictionaries: Dictionary
) -> Iterator[MultilingualGlossaryInfo]:
    """A glossary that is deleted afterwards; in both directions unless ``dictionaries`` say."""
    both = Dictionary("EN", "ZH", RIVERS), Dictionary("ZH", "EN", TOWNS)
    glossary = client.create_multilingual_glossary(name, list(dictionaries or both))
    yield glossary
    client.delete_multilingual_glossary(glossary)


def counts(glossary: MultilingualGlossaryInfo) -> dict[tuple[str, str], int]:
    return {(one.source_lang, one.target_lang): one.entry_count for one in glossary.dictionaries}


def entries(
    client: deepl.DeepLClient, glossary: MultilingualGlossaryInfo, source: str, target: str
) -> dict[str, str]:
    found = client.get_multilingual_glossary_entries(glossary, source, target).dictionaries
    assert [(one.source_lang.upper(), one.target_lang.upper()) for one in found] == [
        (source, target)
    ]
    return deepl.convert_tsv_to_dict(str(found[0].entries))


def test_a_glossary_is_made_found_listed_and_deleted(client: deepl.DeepLClient) -> None:
    with made(client) as glossary:
        assert glossary.name == "Rivers & towns"
        assert glossary.glossary_id == "Rivers-towns"
        assert counts(glossary) == {("EN", "ZH"): 2, ("ZH", "EN"): 1}
        assert datetime.now(UTC) - glossary.creation_time < timedelta(minutes=1)
        found = client.get_multilingual_glossary(glossary.glossary_id)
        (listed,) = client.list_multilingual_glossaries()
        for same in (found, listed):
            assert (same.name, same.creation_time) == (glossary.name, glossary.creation_time)
            assert counts(same) == counts(glossary)
    with pytest.raises(deepl.GlossaryNotFoundException):
        client.get_multilingual_glossary("Rivers-towns")
    assert client.list_multilingual_glossaries() == []


def test_a_translation_keeps_to_it_in_both_directions(
    client: deepl.DeepLClient, translator: FakeTranslator
) -> None:
    with made(client) as glossary:
        client.translate_text("Rivertown.", source_lang="EN", target_lang="ZH", glossary=glossary)
        assert {term.source: term.target for term in translator.orders[-1].terms} == RIVERS
        client.translate_text("河镇。", source_lang="ZH", target_lang="EN-US", glossary=glossary)
        assert translator.orders[-1].terms == (Term("河镇", "Rivertown"),)
    with pytest.raises(deepl.DeepLException, match="Glossary not found"):
        client.translate_text("Hello", source_lang="EN", target_lang="ZH", glossary=glossary)


def test_two_glossaries_of_one_name_and_names_of_any_script(client: deepl.DeepLClient) -> None:
    with (
        made(client) as one,
        made(client) as other,
        made(client, "地名") as places,
        made(client, "  .. ") as dots,
    ):
        ids = [glossary.glossary_id for glossary in (one, other, places, dots)]
        assert ids == ["Rivers-towns", "Rivers-towns-2", "glossary", "glossary-2"]
        names = {glossary.name for glossary in client.list_multilingual_glossaries()}
        assert names == {"Rivers & towns", "地名", "  .. "}


def test_its_name_changes_and_its_id_stays(client: deepl.DeepLClient) -> None:
    with made(client) as glossary:
        renamed = client.update_multilingual_glossary_name(glossary, "Waters")
        assert (renamed.name, renamed.glossary_id) == ("Waters", "Rivers-towns")
        assert renamed.creation_time == glossary.creation_time
        assert counts(renamed) == counts(glossary)


def test_entries_are_merged_into_a_dictionary(client: deepl.DeepLClient) -> None:
    with made(client) as glossary:
        new = {"Rivertown": "里弗敦", "Lake Elm": "榆湖"}
        updated = client.update_multilingual_glossary_dictionary(
            glossary, Dictionary("EN-US", "ZH-HANS", new)
        )
        assert counts(updated) == {("EN", "ZH"): 3, ("ZH", "EN"): 1}
        assert entries(client, glossary, "EN", "ZH") == {
            "the Alder": "阿尔德河",
            "Rivertown": "里弗敦",
            "Lake Elm": "榆湖",
        }
        assert entries(client, glossary, "ZH", "EN") == TOWNS


def test_a_dictionary_is_replaced_or_added(client: deepl.DeepLClient) -> None:
    with made(client, "One way", Dictionary("EN", "ZH", RIVERS)) as glossary:
        replaced = client.replace_multilingual_glossary_dictionary(
            glossary, Dictionary("EN", "ZH", {"Lake Elm": "榆湖"})
        )
        assert (replaced.source_lang, replaced.target_lang, replaced.entry_count) == ("EN", "ZH", 1)
        client.replace_multilingual_glossary_dictionary(glossary, Dictionary("ZH", "EN", TOWNS))
        assert entries(client, glossary, "EN", "ZH") == {"Lake Elm": "榆湖"}
        assert entries(client, glossary, "ZH", "EN") == TOWNS


def test_a_dictionary_is_deleted_and_the_glossary_stays(client: deepl.DeepLClient) -> None:
    with made(client) as glossary:
        client.delete_multilingual_glossary_dictionary(glossary, source_lang="EN", target_lang="ZH")
        left = client.get_multilingual_glossary(glossary.glossary_id)
        assert counts(left) == {("ZH", "EN"): 1}
        client.delete_multilingual_glossary_dictionary(glossary, dictionary=left.dictionaries[0])
        empty = client.get_multilingual_glossary(glossary.glossary_id)
        assert (empty.name, counts(empty)) == (glossary.name, {})
        with pytest.raises(deepl.GlossaryNotFoundException):
            client.get_multilingual_glossary_entries(glossary, "EN", "ZH")
        with pytest.raises(deepl.GlossaryNotFoundException):
            client.delete_multilingual_glossary_dictionary(
                glossary, source_lang="EN", target_lang="ZH"
            )


def test_csv_with_and_without_languages(client: deepl.DeepLClient, address: str) -> None:
    csv = '"Lima, Peru",秘鲁利马,en,zh\n"the ""Alder""",阿尔德河,EN,ZH\n'
    glossary = client.create_multilingual_glossary_from_csv("CSV", "EN", "ZH", csv)
    expected = {"Lima, Peru": "秘鲁利马", 'the "Alder"': "阿尔德河"}
    assert entries(client, glossary, "EN", "ZH") == expected
    client.update_multilingual_glossary_dictionary_from_csv(glossary, "EN", "ZH", "Elm,榆\n")
    assert entries(client, glossary, "EN", "ZH") == expected | {"Elm": "榆"}
    client.replace_multilingual_glossary_dictionary_from_csv(glossary, "EN", "ZH", csv)
    assert entries(client, glossary, "EN", "ZH") == expected
    # the client reads CSV by itself; others send it as it is
    body = {"source_lang": "en", "target_lang": "zh", "entries": csv, "entries_format": "csv"}
    path = f"{address}/v3/glossaries/{glossary.glossary_id}/dictionaries"
    assert httpx.put(path, json=body).json() == {
        "source_lang": "en",
        "target_lang": "zh",
        "entry_count": 2,
    }
    assert entries(client, glossary, "EN", "ZH") == expected
    refused = httpx.put(path, json=body | {"entries": "Elm,榆,zh,en"})
    assert (refused.status_code, refused.json()) == (
        400,
        {"message": "Invalid glossary entries provided: entry 1: has other languages."},
    )
    client.delete_multilingual_glossary(glossary)


def test_the_operators_own_files_are_glossaries_too(
    client: deepl.DeepLClient, folder: Path
) -> None:
    (folder / "desk.en-zh.tsv").write_text("# ours\nElm\t榆\n", encoding="utf-8")
    desk = client.get_multilingual_glossary("desk")
    assert (desk.name, counts(desk)) == ("desk", {("EN", "ZH"): 1})
    assert entries(client, desk, "EN", "ZH") == {"Elm": "榆"}
    client.delete_multilingual_glossary(desk)
    assert list(folder.iterdir()) == []


def test_what_the_services_own_interface_removes_is_gone_here(
    client: deepl.DeepLClient, address: str, folder: Path
) -> None:
    client.create_multilingual_glossary("Rivers", [Dictionary("EN", "ZH", RIVERS)])
    assert httpx.delete(f"{address}/glossaries/Rivers/en-zh").status_code == 204
    assert client.list_multilingual_glossaries() == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("dictionary", "message"),
    [
        (Dictionary("EN", "DE", {"Hello": "Hallo"}), "language pair"),
        (Dictionary("EN", "EN", {"Hello": "Hi"}), "language pair"),
        (Dictionary("EN", "ZH", {"#1": "一号"}), "#1: a line with # is a comment"),
        (Dictionary("EN", "ZH", {"a": "b", "b": "a"}), "circle"),
        (Dictionary("EN", "ZH", {"x" * 501: "长"}), "term 1: the source is over 500 characters"),
    ],
)
def test_what_cannot_be_an_entry_is_refused_and_leaves_nothing(
    client: deepl.DeepLClient, folder: Path, dictionary: Dictionary, message: str
) -> None:
    with pytest.raises(deepl.DeepLException, match=message) as refused:
        client.create_multilingual_glossary("Wrong", [Dictionary("ZH", "EN", TOWNS), dictionary])
    assert refused.value.http_status_code == 400
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "Glossary dictionaries must be provided."),
        ({"name": "A", "dictionaries": []}, "Glossary dictionaries must be provided."),
        ({"name": "A", "dictionaries": "x"}, "Value for 'dictionaries' is not a list of objects."),
        ({"name": "A", "dictionaries": [{}]}, "Parameter 'source_lang' not specified."),
        ({"name": ""}, "Parameter 'name' not specified."),
        ({"name": 7}, "Parameter 'name' not specified."),
        (
            {"name": "a\nb"},
            "Value for 'name' not supported: a name must be one line of printable text.",
        ),
        ({"name": "名" * 342}, "Value for 'name' not supported: a name has at most 1024 bytes."),
        ({"entries_format": "xml"}, "Value for 'entries_format' not supported."),
        ({"entries": ""}, "Parameter 'entries' not specified."),
        ({"entries": "Elm"}, "Invalid glossary entries provided: entry 1: not two columns."),
        (
            {"entries": "Elm\t榆\nElm\t榆树"},
            (
                "Invalid glossary entries provided: "
                "term 2: the same source as term 1, with another target."
            ),
        ),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(
    address: str, body: dict[str, object], message: str
) -> None:
    good: dict[str, object] = {
        "source_lang": "en",
        "target_lang": "zh",
        "entries": "Elm\t榆",
        "entries_format": "tsv",
    }
    whole = {"name": "A", "dictionaries": [good | body]} | body
    sent = whole if body else {"name": "A"}
    refused = httpx.post(f"{address}/v3/glossaries", json=sent)
    assert (refused.status_code, refused.json()) == (400, {"message": message})


@pytest.mark.parametrize("name", ["none", "..", "a b", "%2e%2e%2fetc", "名"])
def test_a_glossary_that_there_is_not(client: deepl.DeepLClient, name: str) -> None:
    dictionary = Dictionary("EN", "ZH", RIVERS)
    for ask in (
        lambda: client.get_multilingual_glossary_entries(name, "EN", "ZH"),
        lambda: client.update_multilingual_glossary_name(name, "New"),
        lambda: client.update_multilingual_glossary_dictionary(name, dictionary),
        lambda: client.replace_multilingual_glossary_dictionary(name, dictionary),
        lambda: client.delete_multilingual_glossary_dictionary(
            name, source_lang="EN", target_lang="ZH"
        ),
    ):
        with pytest.raises(deepl.GlossaryNotFoundException):
            ask()
    if name != "..":  # which is no part of a path, but leads to the list
        with pytest.raises(deepl.GlossaryNotFoundException):
            client.get_multilingual_glossary(name)


def test_only_keys_that_may_change_glossaries_do(tmp_path: Path) -> None:
    keys, folder = tmp_path / "keys.json", tmp_path / "glossaries"
    folder.mkdir()
    editor = add_key(keys, "editor")
    reader = add_key(keys, "reader", Grant(routes=("translate",)))
    settings = Settings(keys_file=keys, glossaries_dir=folder, glossaries_editable=True)
    dictionaries = [Dictionary("EN", "ZH", RIVERS)]
    with (
        live(fake_app(settings=settings)) as address,
        closing(deepl.DeepLClient(editor, server_url=address)) as editing,
        closing(deepl.DeepLClient(reader, server_url=address)) as reading,
        closing(deepl.DeepLClient("wrong", server_url=address)) as wrong,
    ):
        glossary = editing.create_multilingual_glossary("Rivers", dictionaries)
        assert entries(reading, glossary, "EN", "ZH") == RIVERS
        with pytest.raises(deepl.AuthorizationException, match="the key is not for glossaries"):
            reading.create_multilingual_glossary("Rivers", dictionaries)
        with pytest.raises(deepl.AuthorizationException):
            reading.delete_multilingual_glossary(glossary)
        with pytest.raises(deepl.AuthorizationException):
            wrong.list_multilingual_glossaries()


@pytest.mark.parametrize("there", [True, False])
def test_glossaries_that_the_operator_keeps_to_himself(tmp_path: Path, there: bool) -> None:
    (tmp_path / "desk.en-zh.tsv").write_text("Elm\t榆\n", encoding="utf-8")
    settings = Settings(glossaries_dir=tmp_path if there else None)
    with (
        live(fake_app(settings=settings)) as address,
        closing(deepl.DeepLClient("any", server_url=address)) as client,
    ):
        names = [glossary.name for glossary in client.list_multilingual_glossaries()]
        assert names == (["desk"] if there else [])
        with pytest.raises(deepl.AuthorizationException, match="JIANBAO_GLOSSARIES_EDITABLE"):
            client.create_multilingual_glossary("Mine", [Dictionary("EN", "ZH", RIVERS)])
        assert httpx.get(f"{address}/v3/languages?resource=glossary").json() == []


def test_the_languages_of_glossaries(address: str) -> None:
    listed = httpx.get(f"{address}/v3/languages?resource=glossary").json()
    assert [(one["lang"], one["usable_as_source"], one["usable_as_target"]) for one in listed] == [
        ("en", True, True),
        ("zh", True, True),
    ]
    resources = httpx.get(f"{address}/v3/languages/resources").json()
    assert [resource["name"] for resource in resources] == ["translate_text", "glossary"]
