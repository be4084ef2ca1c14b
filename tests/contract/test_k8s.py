"""The manifests of k8s/: built, held against the schemas, against the settings and the metrics."""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import httpx
import pytest
import yaml
from jsonschema import ValidationError
from redis.asyncio import Redis

from service.app import create_app
from service.inference.fake import FakeGenerator
from service.jobs.model import Bounds, JobArticle, JobRequest
from service.jobs.redis_store import RedisJobs
from service.settings import VARIABLES, Settings, load_settings
from service.translation.fake import FakeTranslator
from service.web.health import PROBES
from tests.support.briefs import EchoBriefs
from tests.support.live import live
from tests.support.manifests import SCHEMAS, Manifest, broken_rules, validate
from tests.support.redis import BINARY, redis_server

ROOT = Path(__file__).parents[2]
OVERLAYS = sorted(path.name for path in (ROOT / "k8s/overlays").iterdir())
JOINED = ("cpu+shared-models", "autoscaled+to-zero")
"""Overlays with a component that none of them has."""
ALERTS = ROOT / "k8s/components/monitoring/alerts.yaml"
DASHBOARD = ROOT / "k8s/components/monitoring/dashboard.json"
TRIGGERS = ROOT / "k8s/components/keda/scaledobject.yaml"
_LAST_ANSWERS_SECONDS = 16
"""What the server adds to ``JIANBAO_DRAIN_SECONDS`` (``service/web/server.py``)."""


@cache
def built(overlay: str) -> list[Manifest]:
    """What would be applied: of an overlay, or of one with a component more (``cpu+to-zero``)."""
    name, _, component = overlay.partition("+")
    if not component:
        return _kustomized(ROOT / "k8s/overlays" / name)
    with tempfile.TemporaryDirectory() as copy:
        folder = Path(shutil.copytree(ROOT / "k8s", Path(copy) / "k8s")) / "overlays/joined"
        folder.mkdir()
        joined = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": [f"../{name}"],
            "components": [f"../../components/{component}"],
        }
        (folder / "kustomization.yaml").write_text(yaml.safe_dump(joined), encoding="utf-8")
        return _kustomized(folder)


def _kustomized(folder: Path) -> list[Manifest]:
    kubectl = Path(sys.executable).with_name("kubectl")
    done = subprocess.run(  # noqa: S603
        [kubectl, "kustomize", folder],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, kind: str) -> list[Manifest]:
    return [one for one in built(overlay) if one["kind"] == kind]


def named(overlay: str, kind: str, name: str = "jianbao") -> Manifest:
    (found,) = [one for one in of_kind(overlay, kind) if one["metadata"]["name"] == name]
    return found


def pods(overlay: str) -> Iterator[Manifest]:
    for kind in ("Deployment", "StatefulSet"):
        yield from (one["spec"]["template"]["spec"] for one in of_kind(overlay, kind))


def containers(overlay: str) -> Iterator[Manifest]:
    for pod in pods(overlay):
        yield from (*pod.get("initContainers", ()), *pod["containers"])


def service_pod(overlay: str) -> Manifest:
    pod: Manifest = named(overlay, "Deployment")["spec"]["template"]["spec"]
    return pod


def settings_of(overlay: str) -> dict[str, str]:
    """What the service finds in its environment."""
    (container,) = service_pod(overlay)["containers"]
    config = container["envFrom"][0]["configMapRef"]["name"]
    data: dict[str, str] = named(overlay, "ConfigMap", config)["data"]
    cpus = container["resources"]["limits"]["cpu"]
    return data | {one["name"]: one.get("value", cpus) for one in container["env"]}


# ------------------------------------------------------------------ schemas


@pytest.mark.parametrize("overlay", [*OVERLAYS, *JOINED])
def test_every_manifest_is_what_its_schema_allows_and_has_no_other_field(overlay: str) -> None:
    for manifest in built(overlay):
        validate(manifest)


