"""Clients of a Jianbao service: :class:`Client`, and :class:`AsyncClient` for asyncio.

>>> with Client("http://127.0.0.1:8000") as client:
...     answer = client.summarize(text=article, languages=["en", "zh"])
...     print(answer.summaries["en"].text)
"""

from jianbao.asynchronous import AsyncClient, AsyncJobs
from jianbao.errors import Busy, JianbaoError, ProblemError, Unreachable
from jianbao.options import SummarizeOptions, TranslateOptions
from jianbao.protocol import Event, Translation
from jianbao.synchronous import Client, Jobs
from service.briefs.model import Brief, BriefSentence, Sentence
from service.web.schemas import BatchResult, JobView, Problem, SummarizeAnswer

__all__ = [
    "AsyncClient",
    "AsyncJobs",
    "BatchResult",
    "Brief",
    "BriefSentence",
    "Busy",
    "Client",
    "Event",
    "JianbaoError",
    "JobView",
    "Jobs",
    "Problem",
    "ProblemError",
    "Sentence",
    "SummarizeAnswer",
    "SummarizeOptions",
    "TranslateOptions",
    "Translation",
    "Unreachable",
]
