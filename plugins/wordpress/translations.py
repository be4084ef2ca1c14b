"""Brings the plugin's translation files up to date with its sources.

``python plugins/wordpress/translations.py`` writes ``languages/jianbao.pot``, merges new messages
into each ``.po``, and compiles each to ``.mo`` (PHP) and one ``.json`` for each script. Messages
are translated in the ``.po``. It needs GNU gettext (``apt-get install gettext``).
"""

from __future__ import annotations

import gettext
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PLUGIN = Path(__file__).parent / "jianbao"
_KEYWORDS = ("__:1", "_e:1", "_n:1,2", "esc_html__:1", "esc_html_e:1", "esc_attr__:1")
_LOCALES = ("zh_CN",)


def write(folder: Path, plugin: Path = PLUGIN) -> None:
    """Write all translation files of ``plugin`` to ``folder``, which has the ``.po`` files."""
    scripts = sorted(plugin.glob("assets/*.js"))
    pages = sorted([*plugin.glob("*.php"), *plugin.glob("includes/**/*.php")])
    with tempfile.TemporaryDirectory() as room:
        parts = [Path(room) / name for name in ("php.pot", "js.pot", "header.pot")]
        _extract("PHP", pages, parts[0], plugin)
        _extract("JavaScript", scripts, parts[1], plugin)
        parts[2].write_text(_from_headers(plugin))
        text = _run("msgcat", "--use-first", "--sort-output", "--no-wrap", *map(str, parts))
    pot = folder / "jianbao.pot"
    pot.write_text(_without_dates(text))
    for locale in _LOCALES:
        _translate(folder, locale, pot, scripts)


def _extract(language: str, files: list[Path], target: Path, plugin: Path) -> None:
    names = [str(file.relative_to(plugin)) for file in files]
    keywords = [f"--keyword={one}" for one in _KEYWORDS]
    _run(
        "xgettext",
        f"--language={language}",
        "--from-code=UTF-8",
        "--force-po",
        "--add-comments=translators",
        "--package-name=Jianbao briefs",
        "--keyword",
        *keywords,
        f"--output={target}",
        *names,
        cwd=plugin,
    )
    target.write_text(target.read_text().replace("charset=CHARSET", "charset=UTF-8"))


def _from_headers(plugin: Path) -> str:
    """Messages that WordPress reads from the plugin's head and from block.json."""
    head = (plugin / "jianbao.php").read_text()
    found = re.findall(r"^ \* (?:Plugin Name|Description): +(.+)$", head, re.MULTILINE)
    block = json.loads((plugin / "blocks/brief/block.json").read_text())
    lines = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    lines += [f'msgid {json.dumps(text)}\nmsgstr ""\n' for text in found]
    lines += [
        f'msgctxt {json.dumps(context)}\nmsgid {json.dumps(block[field])}\nmsgstr ""\n'
        for context, field in (("block title", "title"), ("block description", "description"))
    ]
    return "\n".join(lines)


def _translate(folder: Path, locale: str, pot: Path, scripts: list[Path]) -> None:
    po, mo = folder / f"jianbao-{locale}.po", folder / f"jianbao-{locale}.mo"
    _run(
        "msgmerge",
        "--update",
        "--no-fuzzy-matching",
        "--no-wrap",
        "--backup=none",
        str(po),
        str(pot),
    )
    po.write_text(re.sub(r"\n#~[^\n]*", "", _without_dates(po.read_text())).rstrip() + "\n")
    _run("msgfmt", "--check", "--no-hash", f"--output-file={mo}", str(po))
    with mo.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    for script in scripts:
        messages = _messages(script, catalogue)
        head = {"domain": "messages", "lang": locale, "plural-forms": "nplurals=1; plural=0;"}
        content = {"locale_data": {"messages": {"": head, **messages}}}
        target = folder / f"jianbao-{locale}-jianbao-{script.stem}.json"
        target.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _messages(script: Path, catalogue: gettext.GNUTranslations) -> dict[str, list[str]]:
    """What of a script is translated, as wp.i18n reads it."""
    with tempfile.TemporaryDirectory() as room:
        pot = Path(room) / "one.pot"
        _extract("JavaScript", [script], pot, script.parent)
        text = _run("msgcat", "--no-wrap", str(pot))
    ids = [json.loads(found) for found in re.findall(r'^msgid (".+")$', text, re.MULTILINE)]
    said = {one: catalogue.gettext(one) for one in ids if one}
    # a message with a plural is another one to gettext
    plurals = {one: catalogue.ngettext(one, one, 2) for one in said if said[one] == one}
    return {one: [text] for one, text in {**said, **plurals}.items() if text != one}


def _without_dates(text: str) -> str:
    """The text without what changes at each run, and without numbers of lines."""
    text = re.sub(r'"(POT-Creation|PO-Revision)-Date:[^\n]*\n', "", text)
    return re.sub(r"(?m)^(#: .*)$", lambda found: re.sub(r":\d+", "", found[1]), text)


def _run(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    write(PLUGIN / "languages")
    sys.exit(0)
