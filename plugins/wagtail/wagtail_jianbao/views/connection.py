"""The test of a connection, in words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Site

from wagtail_jianbao import errors
from wagtail_jianbao.client import Client
from wagtail_jianbao.conf import Connection, checked_url, configured
from wagtail_jianbao.models import JianbaoSettings


@require_POST
def test(request: HttpRequest, site: int) -> JsonResponse:
    """Try the address and the key of the form as it stands. The stored key goes to the stored
    address alone, so that it cannot be had by typing another one.
    """
    owner = get_object_or_404(Site, pk=site)
    if not _may_change(request.user, owner):
        raise PermissionDenied
    stored = JianbaoSettings.for_site(owner)
    try:
        words = try_connection(_typed(request, stored))
    except errors.JianbaoError as error:
        return JsonResponse({"ok": False, "message": _explain(error), "detail": error.detail})
    return JsonResponse({"ok": True, "message": words, "detail": ""})


def try_connection(connection: Connection) -> str:
    """Say in words that all is well.

    Raises:
        JianbaoError: it is not.
    """
    client = Client(connection)
    version = client.version()
    client.try_key()
    client.ready()
    return _("Connected: Jianbao {version} is ready.").format(version=version)


def _may_change(user: Any, site: Site) -> bool:
    if hasattr(JianbaoSettings, "get_permission_policy"):
        policy = JianbaoSettings.get_permission_policy()
        return bool(policy.user_has_permission_for_instance(user, "change", site))
    return bool(user.has_perm("wagtail_jianbao.change_jianbaosettings"))  # before Wagtail 7.1


def _typed(request: HttpRequest, stored: JianbaoSettings) -> Connection:
    url = configured("URL") or request.POST.get("url", "")
    key = configured("API_KEY") or request.POST.get("api_key", "").strip()
    if not key and url.strip().rstrip("/") == stored.url.strip().rstrip("/"):
        key = stored.api_key
    if configured("API_KEY") and not configured("URL"):
        # the configured key is for the stored address
        same = url.strip().rstrip("/") == stored.url.strip().rstrip("/")
        key = key if same else ""
    return Connection(checked_url(url), "" if key == "-" else key)


def _explain(error: errors.JianbaoError) -> str:
    """The error in an administrator's words, who can mend it."""
    words = {
        "unreachable": _("Nothing answers at this address: the connection was refused."),
        "slow": _("There was no answer in time. Is the address right, and no firewall between?"),
        "key_refused": _("The service answers, but refuses the key."),
        "wrong_answer": _("What answers is not Jianbao, or a version without jobs."),
        "not_ready": _("The service answers, but its model is still loading. Try again later."),
        "not_configured": _("Type the address of the service, with http:// or https://."),
    }
    return words.get(error.code, error.message)
