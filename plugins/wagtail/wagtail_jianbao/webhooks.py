"""Webhooks of the service, signed as Standard Webhooks has it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from wagtail_jianbao import bulk, errors
from wagtail_jianbao.conf import connection_of
from wagtail_jianbao.models import BulkRun, JianbaoSettings, SeenWebhook

MOST_BYTES = 50_000_000
_KEPT = timedelta(days=7)
"""How long ids are remembered: a signature is good for five minutes, tries end after a day."""


@csrf_exempt  # who it comes from is proven by the signature
@require_POST
def webhook(request: HttpRequest, run: int) -> JsonResponse:
    """Take in the end of a run's job. What is forged or old is refused; what was seen before is
    answered like the first time and changes nothing, so that the service stops sending it.
    """
    found = get_object_or_404(BulkRun, pk=run)
    body = request.read(MOST_BYTES + 1)  # `request.body` has a limit that is meant for forms
    if len(body) > MOST_BYTES:
        return JsonResponse({"error": "too large"}, status=413)
    try:
        stored = JianbaoSettings.objects.filter(site=found.site_id).first()
        secret = connection_of(stored).webhook_secret
        if not secret:
            return JsonResponse({"error": "no webhooks are expected"}, status=403)
        content = Webhook(secret).verify(body, dict(request.headers.items()))
        return _take(found, request.headers["webhook-id"], content)
    except (WebhookVerificationError, ValueError, errors.NotConfigured):
        return JsonResponse({"error": "the signature is wrong or old"}, status=401)
    except errors.WrongAnswer as error:
        return JsonResponse({"error": error.detail}, status=400)


def _take(run: BulkRun, name: str, content: object) -> JsonResponse:
    data = content.get("data") if isinstance(content, dict) else None
    if not isinstance(data, dict):
        raise errors.WrongAnswer("no data")
    with transaction.atomic():
        _, new = SeenWebhook.objects.get_or_create(webhook_id=name[:200])
        if new:
            bulk.take_webhook(run, data)
        SeenWebhook.objects.filter(seen_at__lt=timezone.now() - _KEPT).delete()
    return JsonResponse({"state": "taken" if new else "seen before"})
