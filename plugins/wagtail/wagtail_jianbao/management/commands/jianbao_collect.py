"""``manage.py jianbao_collect``: ask how bulk runs stand, where no webhook tells of it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wagtail_jianbao import bulk
from wagtail_jianbao.models import BulkRun


class Command(BaseCommand):
    """Meant for cron."""

    help = "Take in the briefs of bulk runs that are under way."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Ask for each run."""
        for run in BulkRun.objects.filter(
            status__in=(BulkRun.Status.RUNNING, BulkRun.Status.WAITING)
        ):
            bulk.collect(run)
            run.refresh_from_db()
            counts = run.counts()
            self.stdout.write(
                f"run {run.pk}: {run.status}, {counts['done']} done, {counts['failed']} failed, "
                f"{counts['waiting']} waiting"
            )
