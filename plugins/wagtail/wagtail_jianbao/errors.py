"""What can go wrong between the site and the service, in an editor's words.

JianbaoError
├── NotConfigured        no address of the service is set
├── Temporary            trying again later may help; has `retry_after`
│   ├── Busy             too many requests wait
│   ├── NotReady         the model is loading, or the service restarts
│   ├── Unreachable      nothing answers at the address
│   └── Slow             no answer in time
├── KeyRefused           the key is missing or wrong, or not for this
├── TooShort, TooLong, UnsupportedLanguage, Unusable    the article cannot be briefed
├── WrongAnswer          what came is no answer of Jianbao
├── JobGone              the job was cancelled or forgotten
└── Failed               the service failed on this article
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class JianbaoError(Exception):
    """Base of all. ``detail`` is what the service said, in English, for whoever looks into it."""

    code = "error"
    words: str | Promise = _("Something went wrong.")

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or type(self).__name__)
        self.detail = detail
        self.job = ""
        """The service's job that failed so, if there was one."""

    @property
    def message(self) -> str:
        """What an editor is told, in the editor's language."""
        return str(self.words)


class NotConfigured(JianbaoError):
    """No address of the service is set."""

    code = "not_configured"
    words = _("No Jianbao service is set up. Ask an administrator to open Settings › Jianbao.")


class Temporary(JianbaoError):
    """Trying again after ``retry_after`` seconds may help."""

    code = "temporary"

    def __init__(self, detail: str = "", *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Busy(Temporary):
    """Too many requests wait, or there is no room for another job."""

    code = "busy"
    words = _("Jianbao is busy.")


class NotReady(Temporary):
    """The model is loading, the engine restarts, or the service is shutting down."""

    code = "not_ready"
    words = _("Jianbao is starting: its model is still loading.")


class Unreachable(Temporary):
    """Nothing answers at the address."""

    code = "unreachable"
    words = _("Jianbao cannot be reached.")


class Slow(Temporary):
    """There was no answer in time."""

    code = "slow"
    words = _("Jianbao takes longer than usual.")


class KeyRefused(JianbaoError):
    """The key is missing, wrong, or not for this route."""

    code = "key_refused"
    words = _("Jianbao refused the API key. Ask an administrator to check it.")


class TooShort(JianbaoError):
    """There is nothing to shorten."""

    code = "too_short"
    words = _("The text is too short to make a brief of.")


class TooLong(JianbaoError):
    """The article is over the service's limit."""

    code = "too_long"
    words = _("The text is longer than Jianbao accepts.")


class UnsupportedLanguage(JianbaoError):
    """The article is neither English nor Chinese."""

    code = "unsupported_language"
    words = _("The text is neither English nor Chinese.")


class Unusable(JianbaoError):
    """The service says that a field of the request cannot be used."""

    code = "unusable"
    words = _("Jianbao cannot make a brief of this text.")


class WrongAnswer(JianbaoError):
    """What came is no answer of Jianbao, or larger than any."""

    code = "wrong_answer"
    words = _("What answered is not Jianbao, or another version of it.")


class JobGone(JianbaoError):
    """The job was cancelled, or its time was over."""

    code = "job_gone"
    words = _("The work was cancelled, or is no longer kept. Make the briefs again.")


class Failed(JianbaoError):
    """The service failed on this article."""

    code = "failed"
    words = _("Jianbao failed on this text.")
