"""What every prompt does to the texts that it holds."""

from __future__ import annotations


def inert(text: str) -> str:
    """``text`` without what a tokenizer would read as a control token (``<|im_end|>``)."""
    return text.replace("<|", "< |").replace("|>", "| >")
