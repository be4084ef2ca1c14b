"""The error tree. It knows no HTTP: ``service/web/problems.py`` alone turns it into statuses.

ServiceError
├── SettingsError                 a setting is missing or out of range; the process does not start
├── InputError                    the caller's fault; names the field
│   ├── InvalidInput              the value cannot be used
│   ├── TextTooShort              there is nothing to summarize
│   ├── TextTooLong               over the operator's limit
│   └── UnsupportedLanguage       neither English nor Chinese
├── Overloaded                    the queue is full; retry after the given seconds
│   └── RateExceeded              the caller's key may not ask for more now
├── Unavailable                   not now: loading, shutting down or engine dead
│   ├── StorageFull               there is no room to keep a job
│   └── KeysUnreadable            callers cannot be identified
├── DeadlineExceeded              accepted, but not finished in time
├── GenerationFailed              the engine gave up on this request
│   ├── PromptTooLong             the prompt does not fit the model's context
│   └── UnwritableGrammar         the model cannot write what the grammar asks
├── UnsupportedTask               the lineup has no model for the task
└── WeightsError                  the model's files cannot be obtained
    ├── UnknownModel              not in the catalogue
    ├── CatalogueError            the catalogue itself is wrong
    ├── DigestMismatch            what arrived is not what the catalogue pins
    ├── NotEnoughDisk             checked before the first byte
    └── SourcesUnreachable        hub and mirrors failed; says what to set
"""

from __future__ import annotations


class ServiceError(Exception):
    """Root of everything that Jianbao raises on purpose; its text is fit for a caller to read."""


class SettingsError(ServiceError):
    """A setting is missing or out of range; the text names it and what would be accepted."""


class InputError(ServiceError):
    """The request cannot be served as it is.

    ``field`` is the request field at fault, in the caller's own spelling.
    """

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class InvalidInput(InputError):
    """The field's value cannot be used."""


class TextTooShort(InputError):
    """The text holds nothing that could be made shorter."""


class TextTooLong(InputError):
    """The text is over the operator's limit."""


class UnsupportedLanguage(InputError):
    """The text is in neither English nor Chinese; ``detected`` is its ISO 639-1 code."""

    def __init__(self, message: str, *, field: str, detected: str) -> None:
        super().__init__(message, field=field)
        self.detected = detected


class Overloaded(ServiceError):
    """The queue is full; ``retry_after`` is in whole seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateExceeded(Overloaded):
    """The caller's key has used up what it may ask for in a minute."""


class Unavailable(ServiceError):
    """The service cannot take work now; ``retry_after`` is in whole seconds."""

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StorageFull(Unavailable):
    """There is no room to keep a job: its store is as full as it may or can be."""


class KeysUnreadable(Unavailable):
    """The file of API keys cannot be read as it stands, so that no key is accepted."""


class DeadlineExceeded(ServiceError):
    """The work was accepted but did not finish before its deadline."""


class GenerationFailed(ServiceError):
    """The engine gave up on the request."""


class PromptTooLong(GenerationFailed):
    """The prompt (``tokens``) does not fit the model's context (``limit``), both in tokens."""

    def __init__(self, message: str, *, tokens: int, limit: int) -> None:
        super().__init__(message)
        self.tokens = tokens
        self.limit = limit


class UnwritableGrammar(GenerationFailed):
    """The model cannot write what the request's grammar asks: its vocabulary lacks a character."""


class UnsupportedTask(ServiceError):
    """No model of the lineup serves the task, directly or composed."""


class WeightsError(ServiceError):
    """The files of a model cannot be had."""


class UnknownModel(WeightsError):
    """The catalogue has no entry of that name."""


class CatalogueError(WeightsError):
    """The catalogue is malformed; the text names the entry and the key."""


class DigestMismatch(WeightsError):
    """A file's SHA-256 is not the pinned one; the file was removed."""


class NotEnoughDisk(WeightsError):
    """The volume lacks the room for the download and its conversion."""


class SourcesUnreachable(WeightsError):
    """Every source failed; the text says which, why, and what to set."""
