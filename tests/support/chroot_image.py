"""The Dockerfile's steps without a Docker engine: ``python -m tests.support.chroot_image`` (root,
Linux, debootstrap).

Every stage is an overlay over what it is built from, in the order of the file; RUN, HEALTHCHECK,
ENTRYPOINT and CMD are run by chroot in it. Debian's Python 3.11 in a debootstrap root stands in for
``python:3.11-slim-bookworm``. Then the last stage is started as the user of the image, its root
mounted read-only, twice: with the model that is in it, and with a volume that holds the model as it
was fetched, which is converted there. The samples of ``seeds/`` are posted to both.

Not shown by this: layers and their cache, BuildKit, a container's limits and namespaces.

Packages come from wherever this machine's pip takes them: its settings, and the directories that
they name, are mounted into the roots while a step runs, and are in no file of an image.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from docker.utils.build import exclude_paths
from dockerfile_parse import DockerfileParser

from service.text.numbers import unsupported
from service.text.scripts import convert

PROJECT = Path(__file__).parents[2]
BASE = "python:3.11-slim-bookworm"
_INSIDE = {"PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"}
_READY_SECONDS = 600
_END_SECONDS = 60


# ------------------------------------------------------------------ the file


@dataclass(frozen=True)
class Step:
    """One instruction, and the line where it begins."""

    line: int
    name: str
    value: str


def read_steps(dockerfile: Path) -> list[Step]:
    """Return the instructions, without comments."""
    with dockerfile.open("rb") as file:
        structure = DockerfileParser(fileobj=file).structure
    return [
        Step(one["startline"] + 1, one["instruction"], one["value"])
        for one in structure
        if one["instruction"] != "COMMENT"
    ]


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Put ``$NAME`` and ``${NAME}`` in, as the builder does outside RUN."""
    return re.sub(
        r"\$(?:\{(\w+)\}|(\w+))", lambda found: variables.get(found[1] or found[2], ""), text
    )


def flags_of(value: str) -> tuple[dict[str, str], str]:
    """Split ``--name=value`` words off the front of an instruction."""
    flags: dict[str, str] = {}
    while found := re.match(r"--([\w-]+)=(\S+)\s+", value):
        flags[found[1]] = found[2]
        value = value[found.end() :]
    return flags, value


def assignments(value: str) -> dict[str, str]:
    """Read the words of ENV, LABEL and ARG."""
    return dict(word.partition("=")[::2] for word in shlex.split(value))


# ------------------------------------------------------------------ stages


@dataclass
class Stage:
    """What a stage is so far: its layers, the topmost first, and its settings."""

    name: str
    layers: list[Path]
    env: dict[str, str] = field(default_factory=lambda: dict(_INSIDE))
    arguments: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    directory: str = "/"
    user: str = "0:0"
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, str]:
        return self.arguments | self.env


