"""What a client raises.

JianbaoError
├── Unreachable        nothing answers at the address, or the connection broke
└── ProblemError       the service refused or failed; has its `problem`
    └── Busy           too many requests wait, or it is loading; has `retry_after`
"""

from __future__ import annotations

from service.web.schemas import Problem


class JianbaoError(Exception):
    """Root of everything that the clients raise."""


class Unreachable(JianbaoError):
    """Nothing answers at the address, or the connection broke off."""


class ProblemError(JianbaoError):
    """The service refused the request or failed on it. ``problem.errors`` names the fields at
    fault; ``request_id`` is what the service's log calls the request.
    """

    def __init__(self, problem: Problem, *, request_id: str = "") -> None:
        super().__init__(problem.detail or problem.title)
        self.problem = problem
        self.request_id = request_id

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status


class Busy(ProblemError):
    """Too many requests wait, or the model is loading: the same request can be served in
    ``retry_after`` seconds. Raised when a client's patience for that is used up.
    """

    def __init__(self, problem: Problem, *, request_id: str = "", retry_after: float) -> None:
        super().__init__(problem, request_id=request_id)
        self.retry_after = retry_after
