"""Addresses outside the admin: `path("jianbao/", include("wagtail_jianbao.urls"))`."""

from __future__ import annotations

from django.urls import path

from wagtail_jianbao.webhooks import webhook

app_name = "wagtail_jianbao_public"
urlpatterns = [path("webhook/<int:run>/", webhook, name="webhook")]