def test_the_schemas_of_custom_resources_are_those_that_were_taken() -> None:
    told = re.findall(r"\| `(\S+\.json)` \|.*`([0-9a-f]{64})`", (SCHEMAS / "README.md").read_text())
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SCHEMAS.glob("*.json")
    }
    assert dict(told) == found


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["spec"].update(minReplicas=2),
        lambda one: one["spec"].pop("triggers"),
        lambda one: one["spec"]["scaleTargetRef"].pop("name"),
        lambda one: one["spec"].update(maxReplicaCount="8"),
    ],
)
def test_a_custom_resource_that_its_operator_would_refuse_is_found(
    change: Callable[[Manifest], object],
) -> None:
    scaled = copy.deepcopy(named("autoscaled", "ScaledObject"))
    validate(scaled)
    change(scaled)
    with pytest.raises(ValidationError):
        validate(scaled)


def test_every_overlay_is_there() -> None:
    assert OVERLAYS == ["autoscaled", "baked", "cpu", "gpu", "single", "vllm"]


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_service_takes_every_setting_of_a_manifest(overlay: str) -> None:
    environ = settings_of(overlay)
    unknown = {name for name in environ if name.startswith("JIANBAO_")} - VARIABLES.keys()
    assert not unknown
    load_settings(environ)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_service_link_is_taken_for_a_setting(overlay: str) -> None:
    """A Service named jianbao would make Kubernetes set JIANBAO_PORT, and more."""
    assert all(pod["enableServiceLinks"] is False for pod in pods(overlay))


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_there_are_as_many_threads_as_cpus(overlay: str) -> None:
    (container,) = service_pod(overlay)["containers"]
    told = {one["name"]: one["valueFrom"]["resourceFieldRef"] for one in container["env"]}
    for name in ("JIANBAO_THREADS", "OMP_NUM_THREADS"):
        assert told[name] == {
            "containerName": "jianbao",
            "resource": "limits.cpu",
            "divisor": "1",
        }
    assert container["resources"]["limits"]["cpu"].isdigit()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_pod_may_take_longer_to_end_than_any_request_that_it_accepted(overlay: str) -> None:
    pod = service_pod(overlay)
    (container,) = pod["containers"]
    command = container["lifecycle"]["preStop"]["exec"]["command"]
    assert command[0] == "sleep"
    settings = load_settings(settings_of(overlay))
    assert settings.drain_seconds >= settings.deadline_seconds
    needed = int(command[1]) + settings.drain_seconds + _LAST_ANSWERS_SECONDS
    assert needed < pod["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nobody_is_served_without_a_key(overlay: str) -> None:
    path = load_settings(settings_of(overlay)).keys_file
    assert path
    pod = service_pod(overlay)
    (mount,) = [one for one in pod["containers"][0]["volumeMounts"] if one["name"] == "keys"]
    assert str(path.parent) == mount["mountPath"]
    (volume,) = [one for one in pod["volumes"] if one["name"] == "keys"]
    assert not volume["secret"].get("optional")


# ------------------------------------------------------------------ what a pod may, and when


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_probes_mean_three_different_things(overlay: str) -> None:
    (container,) = service_pod(overlay)["containers"]
    started, ready, alive = (
        container[f"{name}Probe"] for name in ("startup", "readiness", "liveness")
    )
    assert started["httpGet"]["path"] == ready["httpGet"]["path"] == "/readyz"
    assert started["periodSeconds"] * started["failureThreshold"] >= 1200
    assert ready["periodSeconds"] * ready["failureThreshold"] <= 5
    assert alive["httpGet"]["path"] == "/livez"


@pytest.mark.parametrize("overlay", [*OVERLAYS, *JOINED])
def test_every_workload_keeps_to_the_policy(overlay: str) -> None:
    broken = {one["metadata"]["name"]: broken_rules(one) for one in built(overlay)}
    assert {name: rules for name, rules in broken.items() if rules} == {}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda pod: pod["securityContext"].pop("runAsNonRoot"), "as root"),
        (lambda pod: pod["securityContext"].update(runAsUser=0), "as root"),
        (lambda pod: pod["securityContext"].pop("seccompProfile"), "seccomp"),
        (lambda pod: pod.pop("automountServiceAccountToken"), "token"),
        (lambda pod: pod.update(hostNetwork=True), "namespace"),
        (lambda pod: pod["volumes"].append({"name": "x", "hostPath": {"path": "/"}}), "path"),
        (lambda pod: pod["containers"][0]["securityContext"].update(privileged=True), "privileges"),
        (lambda pod: pod["containers"][0]["securityContext"].pop("readOnlyRootFilesystem"), "root"),
        (lambda pod: pod["initContainers"][0]["resources"].pop("limits"), "weights: it has no l"),
        (lambda pod: pod["containers"][0]["resources"]["requests"].pop("memory"), "no requests"),
        (lambda pod: pod["containers"][0].update(image="jianbao:latest"), "change under"),
        (lambda pod: pod["containers"][0].update(image="valkey/valkey:8.1.10"), "change under"),
    ],
)
def test_a_workload_that_breaks_the_policy_is_found(
    change: Callable[[Manifest], object], rule: str
) -> None:
    deployment = copy.deepcopy(named("cpu", "Deployment"))
    change(deployment["spec"]["template"]["spec"])
    (broken,) = broken_rules(deployment)
    assert rule in broken


