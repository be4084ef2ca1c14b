"""Errors as problem documents."""

from __future__ import annotations

import pytest
from litestar.exceptions import NotFoundException

from service.errors import (
    DeadlineExceeded,
    GenerationFailed,
    InvalidInput,
    Overloaded,
    PromptTooLong,
    ServiceError,
    TextTooLong,
    TextTooShort,
    Unavailable,
    UnsupportedLanguage,
    UnsupportedTask,
    WeightsError,
)
from service.web.access import KeyRefused
from service.web.problems import to_problem
from service.web.schemas import FieldError, Problem


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyRefused(shown=True), 401),
        (InvalidInput("x", field="style"), 422),
        (TextTooShort("x", field="text"), 422),
        (UnsupportedLanguage("x", field="text", detected="fr"), 422),
        (TextTooLong("x", field="html"), 413),
        (PromptTooLong("x", tokens=9, limit=8), 413),
        (Overloaded("x", retry_after=7), 429),
        (GenerationFailed("x"), 500),
        (UnsupportedTask("x"), 501),
        (Unavailable("x"), 503),
        (DeadlineExceeded("x"), 504),
        (NotFoundException(), 404),
        (ServiceError("x"), 500),
        (WeightsError("x"), 500),
        (ValueError("x"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    assert to_problem(error).status == status


def test_an_input_error_names_its_field() -> None:
    assert to_problem(TextTooShort("there is nothing", field="html")) == Problem(
        type="urn:problem-type:jianbao:text-too-short",
        title="The text is too short",
        status=422,
        detail="html: there is nothing",
        errors=(FieldError("html", "there is nothing"),),
    )


@pytest.mark.parametrize("error", [ValueError("secret"), WeightsError("secret"), OSError("secret")])
def test_an_internal_error_keeps_its_text_to_itself(error: Exception) -> None:
    problem = to_problem(error)
    assert problem.type == "about:blank"
    assert "secret" not in repr(problem)
