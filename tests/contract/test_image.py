"""The image's files as far as they can be held against something without an engine. It is built and
run by ``tests/image``.
"""

from __future__ import annotations

import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from docker.utils.build import exclude_paths

from service.settings import VARIABLES, Settings, load_settings
from tests.support.dockerfile import Step, assignments, flags_of, read_steps

ROOT = Path(__file__).parents[2]
STEPS = read_steps(ROOT / "Dockerfile")
_LAST_ANSWERS_SECONDS = 16
"""What the server adds to ``JIANBAO_DRAIN_SECONDS`` (``service/web/server.py``)."""


def tool(name: str, *words: str) -> None:
    done = subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name(name), *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def last_stage() -> list[Step]:
    first = max(number for number, step in enumerate(STEPS) if step.name == "FROM")
    return STEPS[first:]


def compose() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_bytes())["services"]
    return services


def test_hadolint_has_nothing_to_say() -> None:
    tool("hadolint", "--failure-threshold", "style", "Dockerfile")


@pytest.mark.parametrize("file", ["compose.yaml", "docs/cms/compose.yaml"])
def test_the_compose_file_is_one(file: str) -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)


def test_all_that_is_copied_is_sent_to_the_builder_and_nothing_else() -> None:
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sent = exclude_paths(str(ROOT), [rule for rule in rules if rule and rule[0] != "#"])
    files = {path for path in sent if (ROOT / path).is_file()} - {".dockerignore", "Dockerfile"}
    copied: set[str] = set()
    for step in STEPS:
        flags, value = flags_of(step.value)
        if step.name == "COPY" and "from" not in flags:
            copied.update(value.split()[:-1])
    assert all((ROOT / one).exists() for one in copied)
    assert not {file for file in files if not any(Path(file).is_relative_to(one) for one in copied)}
    assert not {one for one in copied if not any(Path(file).is_relative_to(one) for file in files)}
    assert "service/app.py" in files


def test_it_runs_as_a_user_who_is_told_by_number_and_is_not_root() -> None:
    (user,) = [step.value for step in last_stage() if step.name == "USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)


def test_the_service_takes_every_setting_of_the_image() -> None:
    variables: dict[str, str] = {}
    for step in last_stage():
        if step.name == "ENV":
            variables |= assignments(step.value)
    ours = {name: value for name, value in variables.items() if name.startswith("JIANBAO_")}
    assert ours.keys() <= VARIABLES.keys()
    assert str(load_settings(ours).models_dir) == "/models"


def test_images_of_others_are_told_by_digest() -> None:
    pinned = r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}"
    (base,) = [step.value for step in STEPS if step.value.startswith("PYTHON=")]
    assert re.fullmatch(f"PYTHON={pinned}", base)
    named = {step.value.split()[-1] for step in STEPS if step.name == "FROM"} | {"scratch"}
    bases = {step.value.split()[0] for step in STEPS if step.name == "FROM"}
    assert {base for base in bases if "$" not in base} <= named
    valkey = compose()["valkey"]["image"]
    assert re.fullmatch(rf"\$\{{VALKEY_IMAGE:-{pinned}\}}", valkey)
    of_clusters = (ROOT / "k8s/components/valkey/valkey.yaml").read_text(encoding="utf-8")
    assert f"image: {valkey.partition(':-')[2].rstrip('}')}\n" in of_clusters


@pytest.mark.parametrize(
    "lock", ["requirements", "requirements-dev", "requirements-tools", "requirements-torch-cpu"]
)
def test_a_lock_has_a_hash_for_every_file_that_it_lets_in(lock: str) -> None:
    text = (ROOT / f"{lock}.lock").read_text(encoding="utf-8")
    blocks = re.findall(
        r"^\S+==\S+(?: ;[^\\\n]*)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+", text, re.MULTILINE
    )
    assert len(blocks) == len(re.findall(r"^[a-zA-Z]", text, re.MULTILINE)) > 0


def test_pytorch_is_pinned_to_the_version_that_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (asked,) = [one for one in project["dependencies"] if one.startswith("torch==")]
    for name, version in (("cpu", f"{asked}+cpu"), ("cuda", asked)):
        text = (ROOT / f"requirements-torch-{name}.lock").read_text(encoding="utf-8")
        assert re.findall(r"^torch==[^ ]+", text, re.MULTILINE) == [version]


def test_only_the_image_for_gpus_asks_for_them() -> None:
    stage, asking = "", set[str]()
    for step in STEPS:
        if step.name == "FROM":
            stage = step.value.split()[-1]
        if step.name == "ENV" and "NVIDIA_VISIBLE_DEVICES" in step.value:
            asking.add(stage)
    assert asking == {"base-cuda"}


@pytest.mark.parametrize("jobs", ["", "redis://valkey:6379/0"])
def test_the_service_takes_every_setting_of_the_compose_file(jobs: str) -> None:
    given = {"JIANBAO_JOBS_URL": jobs}
    environ = {
        name: re.sub(r"\$\{(\w+):-(.*?)\}", lambda found: given.get(found[1], found[2]), str(value))
        for name, value in compose()["jianbao"]["environment"].items()
    }
    assert environ.keys() <= VARIABLES.keys()
    settings = load_settings(environ)
    assert settings.threads == int(compose()["jianbao"]["cpus"].partition(":-")[2].rstrip("}"))
    assert settings.drain_seconds >= settings.deadline_seconds
    grace = int(compose()["jianbao"]["stop_grace_period"].rstrip("s"))
    assert grace > settings.drain_seconds + _LAST_ANSWERS_SECONDS


def test_what_jobs_may_take_up_fits_into_valkey_with_room_to_rewrite_its_log() -> None:
    valkey = compose()["valkey"]
    options = dict(itertools.pairwise(valkey["command"]))
    assert options["--maxmemory-policy"] == "noeviction"
    assert (options["--maxmemory"], valkey["mem_limit"]) == ("512mb", "1g")
    assert Settings().jobs_max_bytes * 2 <= 512 * 2**20


def test_every_service_of_the_compose_file_is_confined() -> None:
    for service in compose().values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
