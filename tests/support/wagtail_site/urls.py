"""The admin under ``/admin/``, the pages at the root."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as pages
from wagtail.admin import urls as admin

from wagtail_jianbao import urls as jianbao

urlpatterns = [
    path("admin/", include(admin)),
    path("jianbao/", include(jianbao)),
    path("", include(pages)),
]