@pytest.mark.parametrize("overlay", ["cpu", "autoscaled"])
def test_what_jobs_may_take_up_fits_into_valkey_with_room_to_rewrite_its_log(overlay: str) -> None:
    (valkey,) = named(overlay, "StatefulSet", "valkey")["spec"]["template"]["spec"]["containers"]
    options = dict(itertools.pairwise(valkey["args"]))
    assert options["--maxmemory-policy"] == "noeviction"
    assert valkey["resources"]["limits"]["memory"] == "1Gi"
    assert options["--maxmemory"] == "512mb"
    assert load_settings(settings_of(overlay)).jobs_max_bytes * 2 <= 512 * 2**20


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_weights_are_pulled_before_the_service_starts_unless_others_have_them(
    overlay: str,
) -> None:
    pod = service_pod(overlay)
    pulled = [one["args"] for one in pod.get("initContainers", ())]
    remote = load_settings(settings_of(overlay)).engine == "remote"
    assert pulled == ([] if remote or overlay == "baked" else [["models", "pull"]])
    mounted = {one["mountPath"] for one in pod["containers"][0]["volumeMounts"]}
    assert ("/models" in mounted) == (overlay != "baked")


def test_vllm_does_not_report_how_it_is_used() -> None:
    told = [
        {env["name"]: env.get("value") for env in container.get("env", ())}
        for container in containers("vllm")
        if "vllm" in container["image"]
    ]
    assert told
    assert all(one["VLLM_NO_USAGE_STATS"] == one["DO_NOT_TRACK"] == "1" for one in told)


# ------------------------------------------------------------------ what lasts


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_job_is_known_to_every_replica_and_outlives_its_pod(overlay: str) -> None:
    deployment = named(overlay, "Deployment")["spec"]
    jobs = load_settings(settings_of(overlay)).jobs_url
    if jobs.startswith("redis://"):
        (host,) = re.findall(r"redis://([\w-]+):6379", jobs)
        assert named(overlay, "Service", host)
        (claim,) = named(overlay, "StatefulSet", host)["spec"]["volumeClaimTemplates"]
        assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
        return
    assert deployment["replicas"] == 1
    assert deployment["strategy"] == {"type": "Recreate"}  # one writer
    assert not of_kind(overlay, "HorizontalPodAutoscaler")
    (data,) = [one for one in deployment["template"]["spec"]["volumes"] if one["name"] == "data"]
    assert data["persistentVolumeClaim"]["claimName"] == volume("data")["metadata"]["name"]


@pytest.mark.parametrize("overlay", [*OVERLAYS, *JOINED])
def test_what_lasts_is_not_deleted_with_an_overlay(overlay: str) -> None:
    assert not of_kind(overlay, "Namespace")
    assert not of_kind(overlay, "PersistentVolumeClaim")
    assert not of_kind(overlay, "Secret")
    for one in of_kind(overlay, "StatefulSet"):  # whose volumes stay unless it says otherwise
        assert "persistentVolumeClaimRetentionPolicy" not in one["spec"]


def test_pods_need_no_storage_class_that_a_cluster_may_not_have() -> None:
    for overlay in OVERLAYS:
        models = [one for one in service_pod(overlay)["volumes"] if one["name"] == "models"]
        assert all(one.keys() == {"name", "emptyDir"} for one in models)
    (models,) = [
        one for one in service_pod("cpu+shared-models")["volumes"] if one["name"] == "models"
    ]
    claim = volume("models")
    assert models == {
        "name": "models",
        "persistentVolumeClaim": {"claimName": claim["metadata"]["name"]},
    }
    assert claim["spec"]["accessModes"] == ["ReadWriteMany"]


