"""What every prompt does to the texts that it holds."""

from __future__ import annotations


def inert(text: str) -> str:
    """``text`` without what a tokenizer would read as a control token: ``<|im_end|>``, or with wide
    bars ``<｜hy_User｜>``.
    """
    for bar in "|｜":
        text = text.replace(f"<{bar}", f"< {bar}").replace(f"{bar}>", f"{bar} >")
    return text
