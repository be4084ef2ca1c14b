"""Django as the site needs it. It is configured once a process; each module of tests opens the site
with a database of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.apps import apps as registry
from django.conf import settings
from django.core.management import call_command
from django.db import connections

APPS = (
    "tests.support.wagtail_site",
    "wagtail_jianbao",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.snippets",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
)
_LANGUAGES = [("en", "English"), ("zh-hans", "Simplified Chinese")]
_TEMPLATES = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    },
}


def configure(*, apps: Callable[[str], bool] = lambda _: True, migrations: bool = False) -> None:
    """Configure Django, unless this process has done so: with those of ``APPS`` that ``apps`` says,
    and with ``migrations`` or tables straight from the models.
    """
    if settings.configured:
        return
    settings.configure(
        INSTALLED_APPS=[name for name in APPS if apps(name)],
        MIDDLEWARE=(
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ),
        TEMPLATES=[_TEMPLATES],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": "",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    "init_command": "PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL;",
                },
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF="tests.support.wagtail_site.urls",
        STATIC_URL="/static/",
        SECRET_KEY="for tests",  # noqa: S106
        ALLOWED_HOSTS=["*"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        DATA_UPLOAD_MAX_NUMBER_FIELDS=10_000,
        USE_I18N=True,
        USE_TZ=True,
        LANGUAGE_CODE="en",
        LANGUAGES=_LANGUAGES,
        WAGTAIL_CONTENT_LANGUAGES=_LANGUAGES,
        WAGTAILADMIN_PERMITTED_LANGUAGES=_LANGUAGES,
        WAGTAIL_I18N_ENABLED=True,
        WAGTAIL_SITE_NAME="Newsroom",
        WAGTAIL_ENABLE_UPDATE_CHECK=False,
        WAGTAIL_ENABLE_WHATS_NEW_BANNER=False,
        WAGTAILADMIN_BASE_URL="http://newsroom.test",
        WAGTAIL_GRAVATAR_PROVIDER_URL=None,
        WAGTAILSEARCH_BACKENDS={
            "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
        },
    )
    django.setup()
    if not migrations:  # a hundred of them take some ten seconds
        settings.MIGRATION_MODULES = {app.label: None for app in registry.get_app_configs()}


@contextmanager
def open_site() -> Iterator[None]:
    """The site with empty tables, until the end."""
    configure()
    room = Path(tempfile.mkdtemp())
    try:
        _use(room / "site.sqlite3")
        call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
        yield
    finally:
        connections.close_all()
        shutil.rmtree(room)


def _use(database: Path) -> None:
    connections.close_all()
    connections["default"].settings_dict["NAME"] = str(database)
    settings.DATABASES["default"]["NAME"] = str(database)
    # threads make connections of their own from these
    connections.settings["default"]["NAME"] = str(database)
