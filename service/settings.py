"""Every setting, read once from a mapping of environment variables; no other module reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import platformdirs
from msgspec import Meta

from service.errors import SettingsError

PREFIX = "JIANBAO_"
_FOREIGN = ("hf_", "otel_")

Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[float, Meta(gt=0)]


def default_models_dir() -> Path:
    """``models`` in the working directory, as in a checkout; without it, the directory where the
    user's programs keep what they can fetch again (``~/.cache/jianbao`` on Linux).
    """
    here = Path("models")
    return here if here.is_dir() else platformdirs.user_cache_path("jianbao", appauthor=False)


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole configuration. The variable of field ``x`` is ``JIANBAO_X``, but for the hub's
    own ``HF_ENDPOINT``, ``HF_HUB_OFFLINE`` and ``HF_TOKEN``, and OpenTelemetry's ``OTEL_…``.
    """

    host: str = "127.0.0.1"
    """Address to listen on. Anything but loopback is reachable from the network."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    """Port to listen on; 0 takes a free one."""
    models_dir: Path = msgspec.field(default_factory=default_models_dir)
    """Where weights and their converted forms are kept; 3 GB for the default model. By default
    ``models`` in the working directory if it is there, else the user's cache directory."""
    catalog: Path | None = None
    """The catalogue; by default ``catalog.toml`` in the models directory if it is there, else the
    one that comes with the package."""
    lineup: str = "default"
    """Which lineup of the catalogue serves."""
    suggest_lineup: bool = True
    """At the start, ask the hub whether a better lineup can be had, and say so. It is never fetched
    by itself."""
    engine: Literal["auto", "openvino", "transformers", "remote"] = "auto"
    """Engine for the lineup's models; ``auto`` takes openvino for a GGUF on x86-64; ``remote`` has
    model servers generate, and fetches no weights."""
    threads: Annotated[int, Meta(ge=0)] = 0
    """Threads of the engine; 0 leaves it to the library. Set it to the CPU limit of a container."""
    kv_cache_gb: Positive = 2
    """Memory for the keys and values of running and remembered prompts, in GB."""
    batch_sequences: Positive = 32
    """Sequences that decode together; more raises throughput and each one's latency."""
    remote_urls: str = ""
    """Addresses of servers with OpenAI's chat completions, separated by commas."""
    remote_model: str = ""
    """Their name of the model; empty takes the first that a server lists."""
    remote_translate_urls: str = ""
    """Addresses of the servers that translate; empty: the same ones."""
    remote_translate_model: str = ""
    """Their name of the model that translates; empty takes the first that a server lists."""
    remote_api_key: str = ""
    """Bearer token for all of them."""
    remote_grammar: Literal["auto", "vllm", "vllm-guided", "sglang", "llamacpp", "none"] = "auto"
    """Which field carries a brief's grammar; ``auto`` tries what each server heeds."""
    remote_timeout_seconds: Seconds = 120.0
    """A model server that sends nothing for this long has failed; another one is asked."""
    remote_concurrency: Positive = 64
    """Sequences that all model servers together are given at once."""
    queue_requests: Positive = 256
    """Generation requests that may wait or run; beyond it the answer is 429."""
    queue_tokens: Positive = 400_000
    """Estimated tokens that may wait or run; beyond it the answer is 429."""
    deadline_seconds: Seconds = 300.0
    """An accepted request is answered or fails within this time; one that would wait longer is
    refused. A caller may ask for less (``Prefer: wait=10``)."""
    cache_answers: Annotated[int, Meta(ge=0)] = 1024
    """Answers that are remembered for repeated requests, a few KB each; 0 remembers none."""
    drain_seconds: Seconds = 120.0
    """After SIGTERM, accepted requests may take this long before the process ends."""
    connections: Positive = 1000
    """Requests that may be under way at once; beyond it the answer is 503. Of connections without
    one, the longest idle are closed when there are too many."""
    head_seconds: Seconds = 20.0
    """A connection is closed if the head of its first request, or of one that has begun, takes
    longer."""
    body_seconds: Seconds = 30.0
    """A body may take this long, and a second more for each 16 KB of it; then the answer is 408."""
    keep_alive_seconds: Seconds = 75.0
    """A connection is kept this long for the next request: longer than the 60 s of most load
    balancers, which must be the ones to close it."""
    step_timeout_seconds: Seconds = 120.0
    """An engine that says nothing for this long while it has work is hung, and restarted."""
    max_body_bytes: Positive = 2_097_152
    """Larger request bodies are refused with 413 before they are read whole."""
    max_article_characters: Positive = 200_000
    """Longer articles are refused with 413."""
    translate_characters: Positive = 100_000
    """Characters that one request for translation may bring, over all its texts."""
    translate_items: Positive = 10_000
    """Texts that one request for translation may bring."""
    translate_effort: Literal["quick", "best"] = "quick"
    """How translations are made for callers that do not say; ``best`` takes several times as
    long."""
    data_dir: Path = Path("data")
    """Where jobs are kept; made if it is absent, for its owner alone."""
    jobs_url: str = ""
    """Where jobs are kept instead: ``redis://…`` or ``valkey://…`` for a cluster; ``memory:`` loses
    them with the process."""
    jobs_max: Positive = 10_000
    """Articles of jobs that may wait and run; beyond it the answer is 429."""
    jobs_max_bytes: Positive = 268_435_456
    """Bytes of jobs that are kept, texts and results together, with 1,024 for each article; beyond
    it the answer is 429 if texts take them up, 507 if results do."""
    jobs_concurrent: Positive = 8
    """Articles of jobs that run together; while a request waits for the engine, one is begun in
    every quarter of the deadline."""
    jobs_keep_seconds: Seconds = 86_400.0
    """A job is forgotten this long after its end; its text is removed at once."""
    jobs_lease_seconds: Seconds = 15.0
    """After a process has died, its articles are taken up by another one this much later."""
    max_batch_bytes: Positive = 33_554_432
    """Larger batches are refused with 413 before they are read whole."""
    webhook_secret: str = ""
    """Signs webhooks: ``whsec_`` and at least 24 bytes in base64; without one none are sent."""
    webhook_hosts: str = ""
    """Hosts that webhooks may go to, separated by commas, ``*.`` for all below a name; without any,
    public addresses only."""
    webhook_allow_http: bool = False
    """Webhooks may go to ``http://`` addresses, unencrypted."""
    names_path: Path | None = None
    """A table of names and terms (columns ``zh``, ``en``, ``kind``, ``also_zh``, ``also_en``), or a
    directory of such ``.tsv`` files; they win over those that come with the service."""
    names_style: Literal["latin", "both"] = "latin"
    """How Chinese writes foreign persons: whom no table knows in Latin letters; ``both`` adds them
    to those who are known too: 约翰·史密斯（John Smith）."""
    glossaries_dir: Path | None = None
    """Directory of named glossaries, ``NAME.en-zh.tsv`` and the like; without one there are
    none."""
    glossary: str = ""
    """Name of the glossary that all briefs and translations follow, also those that name another or
    bring terms of their own, which win; it need not be there yet."""
    glossaries_editable: bool = False
    """Callers may change the named glossaries; with keys, those that may use ``glossaries``."""
    keys_file: Path | None = None
    """File of the API keys (``jianbao keys add NAME`` makes it); without one nobody needs a key."""
    key: str = ""
    """The API key that ``jianbao ask`` shows to the service; serving does not read it."""
    rates_url: str = ""
    """Where the rates of the keys are counted for all replicas: ``redis://…``; without one each
    process counts by itself."""
    allow_anonymous: bool = False
    """Serve beyond loopback without keys: whoever reaches the port may call."""
    fetch_urls: Literal["auto", "on", "off"] = "auto"
    """Fetch pages whose ``url`` is sent; ``auto``: only while the address is a loopback one."""
    fetch_hosts: str = ""
    """Hosts that pages are fetched from, separated by commas, ``*.`` before one for all below it;
    without any, whatever is public. A host that is named may have a private address."""
    page: bool = True
    """Serve the page for people at ``/``; without it ``/`` leads to the documentation."""
    cors_origins: str = ""
    """Origins whose pages may call from a browser, separated by commas; ``*``: all."""
    bare_zh: Literal["zh-Hans", "zh-Hant", "zh-TW", "zh-HK"] = "zh-Hans"
    """What a request for plain ``zh`` means, unless the caller's key says."""
    grounding: bool = True
    """Off, briefs are decoded without a grammar: for measuring only."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Least severe level that is logged."""
    otel_exporter_otlp_endpoint: str = ""
    """Where traces are sent, by OTLP over HTTP (``OTEL_EXPORTER_OTLP_ENDPOINT``)."""
    otel_service_name: str = "jianbao"
    """What this service is called there (``OTEL_SERVICE_NAME``)."""
    hf_endpoint: str = "https://huggingface.co"
    """The hub, or a mirror that speaks its HTTP (``HF_ENDPOINT``)."""
    hf_hub_offline: bool = False
    """Never ask the hub (``HF_HUB_OFFLINE``)."""
    hf_token: str = ""
    """Token for gated repositories (``HF_TOKEN``)."""

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts that webhooks may go to."""
        return _hosts(self.webhook_hosts)

    @property
    def fetched_hosts(self) -> tuple[str, ...]:
        """Hosts that pages are fetched from."""
        return _hosts(self.fetch_hosts)

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins whose pages may call from a browser."""
        return tuple(one.strip() for one in self.cors_origins.split(",") if one.strip())

    @property
    def catalog_path(self) -> Path | None:
        """Path of the catalogue; None is the one that comes with the package."""
        if self.catalog is not None:
            return self.catalog
        beside = self.models_dir / "catalog.toml"
        return beside if beside.exists() else None


