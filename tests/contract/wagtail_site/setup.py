"""Django as the site needs it; its settings and tables stand in this process alone."""

from __future__ import annotations

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

_APPS = (
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "tests.contract.wagtail_site",
)


def open_site(libretranslate: str, *, api_key: str) -> None:
    """Configure Django, once a process, with the service at ``libretranslate`` as the machine
    translator, and make the tables.
    """
    settings.configure(
        INSTALLED_APPS=_APPS,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF="tests.contract.wagtail_site.urls",
        STATIC_URL="/static/",
        SECRET_KEY="for tests",  # noqa: S106
        USE_I18N=True,
        USE_TZ=True,
        LANGUAGE_CODE="en",
        LANGUAGES=[("en", "English"), ("zh-hans", "Simplified Chinese")],
        WAGTAIL_CONTENT_LANGUAGES=[("en", "English"), ("zh-hans", "Simplified Chinese")],
        WAGTAIL_I18N_ENABLED=True,
        WAGTAIL_SITE_NAME="Newsroom",
        WAGTAILADMIN_BASE_URL="http://newsroom.test",
        WAGTAILSEARCH_BACKENDS={
            "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False}
        },
        WAGTAILLOCALIZE_MACHINE_TRANSLATOR={
            "CLASS": "wagtail_localize.machine_translators.libretranslate.LibreTranslator",
            "OPTIONS": {"LIBRETRANSLATE_URL": libretranslate, "API_KEY": api_key},
        },
    )
    django.setup()
    # tables straight from the models: a hundred migrations would take half a minute
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)


def close_site() -> None:
    """Close the database. Django itself never closes one that is in memory."""
    connection.connection.close()