@pytest.mark.parametrize("name", ["namespace", "volumes/data", "volumes/models"])
def test_what_is_applied_by_itself_is_what_its_schema_allows(name: str) -> None:
    manifest = yaml.safe_load((ROOT / f"k8s/{name}.yaml").read_text(encoding="utf-8"))
    validate(manifest)
    namespace = manifest["metadata"].get("namespace") or manifest["metadata"]["name"]
    assert namespace == named("cpu", "Deployment")["metadata"]["namespace"]


def volume(name: str) -> Manifest:
    manifest: Manifest = yaml.safe_load(
        (ROOT / f"k8s/volumes/{name}.yaml").read_text(encoding="utf-8")
    )
    return manifest


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_are_spread_protected_and_fenced(overlay: str) -> None:
    spread = {one["topologyKey"] for one in service_pod(overlay)["topologySpreadConstraints"]}
    assert spread == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    labels = named(overlay, "Deployment")["spec"]["template"]["metadata"]["labels"]
    assert named(overlay, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels
    fence = named(overlay, "NetworkPolicy")["spec"]
    assert fence["podSelector"]["matchLabels"] == labels
    assert fence["policyTypes"] == ["Ingress", "Egress"]
    assert {one["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"]
            for one in of_kind(overlay, "NetworkPolicy")} == {
        one["metadata"]["name"]
        for kind in ("Deployment", "StatefulSet")
        for one in of_kind(overlay, kind)
    }  # fmt: skip


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_at_most_one_thing_scales_it(overlay: str) -> None:
    scalers = [*of_kind(overlay, "HorizontalPodAutoscaler"), *of_kind(overlay, "ScaledObject")]
    fixed = named(overlay, "Deployment")["spec"].get("replicas")
    assert len(scalers) == (0 if fixed else 1)
    assert all(one["spec"]["scaleTargetRef"]["name"] == "jianbao" for one in scalers)


def test_keda_scales_on_all_that_waits_and_takes_over_the_autoscaler_that_was_there() -> None:
    scaled = named("autoscaled", "ScaledObject")
    annotations = scaled["metadata"]["annotations"]
    assert annotations["scaledobject.keda.sh/transfer-hpa-ownership"] == "true"
    taken = scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["name"]
    assert taken == named("cpu", "HorizontalPodAutoscaler")["metadata"]["name"]
    asked = " ".join(one["metadata"]["query"] for one in scaled["spec"]["triggers"])
    assert "jianbao_queued_tokens" in asked
    assert "jianbao_job_articles_waiting" in asked


@pytest.mark.skipif(BINARY is None, reason="redis-server is absent: apt-get install redis-server")
async def test_without_replicas_keda_sees_the_jobs_that_wait() -> None:
    """The list that it counts is the one that the store keeps, and it may ask for it."""
    spec = named("autoscaled+to-zero", "ScaledObject")["spec"]
    assert spec["minReplicaCount"] == 0
    assert "fallback" not in spec  # it would hold two replicas whenever Prometheus is away
    (trigger,) = [one["metadata"] for one in spec["triggers"] if one["type"] == "redis"]
    with redis_server() as url:
        store = RedisJobs.from_url(url)
        job = JobRequest("summarize", (JobArticle(b"{}"),))
        await store.add(job, bounds=Bounds(1, 10_000))
        async with Redis.from_url(url) as client:
            assert await client.zcard(trigger["listName"]) == 1
        await store.aclose()
    fence = named("autoscaled+to-zero", "NetworkPolicy", "valkey")["spec"]["ingress"][0]["from"]
    assert {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "keda"}}} in fence


# ------------------------------------------------------------------ metrics


