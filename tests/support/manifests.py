"""What every manifest of ours must be, however it was rendered: valid, and within the policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
from jsonschema import Draft202012Validator

KUBERNETES = "1.37"
SCHEMAS = Path(__file__).parents[1] / "data/crds"

Manifest = dict[str, Any]


def validate(manifest: Manifest) -> None:
    """Hold it against Kubernetes' schema, or that of its custom resource.

    Raises:
        Exception: a field is unknown, absent or of the wrong type.
    """
    group = manifest["apiVersion"].partition("/")[0]
    if "." not in group or (group.endswith(".k8s.io") and group != "gateway.networking.k8s.io"):
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    else:
        _custom(manifest["kind"], manifest["apiVersion"]).validate(manifest)


@cache
def _custom(kind: str, version: str) -> Draft202012Validator:
    name = f"{kind.lower()}_{version.partition('/')[2]}.json"
    return Draft202012Validator(json.loads((SCHEMAS / name).read_text(encoding="utf-8")))


# ------------------------------------------------------------------ policy

_RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
_OWN = "jianbao"
"""The image whose digest the operator's registry gives; others have theirs here."""


def broken_rules(manifest: Manifest) -> list[str]:
    """The rules of the policy that a workload breaks; other manifests have none to break."""
    spec = manifest.get("spec", {}).get("template", {}).get("spec")
    return list(_of_pod(spec)) if spec else []


def _of_pod(pod: Manifest) -> Iterator[str]:
    context = pod.get("securityContext", {})
    if context.get("runAsNonRoot") is not True or not context.get("runAsUser"):
        yield "it may run as root"
    if context.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "it has no seccomp profile"
    if pod.get("automountServiceAccountToken") is not False:
        yield "it is given a token of the cluster"
    if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
        yield "it is in a namespace of the host"
    if any("hostPath" in volume for volume in pod.get("volumes", ())):
        yield "it mounts a path of the host"
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        yield from (f"{container['name']}: {rule}" for rule in _of_container(container))


def _of_container(container: Manifest) -> Iterator[str]:
    if container.get("securityContext") != _RESTRICTED:
        yield "it may gain privileges, or write to its root"
    resources = container.get("resources", {})
    for kind in ("requests", "limits"):
        if not resources.get(kind, {}).keys() >= {"cpu", "memory"}:
            yield f"it has no {kind}"
    if not _is_fixed(container["image"]):
        yield "its image may change under its name"


def _is_fixed(image: str) -> bool:
    if re.fullmatch(r"[\w./:-]+@sha256:[0-9a-f]{64}", image):
        return True
    name, _, tag = image.rpartition(":")
    return name == _OWN and bool(re.match(r"\d+\.\d+\.\d+", tag))
