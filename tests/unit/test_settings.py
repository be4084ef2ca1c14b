"""Settings."""

from __future__ import annotations

import contextlib
from pathlib import Path

import platformdirs
import pytest

from service.errors import SettingsError
from service.settings import Settings, load_settings


def test_an_empty_environment_gives_the_defaults() -> None:
    assert load_settings({}) == Settings()
    assert load_settings({"PATH": "/bin", "HOME": "/root"}) == Settings()


def test_every_kind_of_value_is_read_from_its_variable() -> None:
    settings = load_settings(
        {
            "JIANBAO_HOST": "192.0.2.1",
            "JIANBAO_PORT": "9000",
            "JIANBAO_MODELS_DIR": "/srv/models",
            "JIANBAO_DEADLINE_SECONDS": "2.5",
            "JIANBAO_GROUNDING": "off",
            "JIANBAO_BARE_ZH": "zh-Hant",
            "HF_ENDPOINT": "https://hub.example",
            "HF_HUB_OFFLINE": "1",
        }
    )
    assert settings.host == "192.0.2.1"
    assert settings.port == 9000
    assert settings.models_dir == Path("/srv/models")
    assert settings.deadline_seconds == 2.5
    assert settings.grounding is False
    assert settings.bare_zh == "zh-Hant"
    assert settings.hf_endpoint == "https://hub.example"
    assert settings.hf_hub_offline is True


@pytest.mark.parametrize("name", ["JIANBAO_REMOTE_URLS", "JIANBAO_REMOTE_TRANSLATE_URLS"])
def test_what_is_no_address_is_named_by_its_variable_and_not_shown(name: str) -> None:
    given = {"JIANBAO_ENGINE": "remote", "JIANBAO_REMOTE_URLS": "http://a", name: "ftp://u:pw@b"}
    with pytest.raises(SettingsError, match=f"{name}: expected http") as refused:
        load_settings(given)
    assert "pw" not in str(refused.value)


def test_an_empty_variable_is_an_absent_one() -> None:
    assert load_settings({"JIANBAO_PORT": "", "HF_TOKEN": ""}) == Settings()


def test_the_catalogue_is_the_packaged_one_unless_another_is_named_or_among_the_models(
    tmp_path: Path,
) -> None:
    named, kept = {"JIANBAO_CATALOG": "/c.toml"}, {"JIANBAO_MODELS_DIR": str(tmp_path)}
    assert load_settings(kept).catalog_path is None
    (tmp_path / "catalog.toml").touch()
    assert load_settings(kept).catalog_path == tmp_path / "catalog.toml"
    assert load_settings(kept | named).catalog_path == Path("/c.toml")


def test_weights_are_kept_in_models_if_it_is_here_and_else_in_the_users_cache(
    tmp_path: Path,
) -> None:
    with contextlib.chdir(tmp_path):
        cache = load_settings({}).models_dir
        (tmp_path / "models").mkdir()
        assert load_settings({}).models_dir == Path("models")
    assert cache == platformdirs.user_cache_path("jianbao", appauthor=False)
    assert cache.is_absolute()
    assert cache.name == "jianbao"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIANBAO_PORT", "eighty"),
        ("JIANBAO_PORT", "65536"),
        ("JIANBAO_PORT", "-1"),
        ("JIANBAO_PORT", "1.5"),
        ("JIANBAO_THREADS", "-1"),
        ("JIANBAO_QUEUE_REQUESTS", "0"),
        ("JIANBAO_DRAIN_SECONDS", "0"),
        ("JIANBAO_GROUNDING", "maybe"),
        ("JIANBAO_ENGINE", "vllm"),
        ("JIANBAO_REMOTE_GRAMMAR", "gbnf"),
        ("JIANBAO_REMOTE_TIMEOUT_SECONDS", "0"),
        ("JIANBAO_REMOTE_CONCURRENCY", "0"),
        ("JIANBAO_BARE_ZH", "zh"),
        ("JIANBAO_LOG_LEVEL", "loud"),
        ("JIANBAO_CORS_ORIGINS", "cms.example"),
        ("JIANBAO_CORS_ORIGINS", "https://*.example"),
        ("JIANBAO_CORS_ORIGINS", "https://cms.example/path"),
        ("JIANBAO_ALLOW_ANONYMOUS", "perhaps"),
        ("HF_HUB_OFFLINE", "2"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_a_misspelt_variable_stops_the_start_and_is_named() -> None:
    with pytest.raises(SettingsError, match="JIANBAO_PROT"):
        load_settings({"JIANBAO_PROT": "8000"})


@pytest.mark.parametrize(
    "urls", ["", "a:8000", "ftp://a", "http://", "http://a,", "http://a b", "http://a/?key=s3cret"]
)
def test_the_remote_engine_needs_addresses_and_does_not_repeat_wrong_ones(urls: str) -> None:
    with pytest.raises(SettingsError, match="JIANBAO_REMOTE_URLS") as told:
        load_settings({"JIANBAO_ENGINE": "remote", "JIANBAO_REMOTE_URLS": urls})
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("urls", ["http://a", "http://a:8000/v1, https://[::1]:9/x/v1"])
def test_the_remote_engine_takes_one_address_or_several(urls: str) -> None:
    settings = load_settings({"JIANBAO_ENGINE": "remote", "JIANBAO_REMOTE_URLS": urls})
    assert settings.remote_urls == urls
