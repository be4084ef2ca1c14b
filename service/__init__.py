"""Jianbao (简报): grounded bilingual briefs of news articles."""

__version__ = "0.1.0"
