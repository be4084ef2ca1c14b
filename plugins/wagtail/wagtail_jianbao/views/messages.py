"""What the script of the panel says, in the editor's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def messages() -> dict[str, str]:
    """Sentences by the names that the script knows them by."""
    return {
        "asking": _("Making briefs…"),
        "progress": _("Making briefs: {percent}%"),
        "retrying": _("{problem} Trying again in {seconds} s."),
        "cancelled": _("Cancelled. Nothing was changed."),
        "late": _("The briefs took longer than the time-out of the settings. Try again later."),
        "offline": _("This site cannot be reached. Your text is still here; try again."),
        "signed_out": _(
            "Your session has ended, or you may not do this. Sign in again in another tab, then "
            "try again here: your text is still here."
        ),
        "ready": _("The briefs are ready."),
        "applied": _("Applied. Save the page to keep it."),
        "undone": _("Undone. Save the page to keep it that way."),
        "changed_since": _("Undone, but the field was changed since and was left as it is."),
        "changed": _("The text has changed since these briefs were made."),
        "words": _("{count} words"),
        "characters": _("{count} characters"),
    }
