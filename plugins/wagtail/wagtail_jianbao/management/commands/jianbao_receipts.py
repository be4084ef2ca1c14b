"""``manage.py jianbao_receipts``: the receipts of briefs, a line of JSON each."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from wagtail_jianbao.models import Brief


class Command(BaseCommand):
    """For archives and for moving a site."""

    help = "Write the receipts of briefs as lines of JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Pages to which it is confined."""
        parser.add_argument("pages", nargs="*", type=int, help="ids of pages; without any, all")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write them, oldest first."""
        briefs = Brief.objects.order_by("pk")
        if options["pages"]:
            briefs = briefs.filter(page__in=options["pages"])
        for brief in briefs.iterator():
            line = model_to_dict(brief) | {"made_at": brief.made_at}
            self.stdout.write(json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False))
