"""How the documentation of each encoder-decoder has it used: what the engine is held against; and
the settings of a service over such models.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from service.settings import Settings, load_settings

LANGUAGE_CODES = {
    "mbart": {"en": "en_XX", "zh": "zh_CN"},
    "mbart50": {"en": "en_XX", "zh": "zh_CN"},
    "nllb": {"en": "eng_Latn", "zh": "zho_Hans"},
    "m2m100": {"en": "en", "zh": "zh"},
}
PREFIXES = {"t5": "summarize: "}


def generated_alone(
    family: str, path: Path, text: str, max_new_tokens: int, *, source: str = "en"
) -> str:
    """What transformers' ``generate`` makes of ``text`` (with its prefix) in the other language."""
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    codes = LANGUAGE_CODES.get(family, {})
    languages = {"src_lang": codes[source]} if codes else {}
    tokenizer: Any = AutoTokenizer.from_pretrained(path, **languages)
    target = codes.get("zh" if source == "en" else "en", "")
    options: dict[str, Any] = {}
    if family == "mbart":
        options["decoder_start_token_id"] = tokenizer.convert_tokens_to_ids(target)
    elif family == "m2m100":
        options["forced_bos_token_id"] = tokenizer.get_lang_id(target)
    elif target:
        options["forced_bos_token_id"] = tokenizer.convert_tokens_to_ids(target)
    reference: Any = AutoModelForSeq2SeqLM.from_pretrained(path)
    forced = "forced_bos_token_id" in options or reference.generation_config.forced_bos_token_id
    settings = reference.generation_config
    settings.max_length = None
    settings.forced_eos_token_id = None
    ids = reference.generate(
        **tokenizer(text, return_tensors="pt"),
        max_new_tokens=max_new_tokens + (forced is not None),
        num_beams=1,
        do_sample=False,
        **options,
    )
    written: str = tokenizer.decode(
        ids[0], skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return written.rstrip("\ufffd")


def settings_for(directory: Path, lineup: str) -> Settings:
    """A service that has its catalogue and its cache in ``directory``, and one thread."""
    return load_settings(
        {
            "JIANBAO_CATALOG": str(directory / "catalog.toml"),
            "JIANBAO_MODELS_DIR": str(directory / "cache"),
            "JIANBAO_LINEUP": lineup,
            "JIANBAO_THREADS": "1",
            "JIANBAO_KV_CACHE_GB": "1",
        }
    )
