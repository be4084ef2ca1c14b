"""Who works in the newsroom, what stands there, and what an editor's form sends."""

from __future__ import annotations

import json
from typing import Any, Self
from uuid import uuid4

ARTICLE = (
    "The council of Rivertown approved 585 million dollars on Tuesday to repair 13 bridges over "
    "the river Alder.\n"
    "Work begins in March and is expected to last two years. Residents welcomed the plan, but "
    "shopkeepers fear that closed roads will cost them customers. The mayor, Jane Hall, said that "
    "the oldest bridge would be closed first. Hauliers asked Rivertown for a ferry across the "
    "Alder while work on the bridges lasts. Rivertown's bus company promised more buses over the "
    "river for two years."
)


class Newsroom:
    """A site's home page, and what tests do there."""

    def __init__(self, home: Any, site: Any) -> None:
        self.home = home
        self.site = site

    @classmethod
    def open(cls) -> Self:
        """Make the home page and an administrator."""
        from django.contrib.auth import get_user_model
        from wagtail.models import Locale, Page, Site

        english = Locale.objects.create(language_code="en")
        Locale.objects.create(language_code="zh-hans")
        root = Page.add_root(title="Root", slug="root", locale=english)
        home = root.add_child(instance=Page(title="Home", slug="home", locale=english))
        site = Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)
        get_user_model().objects.create_superuser("chief", "chief@news.test", "x")
        return cls(home, site)

    def serve_from(self, address: str, **values: Any) -> Any:
        """Have the site use the service at ``address``, and default settings but ``values``."""
        from wagtail_jianbao.models import JianbaoSettings

        JianbaoSettings.objects.filter(site=self.site).delete()
        return JianbaoSettings.objects.create(site=self.site, url=address, **values)

    def signed_in(self, name: str) -> Any:
        """A client of that user's."""
        from django.contrib.auth import get_user_model
        from django.test import Client

        client = Client()
        client.force_login(get_user_model().objects.get(username=name))
        return client

    def editor(self, name: str, *permissions: str) -> Any:
        """A user with those permissions on pages."""
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group, Permission
        from wagtail.models import GroupPagePermission

        user = get_user_model().objects.create_user(name, f"{name}@news.test", "x")
        group = Group.objects.create(name=name)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in permissions:
            permission = Permission.objects.get(
                codename=codename, content_type__app_label="wagtailcore", content_type__model="page"
            )
            GroupPagePermission.objects.create(group=group, page=self.home, permission=permission)
        user.groups.add(group)
        return user

    def note(self, title: str = "Bridges to be repaired", text: str = ARTICLE) -> Any:
        """A published page of plain text."""
        from tests.support.wagtail_site.models import Note

        page = self.home.add_child(instance=Note(title=title, slug=uuid4().hex, text=text))
        page.save_revision().publish()
        return Note.objects.get(pk=page.pk)

    def report(self, title: str, body: list[Any]) -> Any:
        """A published page of blocks: ``(type, value)`` each, the value as it is stored."""
        from tests.support.wagtail_site.models import Report

        blocks = json.dumps([{"type": kind, "value": value} for kind, value in body])
        page = self.home.add_child(instance=Report(title=title, slug=uuid4().hex, body=blocks))
        page.save_revision().publish()
        return Report.objects.get(pk=page.pk)


def form_of(page: Any, **changed: str) -> dict[str, str]:
    """What the panel sends of a page of plain text, with the fields that the editor ``changed``."""
    return {
        "jianbao-page": str(page.pk),
        "title": page.title,
        "slug": page.slug,
        "text": page.text,
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        **changed,
    }


def post(client: Any, path: str, data: dict[str, Any]) -> Any:
    """The answer of a view of the panel, read as JSON."""
    response = client.post(f"/admin/jianbao/{path}", data, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert response.status_code == 200, (response.status_code, response.content[:300])
    return response.json()
