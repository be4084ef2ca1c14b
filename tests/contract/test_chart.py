"""The Helm chart: rendered by Helm, and compared with what kustomize makes of the overlays."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.contract.test_k8s import built
from tests.support.helm import CHART, helm, rendered
from tests.support.manifests import Manifest, broken_rules, validate

KEDA = {"kind": "keda"}
OVERLAYS: dict[str, dict[str, Any]] = {
    "cpu": {},
    "autoscaled": {"autoscaling": KEDA, "monitoring": {"enabled": True}},
    "baked": {"models": {"baked": True}, "image": {"tag": "0.1.0-baked"}},
    "cpu+shared-models": {
        "models": {
            "volume": {"emptyDir": None, "persistentVolumeClaim": {"claimName": "jianbao-models"}}
        }
    },
    "single": {
        "replicas": 1,
        "strategy": {"type": "Recreate", "rollingUpdate": None},
        "valkey": {"enabled": False},
        "autoscaling": {"kind": "none"},
        "data": {
            "volume": {"emptyDir": None, "persistentVolumeClaim": {"claimName": "jianbao-data"}}
        },
    },
    "gpu": {
        "replicas": 2,
        "image": {"tag": "0.1.0-cuda"},
        "settings": {"JIANBAO_ENGINE": "transformers", "JIANBAO_LINEUP": "qwen3-4b"},
        "autoscaling": {"kind": "none"},
        "strategy": {"rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}},
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}],
        "resources": {
            "requests": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"},
            "limits": {"cpu": "4", "memory": "24Gi", "nvidia.com/gpu": "1"},
        },
    },
}
"""The values that stand for an overlay."""
EVERYTHING = {
    **OVERLAYS["autoscaled"],
    "ingress": {"enabled": True, "host": "briefs.example", "tlsSecret": "briefs-tls"},
    "gateway": {"enabled": True, "parentRefs": [{"name": "public"}], "hostnames": ["b.example"]},
    "extraEnv": [{"name": "JIANBAO_LOG_LEVEL", "value": "DEBUG"}],
    "imagePullSecrets": ["pull"],
    "image": {"digest": f"sha256:{'0' * 64}"},
    "networkPolicy": {"extraEgress": [{"ports": [{"port": 8443}]}]},
    "podAnnotations": {"a": "b"},
    "priorityClassName": "high",
    "nodeSelector": {"disk": "fast"},
}

_OF_CHARTS = {
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/version",
    "helm.sh/chart",
    "checksum/settings",
}


def normalised(manifests: list[Manifest]) -> dict[tuple[str, str], Manifest]:
    """Without what only one of the two adds: kustomize the namespace and a hash to the name of the
    settings, Helm labels of the release, a digest of the settings, and the label of the name where
    nothing selects by it.
    """
    text = re.sub(r"jianbao-settings-[0-9a-z]{10}", "jianbao-settings", json.dumps(manifests))
    plain = _without(json.loads(text))
    for one in plain:
        one["metadata"].pop("namespace", None)
        labels = one["metadata"].get("labels", {})
        if one["kind"] != "Service" and labels.pop("app.kubernetes.io/name", None) and not labels:
            del one["metadata"]["labels"]
        pod = one.get("spec", {}).get("template", {}).get("spec")
        if pod:
            # kustomize leaves an empty list where a patch took the last one, and has its own order
            pod.setdefault("initContainers", [])
            pod.get("volumes", []).sort(key=lambda volume: volume["name"])
    return {(one["kind"], one["metadata"]["name"]): one for one in plain}


def _without(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: _without(value) for key, value in node.items() if key not in _OF_CHARTS}
        return {k: v for k, v in kept.items() if k not in {"labels", "annotations"} or v}
    return [_without(one) for one in node] if isinstance(node, list) else node


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_chart_installs_what_the_overlay_does(overlay: str) -> None:
    theirs, ours = normalised(built(overlay)), normalised(rendered(OVERLAYS[overlay]))
    assert ours.keys() == theirs.keys()
    for name, manifest in theirs.items():
        assert ours[name] == manifest


@pytest.mark.parametrize("values", [*OVERLAYS.values(), EVERYTHING], ids=[*OVERLAYS, "everything"])
def test_what_the_chart_installs_is_valid_and_keeps_to_the_policy(values: dict[str, Any]) -> None:
    for manifest in rendered(values):
        validate(manifest)
        assert broken_rules(manifest) == []


def test_helm_has_nothing_to_say_against_it() -> None:
    helm("lint", "--strict", str(CHART))


def test_every_value_is_documented_and_in_the_schema() -> None:
    lines = (CHART / "values.yaml").read_text(encoding="utf-8").splitlines()
    values = yaml.safe_load("\n".join(lines))
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert schema["properties"].keys() - {"global"} == values.keys()
    for name, value in values.items():
        if isinstance(value, dict) and schema["properties"][name].get("properties"):
            assert schema["properties"][name]["properties"].keys() >= value.keys()
    groups = {name for name, value in values.items() if isinstance(value, dict) and value}
    assert [told for told in undocumented(lines) if told not in groups] == []
    assert undocumented(["# It is.", "one: 1", "two: 2", "  three: 3"]) == ["two", "three"]


def undocumented(lines: list[str]) -> list[str]:
    """Names, at the first two depths, that no comment stands before."""
    named = [(at, re.match(r"(?:  )?(\w+):", line)) for at, line in enumerate(lines)]
    return [
        found[1]
        for at, found in named
        if found and not (at and lines[at - 1].lstrip().startswith("# "))
    ]


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"replica": 2}, "replica"),
        ({"image": {"tag": "latest"}}, "tag"),
        ({"image": {"digest": "sha256:1"}}, "digest"),
        ({"settings": {"THREADS": "2"}}, "THREADS"),
        ({"resources": {"limits": {"cpu": "1500m"}}}, "cpu"),
        ({"autoscaling": {"kind": "both"}}, "kind"),
        ({"gateway": {"enabled": True}}, "parentRefs"),
        ({"valkey": {"image": "valkey/valkey:latest"}}, "image"),
        ({"autoscaling": {"kind": "keda", "min": 0}}, "min"),
        # two replicas would each have jobs of their own
        ({"valkey": {"enabled": False}}, "valkey.external"),
        ({"valkey": {"enabled": False}, "replicas": 1}, "autoscaling.kind"),
        ({"settings": {"JIANBAO_JOBS_URL": "redis://mine:6379/0"}}, "JIANBAO_JOBS_URL"),
        ({"valkey": {"external": True}}, "valkey.enabled"),
        ({"drain": {"graceSeconds": 331}}, "drain.graceSeconds"),
        ({"settings": {"JIANBAO_DRAIN_SECONDS": "330"}}, "drain.graceSeconds"),
    ],
)
def test_a_wrong_value_is_refused_by_name(values: dict[str, Any], named: str) -> None:
    with pytest.raises(AssertionError, match=named):
        rendered(values)


@pytest.mark.parametrize(
    "values",
    [
        {"valkey": {"enabled": False, "external": True}},
        {"valkey": {"enabled": False}, "settings": {"JIANBAO_JOBS_URL": "redis://mine:6379/0"}},
    ],
)
def test_a_valkey_of_ones_own_takes_the_place_of_the_chart_s(values: dict[str, Any]) -> None:
    made = normalised(rendered(values))
    assert not [kind for kind, name in made if "valkey" in name]
    settings = made["ConfigMap", "jianbao-settings"]["data"]
    assert settings.get("JIANBAO_JOBS_URL") == values.get("settings", {}).get("JIANBAO_JOBS_URL")


def test_two_releases_in_a_namespace_share_no_name_and_no_pod() -> None:
    first, second = normalised(rendered({})), normalised(rendered({}, release="other"))
    assert not first.keys() & second.keys()
    (deployment,) = [one for one in rendered({}, release="other") if one["kind"] == "Deployment"]
    assert deployment["spec"]["selector"]["matchLabels"]["app.kubernetes.io/instance"] == "other"


def test_changed_settings_roll_the_pods() -> None:
    def digest(values: dict[str, Any]) -> str:
        (one,) = [one for one in rendered(values) if one["kind"] == "Deployment"]
        told: str = one["spec"]["template"]["metadata"]["annotations"]["checksum/settings"]
        return told

    assert digest({}) == digest({}) != digest({"settings": {"JIANBAO_DEADLINE_SECONDS": "200"}})


def test_what_else_can_be_asked_for_is_there() -> None:
    made = normalised(rendered(EVERYTHING))
    ingress = made["Ingress", "jianbao"]["spec"]
    assert ingress["tls"] == [{"hosts": ["briefs.example"], "secretName": "briefs-tls"}]
    route = made["HTTPRoute", "jianbao"]["spec"]
    assert route["parentRefs"] == [{"name": "public"}]
    pod = made["Deployment", "jianbao"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == f"jianbao@sha256:{'0' * 64}"
    assert container["env"][-1] == {"name": "JIANBAO_LOG_LEVEL", "value": "DEBUG"}
    assert pod["imagePullSecrets"] == [{"name": "pull"}]
    assert made["NetworkPolicy", "jianbao"]["spec"]["egress"][-1] == {"ports": [{"port": 8443}]}
