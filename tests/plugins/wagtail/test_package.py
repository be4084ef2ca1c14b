"""What a site installs: the wheel, its migrations, its words in Chinese, its commands."""

from __future__ import annotations

import ast
import gettext
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

import wagtail_jianbao
from tests.plugins.wagtail.misbehaving import Answer, MisbehavingService, answer_of, job_of
from tests.plugins.wagtail.newsroom import Newsroom, form_of, post
from tests.support.running import ROOT

_PLUGIN = ROOT / "plugins" / "wagtail"
_PACKAGE = _PLUGIN / "wagtail_jianbao"
_CATALOGUE = _PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as `make wagtail-wheel` builds it."""
    room = tmp_path_factory.mktemp("wheel")
    source = room / "source"
    shutil.copytree(_PLUGIN, source, ignore=shutil.ignore_patterns("build", "*.egg-info"))
    _pip("wheel", "--no-build-isolation", "--wheel-dir", str(room), str(source))
    (built,) = room.glob("*.whl")
    return built


def _pip(command: str, *arguments: str) -> None:
    subprocess.run(  # noqa: S603 - pip
        [sys.executable, "-m", "pip", command, "--quiet", "--no-deps", *arguments],
        check=True,
        timeout=120,
    )


def test_the_wheel_holds_the_package_whole_with_its_licence_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"wagtail_jianbao-{wagtail_jianbao.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(one for one in names if one.endswith("/METADATA"))).decode()
    held = {name for name in names if ".dist-info/" not in name}
    assert held == {
        str(path.relative_to(_PLUGIN))
        for path in _PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Dist: wagtail>=7" in metadata


_NEW_SITE = """
import sys
from django.conf import settings
from tests.support.wagtail_site.setup import configure
configure(apps=lambda name: not name.startswith(("tests.", "wagtail_localize")), migrations=True)
from django.core.management import call_command
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
call_command("migrate", verbosity=0)
import wagtail_jianbao
from django.contrib.staticfiles.finders import find
from wagtail_jianbao.models import Brief
Brief.objects.create(job="j", language="en", text="A brief.")
print(wagtail_jianbao.__file__)
print(find("wagtail_jianbao/brief-panel.js"))
print(*sorted(one for one in connection.introspection.table_names() if "jianbao" in one))
"""


def test_a_site_that_installs_the_wheel_migrates_an_empty_database(
    wheel: Path, tmp_path: Path
) -> None:
    installed = tmp_path / "installed"
    _pip("install", "--no-index", "--target", str(installed), str(wheel))
    ran = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", _NEW_SITE, str(tmp_path / "site.sqlite3")],
        env={**os.environ, "PYTHONPATH": f"{installed}:{ROOT}"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    package, script, tables = ran.stdout.splitlines()
    assert Path(package).is_relative_to(installed)
    assert Path(script).is_relative_to(installed)
    made = ("brief", "bulkitem", "bulkrun", "jianbaosettings", "seenwebhook", "translateddraft")
    assert tables.split() == [f"wagtail_jianbao_{name}" for name in made]


def test_migrations_make_the_tables_that_the_models_have(site: Newsroom) -> None:
    from django.core.management import call_command

    out = io.StringIO()
    with override_settings(MIGRATION_MODULES={}):
        call_command("makemigrations", "wagtail_jianbao", check=True, dry_run=True, stdout=out)
    assert out.getvalue() == "No changes detected in app 'wagtail_jianbao'\n"


def _sentences() -> Iterator[str]:
    """What the plugin says: in Python, and in templates."""
    for path in _PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "gettext_lazy")
                and isinstance(node.args[0], ast.Constant)
            ):
                yield str(node.args[0].value)
    for path in _PACKAGE.rglob("*.html"):
        text = path.read_text()
        yield from re.findall(r"{% translate ['\"](.+?)['\"] (?:as \w+ )?%}", text)
        for block in re.findall(r"{% blocktranslate[^%]*%}(.+?){% (?:plural|endblock)", text, re.S):
            yield re.sub(r"{{ (\w+) }}", r"%(\1)s", block)


def test_everything_that_the_plugin_says_is_translated_into_chinese() -> None:
    with (_CATALOGUE / "django.mo").open("rb") as file:
        translated = gettext.GNUTranslations(file)
    said = set(_sentences())
    assert len(said) > 120
    plural = {"%(count)s warning": 2}
    missing = [
        sentence
        for sentence in said
        if translated.ngettext(sentence, "", plural.get(sentence, 1)) in (sentence, "")
        and translated.gettext(sentence) == sentence
    ]
    assert missing == []


def test_placeholders_of_translated_sentences_are_those_of_the_english_ones() -> None:
    with (_CATALOGUE / "django.mo").open("rb") as file:
        catalogue: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    places = re.compile(r"%\(\w+\)s|\{\w+\}")
    for key, text in catalogue.items():
        english = key[0] if isinstance(key, tuple) else key
        if english:
            assert sorted(places.findall(english)) == sorted(places.findall(text)), english


def test_the_panel_speaks_the_users_language(
    site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    from wagtail.users.models import UserProfile

    site.serve_from(misbehaving.address)
    user = site.editor("zhang", "change_page")
    UserProfile.objects.create(user=user, preferred_language="zh-hans")
    page, client = site.note(), site.signed_in("zhang")
    assert "生成简报</button>" in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    misbehaving.answer = lambda _: Answer(429, {}, {"Retry-After": "9"})
    assert post(client, "make/", form_of(page))["message"] == "简报服务正忙。"


def test_receipts_are_written_as_lines_of_json(
    site: Newsroom, admin: Any, misbehaving: MisbehavingService
) -> None:
    from django.core.management import call_command

    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(
        200, answer_of(en="One.", zh_Hans="一。"), {"X-Job-Id": "r"}
    )
    page = site.note()
    post(admin, "make/", form_of(page))
    out = io.StringIO()
    call_command("jianbao_receipts", page.pk, stdout=out)
    english, chinese = map(json.loads, out.getvalue().splitlines())
    assert (english["text"], chinese["text"]) == ("One.", "一。")
    assert english["page"] == page.pk
    assert len(english["source_hash"]) == 64


@pytest.mark.parametrize("ends", [False, True])
def test_the_command_for_cron_takes_in_what_there_is(
    site: Newsroom, admin: Any, misbehaving: MisbehavingService, ends: bool
) -> None:
    from django.core.management import call_command

    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(202, job_of("cron", "queued"))
    page = site.note()
    admin.post(f"/admin/bulk/wagtailcore/page/make_briefs/?id={page.pk}")
    line = {"line": 1, "id": f"page-{page.pk}", "result": answer_of(en="One.")}
    raw = json.dumps(line).encode() if ends else b""
    misbehaving.answer = lambda call: (
        Answer(200, job_of("cron", "done", 1.0)) if call.path == "/jobs/cron" else Answer(raw=raw)
    )
    out = io.StringIO()
    call_command("jianbao_collect", stdout=out)
    told = "done, 1 done, 0 failed, 0 waiting" if ends else "running, 0 done, 0 failed, 1 waiting"
    assert told in out.getvalue()


def test_receipts_go_with_their_page_and_stay_when_their_maker_leaves(
    site: Newsroom, misbehaving: MisbehavingService
) -> None:
    from wagtail_jianbao.models import Brief

    site.serve_from(misbehaving.address)
    misbehaving.answer = lambda _: Answer(200, answer_of(en="One."), {"X-Job-Id": "leaver"})
    user = site.editor("leaver", "change_page")
    page = site.note()
    post(site.signed_in("leaver"), "make/", form_of(page))
    user.delete()
    brief = Brief.objects.get(page=page)
    assert brief.made_by is None
    page.delete()
    assert not Brief.objects.filter(pk=brief.pk).exists()