def queries() -> Iterator[tuple[str, str]]:
    """Every query of an alert, a trigger or a panel, and where it stands."""
    for group in yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["spec"]["groups"]:
        yield from ((rule["alert"], rule["expr"]) for rule in group["rules"])
    for trigger in yaml.safe_load(TRIGGERS.read_text(encoding="utf-8"))["spec"]["triggers"]:
        yield "trigger", trigger["metadata"]["query"]
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    for panel in board["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel["targets"])
    for variable in board["templating"]["list"]:
        yield variable["name"], json.dumps(variable["query"])


@pytest.fixture(scope="module")
def scraped() -> str:
    """The metrics of a service that has done nothing yet."""
    app = create_app(
        Settings(),
        generator=FakeGenerator(lambda _: "a brief"),
        make_briefs=EchoBriefs,
        make_translator=lambda _: FakeTranslator(),
    )
    with live(app) as address:
        httpx.get(f"{address}/livez")
        return httpx.get(f"{address}/metrics").text


@pytest.fixture(scope="module")
def exposed(scraped: str) -> dict[str, set[str]]:
    """Names of the metrics of a running service, and the labels of each."""
    found: dict[str, set[str]] = {}
    for name in re.findall(r"^# TYPE (\w+) counter$", scraped, re.MULTILINE):
        found.setdefault(name, set())
    for name, kind in re.findall(
        r"^# TYPE (\w+) (histogram|gauge|unknown)$", scraped, re.MULTILINE
    ):
        ends = ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)
        for end in ends:
            found.setdefault(name + end, set())
    for name, labels in re.findall(r"^(\w+)\{(.*)\} ", scraped, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found


def test_every_metric_that_is_asked_for_is_exposed_by_a_running_service(
    exposed: dict[str, set[str]],
) -> None:
    asked = {
        name: place for place, query in queries() for name in re.findall(r"\bjianbao_\w+", query)
    }
    assert {name: place for name, place in asked.items() if name not in exposed} == {}
    assert len(asked) > 20


def test_what_an_alert_counts_is_there_before_it_happens(scraped: str) -> None:
    """A series that is born at 1 has not increased, and the alert on its increase never fires."""
    counted = [
        (name, label, value)
        for _, query in queries()
        for name, label, values in re.findall(
            r'(jianbao_\w+_total)\{[^}]*\b(\w+)=~?"([^"$]+)"\}', query
        )
        if label in {"outcome", "reason"}
        for value in values.split("|")
    ]
    assert len(counted) > 6
    for name, label, value in counted:
        assert re.search(rf'^{name}\{{{label}="{value}"\}} 0\.0$', scraped, re.MULTILINE), value
    assert "_created" not in scraped


def test_routes_that_are_asked_for_are_routes(exposed: dict[str, set[str]]) -> None:
    assert exposed["jianbao_http_requests_total"] == {"method", "route", "status"}
    asked = {route for _, query in queries() for route in re.findall(r'route="([^"]+)"', query)}
    assert asked == {"/summarize"}
    left_out = [one for _, query in queries() for one in re.findall(r'route!~"([^"]+)"', query)]
    assert left_out
    assert all(frozenset(one.split("|")) == PROBES for one in left_out)


def test_the_labels_that_alerts_are_about_are_those_of_the_service_monitor() -> None:
    monitor = named("autoscaled", "ServiceMonitor")["spec"]
    labels = named("autoscaled", "Service")["metadata"]["labels"]
    assert labels[monitor["jobLabel"]] == "jianbao"
    assert monitor["selector"]["matchLabels"].items() <= labels.items()
    (port,) = named("autoscaled", "Service")["spec"]["ports"]
    assert monitor["endpoints"][0]["port"] == port["name"]
    jobs = {job for _, query in queries() for job in re.findall(r'job="([^"]+)"', query)}
    assert jobs == {"jianbao"}


def test_every_alert_is_explained_to_operators() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `(Jianbao\w+)` \|", page, re.MULTILINE)
    (group,) = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["spec"]["groups"]
    assert explained == [rule["alert"] for rule in group["rules"]]


def test_every_alert_has_a_case_in_which_it_sounds() -> None:
    cases = yaml.safe_load((Path(__file__).parent / "alerts_test.yml").read_text(encoding="utf-8"))
    sounded = {
        case["alertname"]
        for test in cases["tests"]
        for case in test["alert_rule_test"]
        if case["exp_alerts"]
    }
    (group,) = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["spec"]["groups"]
    assert sounded == {rule["alert"] for rule in group["rules"]}


def test_alerts_sound_when_they_should_and_only_then(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is absent: apt-get install prometheus")
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["spec"]
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    shutil.copy(Path(__file__).parent / "alerts_test.yml", tmp_path)
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(  # noqa: S603
            [promtool, *words], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
