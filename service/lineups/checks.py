"""Does a lineup hold together? What can be said of it without a network and without loading it."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from typing import Literal

import msgspec

from service.errors import DigestMismatch, WeightsError
from service.inference.engines.readable import can_read
from service.lineups.engines import choose_engine
from service.settings import Settings
from service.weights.catalogue import Lineup, Model
from service.weights.headers import Header, read_header
from service.weights.progress import format_bytes
from service.weights.store import Store

State = Literal["ok", "note", "absent", "wrong"]
_PINS = {
    "digest": "every file by its SHA-256",
    "revision": "by revision: the hub is trusted, once, for the digests of its files",
    "none": "not at all: it follows a branch",
    "local": "not at all: a directory of yours",
}


class CheckResult(msgspec.Struct, frozen=True):
    """One thing that was looked at. ``note`` is what an operator should know, ``absent`` what
    cannot be looked at yet, ``wrong`` what will not work.
    """

    model: str
    state: State
    text: str


def check_lineup(
    lineup: Lineup, store: Store, settings: Settings, *, machine: str = ""
) -> Iterator[CheckResult]:
    """Look at each model of ``lineup``: how it is pinned, its licence, how it is prompted, whether
    its engine reads it, and, if its files are here, whether they are what the entry says. Hashes
    them, which takes a few seconds for each GB; changes nothing.
    """
    remote = settings.engine == "remote" or (
        lineup.engine == "remote" and settings.engine == "auto"
    )
    for model in lineup.models:
        tasks = " ".join(task for task, server in lineup.tasks.items() if server is model)
        found = [
            _pin(model),
            _licence(model),
            _prompting(model, tasks),
            _engine(model, settings, machine or platform.machine(), remote=remote),
            *([] if remote else _files(model, store)),
        ]
        yield from (CheckResult(model.name, state, text) for state, text in found)


_Found = tuple[State, str]


def _pin(model: Model) -> _Found:
    size = "" if model.download_bytes is None else f", {format_bytes(model.download_bytes)}"
    return ("ok" if model.pin == "digest" else "note"), f"pinned {_PINS[model.pin]}{size}"


def _licence(model: Model) -> _Found:
    allowed = "commercial use allowed" if model.commercial_use else "no commercial use"
    note = f" ({model.licence_note})" if model.licence_note else ""
    state: State = "note" if note or not model.commercial_use else "ok"
    return state, f"licence {model.licence}, {allowed}{note}"


def _prompting(model: Model, tasks: str) -> _Found:
    if model.architecture == "seq2seq" and model.prompting != "plain":
        return "wrong", f"prompted as {model.prompting}, but a seq2seq model takes the text alone"
    measured = "" if model.measured else "; not measured by this project"
    return (
        "ok" if model.measured else "note"
    ), f"prompted as {model.prompting} for {tasks}{measured}"


def _engine(model: Model, settings: Settings, machine: str, *, remote: bool) -> _Found:
    if remote:
        return "note", "run by model servers: what they can read is for them to say"
    engine = choose_engine(model, settings.engine, machine)
    if not model.model_type:
        return "note", f"engine {engine}; the entry does not say the architecture (model_type)"
    if can_read(engine, model.format, model.model_type):
        return "ok", f"engine {engine} reads {model.model_type} from {model.format}"
    return "wrong", f"engine {engine} cannot read {model.model_type} from {model.format}"


def _files(model: Model, store: Store) -> Iterator[_Found]:
    """What is said of the files on this disk."""
    try:
        path = store.check(model)
    except DigestMismatch as error:
        yield "wrong", str(error)
        return
    except WeightsError as error:
        yield "absent", str(error)
        return
    expected = "files are here" if model.path else "files have the sizes and digests expected"
    yield "ok", expected
    try:
        yield from _header(model, read_header(path))
    except WeightsError as error:
        yield "wrong", str(error)


def _header(model: Model, header: Header) -> Iterator[_Found]:
    if model.model_type and header.model_type != model.model_type:
        said = header.model_type or "nothing"
        yield "wrong", f"the entry says {model.model_type}, the files say {said}"
    if model.prompting != "plain" and not header.has_template:
        yield "wrong", "the files have no chat template"
    for token in model.stop:
        if token not in header.tokens:
            yield "wrong", f"the tokenizer has no token {token} to stop at"
