"""Background work, by Django's tasks: in a worker where a backend with one is configured, else at
once.
"""

from __future__ import annotations

try:
    from django.tasks import task
except ImportError:  # before Django 6
    from django_tasks import task

from wagtail_jianbao import bulk
from wagtail_jianbao.models import BulkRun


@task()
def send_run(pk: int) -> None:
    """Hand in the pages of a run."""
    bulk.send(BulkRun.objects.get(pk=pk))
