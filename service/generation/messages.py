"""Makes texts safe to use in prompts."""

from __future__ import annotations


def inert(text: str) -> str:
    """Change ``text`` so that a tokenizer finds no control tokens in it: ``<|im_end|>``, or with
    wide bars ``<｜hy_User｜>``.
    """
    for bar in "|｜":
        text = text.replace(f"<{bar}", f"< {bar}").replace(f"{bar}>", f"{bar} >")
    return text