class Rehearsal:
    """Builds all stages of a Dockerfile under ``room``."""

    def __init__(self, room: Path, given: Mapping[str, str]) -> None:
        self.room = room
        self.given = given
        self.stages: dict[str, Stage] = {}
        self.report: list[dict[str, Any]] = []
        self._global: dict[str, str] = {}
        self._base = Stage(BASE, [debootstrap(room / "base")])
        self._pip = PipSettings.of_this_machine()

    def build(self, dockerfile: Path) -> Stage:
        """Carry out every step in order; return the last stage."""
        stage: Stage | None = None
        for step in read_steps(dockerfile):
            begun = time.monotonic()
            if step.name == "FROM":
                stage = self._from(step)
            elif stage is None:
                self._global |= self._argument(step, {})
            else:
                self._carry_out(step, stage)
            seconds = round(time.monotonic() - begun, 1)
            name = stage.name if stage else ""
            self.report.append(
                {"line": step.line, "stage": name, "step": step.name, "seconds": seconds}
            )
            print(f"{seconds:7.1f} s  {name or '-':14} {step.name} {step.value[:90]}", flush=True)
        assert stage
        return stage

    def _from(self, step: Step) -> Stage:
        image, _, name = expand(step.value, self._global).partition(" AS ")
        name = name or str(len(self.stages))
        parent = Stage("scratch", []) if image == "scratch" else self.stages.get(image)
        if parent is None:
            assert image == BASE, f"no stand-in for {image}"
            parent = self._base
        top = self.room / "stages" / name
        top.mkdir(parents=True)
        stage = replace(
            parent,
            name=name,
            layers=[top, *parent.layers],
            env=dict(parent.env),
            labels=dict(parent.labels),
            arguments={},
        )
        self.stages[name] = stage
        return stage

    def _argument(self, step: Step, known: Mapping[str, str]) -> dict[str, str]:
        name, has_default, default = step.value.partition("=")
        if name in self.given:
            return {name: self.given[name]}
        if has_default:
            return {name: expand(shlex.split(default)[0] if default else "", known)}
        return {name: self._global[name]} if name in self._global else {}

    def _carry_out(self, step: Step, stage: Stage) -> None:  # noqa: C901 (a table of instructions)
        value = step.value
        match step.name:
            case "ARG":
                stage.arguments |= self._argument(step, stage.variables)
            case "ENV":
                stage.env |= assignments(expand(value, stage.variables))
            case "LABEL":
                stage.labels |= assignments(expand(value, stage.variables))
            case "USER":
                stage.user = expand(value, stage.variables)
            case "WORKDIR":
                stage.directory = expand(value, stage.variables)
                with self.mounted(stage) as root:
                    inside(root, stage.directory).mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(stage, expand(value, stage.variables))
            case "RUN":
                with self.mounted(stage) as root, self._pip.lent(root):
                    run(stage, root, ["/bin/sh", "-c", value], build=True)
            case "HEALTHCHECK":
                _, command = flags_of(value)
                stage.health = json.loads(command.removeprefix("CMD"))
            case "ENTRYPOINT":
                stage.entrypoint = json.loads(value)
            case "CMD":
                stage.command = json.loads(value)
            case "EXPOSE" | "STOPSIGNAL":
                pass
            case _:
                raise ValueError(f"line {step.line}: {step.name} is not known here")

    def _copy(self, stage: Stage, value: str) -> None:
        flags, value = flags_of(value)
        *sources, target = value.split()
        with ExitStack() as stack:
            root = stack.enter_context(self.mounted(stage))
            if name := flags.get("from"):
                origin = stack.enter_context(self.mounted(self.stages[name]))
            else:
                origin = self._context(stage.name)
            place = inside(root, os.path.join(stage.directory, target))
            for source in sources:
                copy_layer(
                    inside(origin, source),
                    place,
                    into=len(sources) > 1 or target.endswith("/"),
                    owner=flags.get("chown", "0:0"),
                )

    def _context(self, name: str) -> Path:
        """What the builder is sent: the project without what .dockerignore leaves out."""
        place = self.room / "context"
        if not place.exists():
            rules = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
            rules = [rule for rule in rules if rule and not rule.startswith("#")]
            for path in exclude_paths(str(PROJECT), rules):
                if (PROJECT / path).is_file():
                    (place / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(PROJECT / path, place / path)
        return place

    @contextmanager
    def mounted(self, stage: Stage, *, read_only: bool = False) -> Iterator[Path]:
        """Give the stage's root, with what every container has: /proc, /sys, /dev, names."""
        root = self.room / "roots" / f"{stage.name}-{time.monotonic_ns()}"
        work = self.room / "work" / stage.name
        root.mkdir(parents=True)
        work.mkdir(parents=True, exist_ok=True)
        top, *below = stage.layers
        with ExitStack() as stack:
            if below:
                where = f"lowerdir={':'.join(map(str, below))},upperdir={top},workdir={work}"
                mount(stack, "-t", "overlay", "overlay", "-o", where, root)
                for name in ("proc", "sys", "dev", "tmp", "etc"):
                    (root / name).mkdir(exist_ok=True)
                mount(stack, "-t", "proc", "proc", root / "proc")
                mount(stack, "--rbind", "/sys", root / "sys")
                mount(stack, "--rbind", "/dev", root / "dev")
                for name in ("resolv.conf", "hosts"):
                    lend(stack, Path("/etc") / name, root)
            else:
                mount(stack, "--bind", top, root)
            if read_only:
                command("mount", "-o", "remount,ro,bind", root)
                stack.callback(command, "mount", "-o", "remount,rw,bind", root)
            yield root


@dataclass(frozen=True)
class PipSettings:
    """What pip knows on this machine, and the files and directories that it names."""

    options: dict[str, str]
    places: list[Path]

    @classmethod
    def of_this_machine(cls) -> PipSettings:
        told = command(sys.executable, "-m", "pip", "config", "list")
        options: dict[str, str] = {}
        for line in told.splitlines():
            name, _, value = line.partition("=")
            options[name.rpartition(".")[2]] = ast.literal_eval(value)
        places = {
            # an index of files keeps them beside its pages
            Path(urlsplit(word).path).parent if word.startswith("file:") else Path(word)
            for value in options.values()
            for word in value.split()
            if word.startswith(("file:", "/"))
        }
        return cls(options, sorted(place for place in places if place.exists()))

    @contextmanager
    def lent(self, root: Path) -> Iterator[None]:
        """Make them known to the root for as long as a step runs."""
        with ExitStack() as stack:
            text = "".join(f"{name} = {value}\n" for name, value in self.options.items())
            written = root.parent.parent / "pip.conf"
            written.write_text(f"[global]\n{text}", encoding="utf-8")
            lend(stack, written, root, Path("/etc/pip.conf"))
            for place in self.places:
                lend(stack, place, root)
            yield


# ------------------------------------------------------------------ machinery


def command(*words: str | Path) -> str:
    """Run it; its words, and what it said, are in the error."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, f"{shlex.join(map(str, words))}: {done.stderr or done.stdout}"
    return done.stdout


def mount(stack: ExitStack, *words: str | Path) -> None:
    """Mount, and unmount when the stack is left."""
    command("mount", *words)
    stack.callback(command, "umount", "--recursive", "--lazy", words[-1])


def lend(stack: ExitStack, place: Path, root: Path, at: Path | None = None) -> None:
    """Show a file or a directory of this machine in the root; leave no trace of it."""
    target = inside(root, str(at or place))
    if not target.exists():
        made = [target]
        while not made[-1].parent.exists():
            made.append(made[-1].parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.mkdir() if place.is_dir() else target.touch()
        for one in reversed(made):
            stack.callback(one.rmdir if one.is_dir() else one.unlink)
    command("mount", "--bind", place, target)
    stack.callback(command, "umount", target)


def inside(root: Path, path: str) -> Path:
    """A path of the root, as one of this machine."""
    return root / path.lstrip("/")


def copy_layer(source: Path, target: Path, *, into: bool, owner: str) -> None:
    """Copy as COPY does: a directory's content, or a file; times in whole seconds, as in layers."""
    if source.is_dir():
        target.mkdir(parents=True, exist_ok=True)
        uid, gid = owner.split(":")
        packed = ["tar", "-C", str(source), "--format=gnu", f"--owner=:{uid}", f"--group=:{gid}"]
        with subprocess.Popen([*packed, "-c", "."], stdout=subprocess.PIPE) as pack:  # noqa: S603
            unpack = ["tar", "-C", str(target), "--numeric-owner", "-xp"]
            subprocess.run(unpack, stdin=pack.stdout, check=True)  # noqa: S603
        assert pack.returncode == 0
    else:
        place = target / source.name if into else target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
        shutil.copymode(source, place)
        os.utime(place, (int(source.stat().st_mtime),) * 2)
        os.chown(place, *map(int, owner.split(":")))


def in_root(stage: Stage, root: Path, words: Sequence[str]) -> list[str]:
    """The command line that runs ``words`` in the root, as the stage's user, in its directory."""
    inner = f"cd {shlex.quote(stage.directory)} && exec {shlex.join(words)}"
    return ["chroot", f"--userspec={stage.user}", "--groups=", str(root), "/bin/sh", "-c", inner]


def run(stage: Stage, root: Path, words: Sequence[str], *, build: bool = False) -> None:
    """Run to the end, with the stage's variables and no other; arguments only while building."""
    env = stage.variables if build else stage.env
    subprocess.run(in_root(stage, root, words), env=env, check=True)  # noqa: S603


def debootstrap(place: Path) -> Path:
    """Make the stand-in for the base image, or take the one that is here."""
    if not (place / "usr/local/bin/python").is_symlink():
        print("debootstrap", flush=True)
        command("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", place)
        install = "apt-get update && apt-get install -y --no-install-recommends python3.11-venv"
        command("chroot", place, "/bin/sh", "-c", f"{install} && rm -rf /var/lib/apt/lists/*")
        for name in ("python", "python3"):
            (place / "usr/local/bin" / name).symlink_to("/usr/bin/python3.11")
    return place


# ------------------------------------------------------------------ what was built, running


def serve(rehearsal: Rehearsal, stage: Stage, volume: Path | None) -> dict[str, Any]:
    """Start the image as it is meant to be run, post the samples, end it; return what came."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = str(probe.getsockname()[1])
    env = stage.env | {"JIANBAO_HOST": "127.0.0.1", "JIANBAO_PORT": port}
    stage = replace(stage, env=env)
    with rehearsal.mounted(stage, read_only=True) as root, ExitStack() as stack:
        for path in ("/tmp", "/data"):  # noqa: S108 (of the image)
            mount(stack, "-t", "tmpfs", "-o", "mode=1777", "tmpfs", inside(root, path))
        if volume:
            mount(stack, "--bind", volume, inside(root, "/models"))
        begun = time.monotonic()
        words = in_root(stage, root, [*stage.entrypoint, *stage.command])
        process = subprocess.Popen(["setpriv", "--no-new-privs", *words], env=env)  # noqa: S603, S607
        try:
            _until_healthy(stage, root, process)
            report: dict[str, Any] = {"ready": round(time.monotonic() - begun, 1)}
            report |= _posted(f"http://127.0.0.1:{port}")
            report["uid"] = os.stat(f"/proc/{process.pid}").st_uid
            report["written"] = _can_write(stage, root)
            process.send_signal(signal.SIGTERM)
            report["status"] = process.wait(_END_SECONDS)
        finally:
            process.kill()
            process.wait()
    return report


def _until_healthy(stage: Stage, root: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while True:
        assert process.poll() is None, f"it ended with {process.returncode}"
        assert time.monotonic() < until, "it did not become healthy"
        check = in_root(stage, root, stage.health)
        done = subprocess.run(check, env=stage.env, capture_output=True, check=False)  # noqa: S603
        if done.returncode == 0:
            return
        time.sleep(2)


def _posted(address: str) -> dict[str, Any]:
    answers = {}
    for sample in sorted((PROJECT / "seeds").glob("*.json")):
        begun = time.monotonic()
        answer = httpx.post(
            f"{address}/summarize",
            content=sample.read_bytes(),
            headers={"Content-Type": "application/json"},
            timeout=300,
        )
        assert answer.status_code == 200, answer.text
        briefs = {tag: brief["text"] for tag, brief in answer.json()["summaries"].items()}
        assert briefs
        assert all(briefs.values())
        article = json.loads(sample.read_bytes())
        source = "\n".join(article[name] for name in ("title", "text", "html") if name in article)
        plain = [convert(brief, "zh-Hans") for brief in briefs.values()]
        strange = [one.text for brief in plain for one in unsupported(brief, source)]
        assert not strange, f"numbers of a brief that {sample.name} lacks: {strange}; {briefs}"
        seconds = round(time.monotonic() - begun, 1)
        answers[sample.name] = {"seconds": seconds, "briefs": briefs}
    return {"answers": answers}


def _can_write(stage: Stage, root: Path) -> list[str]:
    """Where the image's user can write, of the places where it may matter."""
    places = ("/", "/etc", "/opt/jianbao", "/usr", "/models", "/data", "/tmp")  # noqa: S108
    script = 'for one in "$@"; do (: > "$one/.try") 2>/dev/null && echo "$one"; done; true'
    words = in_root(stage, root, ["/bin/sh", "-c", script, "sh", *places])
    done = subprocess.run(words, env=stage.env, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.split()


def main() -> int:
    """Build and run; the report is the last thing printed."""
    parser = argparse.ArgumentParser(description="The Dockerfile's steps, without Docker.")
    parser.add_argument("--room", type=Path, required=True, help="Empty directory, 20 GB.")
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--own-mounts", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not arguments.own_mounts:
        # mounts of our own, which end with us
        again = [sys.executable, "-m", "tests.support.chroot_image", "--own-mounts", *sys.argv[1:]]
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", *again])  # noqa: S606, S607
    room: Path = arguments.room.resolve()
    rehearsal = Rehearsal(room, dict(one.partition("=")[::2] for one in arguments.build_arg))
    last = rehearsal.build(PROJECT / "Dockerfile")
    with rehearsal.mounted(rehearsal.stages["sbom"]) as root:
        [bill] = root.iterdir()
        components = len(json.loads(bill.read_bytes())["components"])
    report: dict[str, Any] = {"components": components, "labels": last.labels}
    report["baked"] = serve(rehearsal, last, None)
    volume = room / "volume"
    with rehearsal.mounted(last) as root:
        command("cp", "-a", root / "models", volume)
        for converted in volume.glob("*/converted"):
            shutil.rmtree(converted)
        report["bytes"] = int(command("du", "-sbx", root).split()[0])
    report["volume"] = serve(rehearsal, last, volume)
    report["steps"] = rehearsal.report
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
