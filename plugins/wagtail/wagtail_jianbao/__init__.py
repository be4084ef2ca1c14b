"""Briefs of articles by Jianbao, in English and Chinese, inside Wagtail's editor."""

__version__ = "0.1.0"