def _hosts(listed: str) -> tuple[str, ...]:
    hosts = (host.strip().rstrip(".").lower() for host in listed.split(","))
    return tuple(host for host in hosts if host)


def _variable(field: str) -> str:
    return field.upper() if field.startswith(_FOREIGN) else PREFIX + field.upper()


VARIABLES: dict[str, str] = {_variable(field): field for field in Settings.__struct_fields__}
"""Environment variable to field name."""

_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True}
_BOOLEANS |= {"0": False, "false": False, "no": False, "off": False}


def _to_path(kind: type, raw: object) -> object:
    """Teach msgspec the one type of ours that it does not know."""
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    raise NotImplementedError(kind)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from ``environ``.

    Raises:
        SettingsError: a ``JIANBAO_`` variable is unknown, or a value is of the wrong type or out
            of range; the text names the variable.
    """
    unknown = [name for name in environ if name.startswith(PREFIX) and name not in VARIABLES]
    if unknown:
        raise SettingsError(f"unknown setting {sorted(unknown)[0]}; see docs/configuration.md")
    values: dict[str, object] = {}
    for name, field in VARIABLES.items():
        raw = environ.get(name)
        if raw is None or raw == "":
            continue
        if Settings.__annotations__[field] == "bool":
            if raw.lower() not in _BOOLEANS:
                raise SettingsError(f"{name}: expected one of {', '.join(_BOOLEANS)}, got {raw!r}")
            values[field] = _BOOLEANS[raw.lower()]
        else:
            values[field] = raw
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        field = match[1] if (match := re.search(r"\$\.(\w+)", str(error))) else ""
        message = str(error).partition(" - at ")[0]
        raise SettingsError(f"{_variable(field)}: {message}") from None
    if settings.engine == "remote":
        _check_addresses(settings.remote_urls, "JIANBAO_REMOTE_URLS")
        if settings.remote_translate_urls:
            _check_addresses(settings.remote_translate_urls, "JIANBAO_REMOTE_TRANSLATE_URLS")
    _check_origins(settings.origins)
    return settings


def _check_origins(origins: tuple[str, ...]) -> None:
    """Refuse what a browser sends as no origin.

    Raises:
        SettingsError: one is none.
    """
    for origin in origins:
        if origin != "*" and not re.fullmatch(r"https?://[^/?#*\s]+", origin):
            raise SettingsError(
                f"JIANBAO_CORS_ORIGINS: {origin!r} is neither * nor like https://cms.example"
            )


def _check_addresses(urls: str, name: str) -> None:
    """Refuse what is no list of addresses.

    Raises:
        SettingsError: it is none; the text leaves it out, for it may hold a password.
    """
    for url in urls.split(","):
        if not re.match(r"https?://[^/?#\s]+(/[^?#\s]*)?$", url.strip()):
            raise SettingsError(
                f"{name}: expected http:// or https:// addresses, separated by commas"
            )
