"""Tiny models for tests: random weights in real architectures, tokenizers trained on a small
bilingual corpus, saved as the hub lays them out and loaded through ``from_pretrained``.

Every function fills ``target`` and returns it. The same call gives the same files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

CORPUS = (
    "The city council approved the new library on Tuesday.",
    "Rain delayed the morning trains for almost two hours.",
    "Researchers found a cheaper way to recycle old batteries.",
    "The museum will open its doors to students for free.",
    "Farmers in the north expect a better harvest this year.",
    "A small bakery won the prize for the best bread in town.",
    "The hospital hired forty nurses after the winter.",
    "Engineers tested the bridge before the first cars crossed.",
    "Prices of fruit and vegetables fell in the last quarter.",
    "The team scored twice in the final ten minutes.",
    "Scientists measured the height of the mountain again.",
    "The school replaced its paper forms with a simple website.",
    "Volunteers planted three thousand trees along the river.",
    "The company said that its profit grew by 13 percent.",
    "Tourists returned to the island when the ferry reopened.",
    "The mayor promised cleaner air and safer streets.",
    "Doctors warned: the medicine is not for children.",
    "The film about the old sailor opened in 24 cities.",
    "Workers repaired the power lines after the storm.",
    "Experts expect that the exchange rate stays stable.",
    "市议会周二批准了新图书馆的建设。",
    "大雨使早上的列车晚点了将近两个小时。",
    "研究人员找到了更便宜的旧电池回收方法。",
    "博物馆将免费向学生开放。",
    "北方的农民预计今年的收成会更好。",
    "一家小面包店获得了全城最好面包奖。",
    "医院在冬天之后聘用了四十名护士。",
    "工程师在第一批汽车通过之前测试了大桥。",
    "上个季度水果和蔬菜的价格下降了。",
    "球队在最后十分钟里进了两个球。",
    "科学家再次测量了这座山的高度。",
    "学校用一个简单的网站代替了纸质表格。",
    "志愿者沿着河边种了三千棵树。",
    "公司表示其利润增长了13%。",
    "渡轮重新开通后，游客回到了岛上。",
    "市长承诺更清洁的空气和更安全的街道。",
    "医生警告说，这种药不适合儿童。",
    "这部关于老水手的电影在24个城市上映。",
    "暴风雨过后，工人们修复了电线。",
    "专家预计汇率将保持稳定。",
)
"""Forty sentences, English and Chinese, written for these tests."""

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
"""ChatML, the template of the Qwen family."""
HY_TOKENS = {
    "begin": "<｜hy_begin▁of▁sentence｜>",
    "user": "<｜hy_User｜>",
    "assistant": "<｜hy_Assistant｜>",
    "end": "<｜hy_place▁holder▁no▁2｜>",
    "pad": "<｜hy_▁pad▁｜>",
}
"""Special tokens of Tencent's dense models."""
HY_TEMPLATE = (
    "{{ '" + HY_TOKENS["begin"] + "' }}"
    "{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ raise_exception('no place for a system prompt') }}"
    "{% elif message['role'] == 'user' %}{{ '" + HY_TOKENS["user"] + "' + message['content'] }}"
    "{% else %}{{ '"
    + HY_TOKENS["assistant"]
    + "' + message['content'] + '"
    + HY_TOKENS["end"]
    + "' }}"
    "{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '" + HY_TOKENS["assistant"] + "' }}{% endif %}"
)
"""Written for these tests: turns as theirs are, and an error where theirs has no place."""

SHAPE: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_ffn_dim": 64,
    "max_position_embeddings": 256,
    "init_std": 0.5,
}
"""The BART family's sizes. The large deviation keeps random weights from repeating one token."""


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _byte_level_tokenizer(specials: list[str], size: int) -> Any:
    from tokenizers import ByteLevelBPETokenizer

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        CORPUS, vocab_size=size, special_tokens=specials, show_progress=False
    )
    return tokenizer


def _train_spm(prefix: Path, sentences: tuple[str, ...], size: int, **options: Any) -> None:
    """Write ``prefix.model`` and ``prefix.vocab``, a sentencepiece model of ``size`` pieces."""
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(prefix),
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
        num_threads=1,
        **options,
    )


def _pieces(model: Path) -> list[str]:
    import sentencepiece

    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def _save_model(target: Path, architecture: str, config: Any) -> Path:
    """Random weights, the same at every call, in float32."""
    import torch
    import transformers

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20)
        model = getattr(transformers, architecture)(config)
    model.save_pretrained(target)
    return target


def _vocabulary_size(target: Path) -> int:
    """Ids that the saved tokenizer can yield, as transformers loads it."""
    from transformers import AutoTokenizer

    return len(AutoTokenizer.from_pretrained(target))


def _causal_tokenizer(
    target: Path,
    *,
    end: str = "<|im_end|>",
    pad: str = "<|endoftext|>",
    others: Sequence[str] = ("<|im_start|>",),
    template: str = CHAT_TEMPLATE,
) -> Any:
    from tokenizers import AddedToken
    from transformers import PreTrainedTokenizerFast

    tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=_byte_level_tokenizer([pad, *others, end], 700)._tokenizer,
        eos_token=AddedToken(end, special=True),
        pad_token=AddedToken(pad, special=True),
        additional_special_tokens=list(others),
        chat_template=template,
    )
    tokenizer.save_pretrained(target)
    return tokenizer


def _save_causal(
    target: Path,
    config_class: str,
    architecture: str,
    *,
    width: int = 32,
    tokenizer: Any = None,
    **options: Any,
) -> Path:
    import transformers

    tokenizer = tokenizer or _causal_tokenizer(target)
    config = getattr(transformers, config_class)(
        vocab_size=len(tokenizer) + 5,  # padded beyond the tokenizer, as real checkpoints are
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        initializer_range=0.3,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        **options,
    )
    return _save_model(target, architecture, config)


def qwen2(target: Path, width: int = 32) -> Path:
    """Decoder with a byte-level tokenizer and a chat template; ``width`` is its hidden size."""
    return _save_causal(target, "Qwen2Config", "Qwen2ForCausalLM", width=width)


def windowed(target: Path) -> Path:
    """Decoder whose second layer sees the last 24 tokens alone."""
    return _save_causal(
        target,
        "Qwen2Config",
        "Qwen2ForCausalLM",
        use_sliding_window=True,
        sliding_window=24,
        max_window_layers=1,
    )


def llama(target: Path) -> Path:
    """Decoder of the Llama family, with the same tokenizer."""
    return _save_causal(target, "LlamaConfig", "LlamaForCausalLM")


def qwen3(target: Path) -> Path:
    """Decoder of the Qwen3 family: queries and keys are normalized by head. A head is as wide as in
    all of that family: transformers reads nothing else from a GGUF.
    """
    return _save_causal(target, "Qwen3Config", "Qwen3ForCausalLM", head_dim=128)


def hunyuan(target: Path) -> Path:
    """Decoder of Tencent's dense family, with a chat template that refuses a system prompt."""
    tokenizer = _causal_tokenizer(
        target,
        end=HY_TOKENS["end"],
        pad=HY_TOKENS["pad"],
        others=[HY_TOKENS[name] for name in ("begin", "user", "assistant")],
        template=HY_TEMPLATE,
    )
    return _save_causal(
        target, "HunYuanDenseV1Config", "HunYuanDenseV1ForCausalLM", tokenizer=tokenizer, head_dim=8
    )


def qwen3_moe(target: Path) -> Path:
    """Decoder of the Qwen3 family whose layers choose two of four experts for each token."""
    return _save_causal(
        target,
        "Qwen3MoeConfig",
        "Qwen3MoeForCausalLM",
        head_dim=16,
        moe_intermediate_size=32,
        num_experts=4,
        num_experts_per_tok=2,
    )


_GGUF_NAMES = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
    "model.layers": "blk",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.query_layernorm": "attn_q_norm",
    "self_attn.key_layernorm": "attn_k_norm",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate.weight": "ffn_gate_inp.weight",
    "mlp.experts.down_proj": "ffn_down_exps.weight",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""transformers' tensor names to llama.cpp's."""
_GGUF_ARCHITECTURES = {"hunyuan_v1_dense": "hunyuan-dense", "qwen3_moe": "qwen3moe"}
"""Those that llama.cpp names otherwise."""


def gguf(source: Path, target: Path) -> Path:
    """Write the decoder that a function of this module made in ``source`` to the file ``target``,
    its matrices in Q8_0.
    """
    import gguf as library
    from gguf.quants import quantize
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(source)
    config = model.config
    kind = _GGUF_ARCHITECTURES.get(config.model_type, config.model_type)
    writer = library.GGUFWriter(target, kind)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(config.vocab_size)
    if kind in ("qwen3", "qwen3moe", "hunyuan-dense"):
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if kind == "qwen3moe":
        writer.add_expert_count(config.num_experts)
        writer.add_expert_used_count(config.num_experts_per_tok)
        writer.add_expert_feed_forward_length(config.moe_intermediate_size)
    if config.model_type == "llama":
        writer.add_rope_dimension_count(config.head_dim)
    writer.add_file_type(library.LlamaFileType.MOSTLY_Q8_0)
    cut = "hunyuan-dense" if kind == "hunyuan-dense" else "qwen2"
    tokenizer = AutoTokenizer.from_pretrained(source)
    _write_gguf_tokenizer(writer, tokenizer, config.vocab_size, cut)
    q8 = library.GGMLQuantizationType.Q8_0
    for name, values in _gguf_tensors(model):
        if values.ndim > 1 and not name.endswith("ffn_gate_inp.weight"):
            writer.add_tensor(name, quantize(values, q8), raw_dtype=q8)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def _gguf_tensors(model: Any) -> Iterator[tuple[str, Any]]:
    """The weights by llama.cpp's names; it has the experts' gates and their other halves apart."""
    for theirs, tensor in model.state_dict().items():
        name, values = theirs, tensor.float().numpy()
        for before, after in _GGUF_NAMES.items():
            name = name.replace(before, after)
        turned = name.endswith(("attn_q.weight", "attn_k.weight"))
        if turned and model.config.model_type == "llama":
            values = _interleaved(values, model.config.head_dim)
        if name.endswith("mlp.experts.gate_up_proj"):
            layer, middle = name.removesuffix("mlp.experts.gate_up_proj"), values.shape[1] // 2
            yield f"{layer}ffn_gate_exps.weight", values[:, :middle]
            yield f"{layer}ffn_up_exps.weight", values[:, middle:]
        else:
            yield name, values


def _interleaved(values: Any, head: int) -> Any:
    """A matrix [heads * head, in] as llama.cpp wants it of Llama: each head's two halves, which
    rotate together, in turn.
    """
    halves = values.reshape(-1, 2, head // 2, values.shape[1])
    return halves.swapaxes(1, 2).reshape(values.shape)


def _write_gguf_tokenizer(writer: Any, tokenizer: Any, size: int, cut: str) -> None:
    import gguf as library

    pieces = {index: piece for piece, index in tokenizer.get_vocab().items()}
    control, normal = library.TokenType.CONTROL, library.TokenType.NORMAL
    special = set(tokenizer.all_special_ids)
    merges = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(cut)
    writer.add_token_list([pieces.get(index, f"[PAD{index}]") for index in range(size)])
    writer.add_token_types([control if index in special else normal for index in range(size)])
    writer.add_token_merges([" ".join(merge) for merge in merges])
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_chat_template(tokenizer.chat_template)


def marian(target: Path, *, targets: tuple[str, ...] = ()) -> Path:
    """opus-mt: two sentencepiece models and one vocabulary; ``targets`` (``cmn_Hans``) makes it
    multilingual.
    """
    import transformers

    target.mkdir(parents=True, exist_ok=True)
    for side, sentences in (("source", CORPUS[:20]), ("target", CORPUS[20:])):
        _train_spm(target / side, sentences, 300)
        (target / f"{side}.model").rename(target / f"{side}.spm")
    vocabulary = ["</s>", "<unk>"]
    vocabulary += [f">>{code}<<" for code in targets]
    for side in ("source", "target"):
        vocabulary += [p for p in _pieces(target / f"{side}.spm") if p not in [*vocabulary, "<s>"]]
    vocabulary.append("<pad>")
    _write_json(target / "vocab.json", {piece: index for index, piece in enumerate(vocabulary)})
    _write_json(target / "tokenizer_config.json", {"tokenizer_class": "MarianTokenizer"})
    pad = len(vocabulary) - 1
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        decoder_vocab_size=len(vocabulary),
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        forced_eos_token_id=0,
        scale_embedding=True,
        **SHAPE,
    )
    _save_model(target, "MarianMTModel", config)
    _write_json(
        target / "generation_config.json",
        {
            "bad_words_ids": [[pad]],
            "decoder_start_token_id": pad,
            "eos_token_id": 0,
            "forced_eos_token_id": 0,
            "max_length": 256,
            "num_beams": 4,
            "pad_token_id": pad,
        },
    )
    return target


def _t5_tokenizer(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    _train_spm(target / "spiece", CORPUS, 400, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    _write_json(
        target / "tokenizer_config.json",
        {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, "additional_special_tokens": []},
    )


def _save_t5(target: Path, config_class: str, architecture: str) -> Path:
    import transformers

    _t5_tokenizer(target)
    config = getattr(transformers, config_class)(
        vocab_size=_vocabulary_size(target) + 12,
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=4,
        initializer_factor=4.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    return _save_model(target, architecture, config)


def t5(target: Path) -> Path:
    """T5 with ``spiece.model`` alone, as its older repositories have it."""
    return _save_t5(target, "T5Config", "T5ForConditionalGeneration")


def mt5(target: Path) -> Path:
    """mT5 with ``spiece.model`` alone."""
    return _save_t5(target, "MT5Config", "MT5ForConditionalGeneration")


def bart(target: Path) -> Path:
    """BART with a byte-level vocabulary and ``forced_bos_token_id``, as the summarizers have."""
    import transformers

    target.mkdir(parents=True, exist_ok=True)
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    _byte_level_tokenizer(specials, 700).save_model(str(target))
    _write_json(target / "tokenizer_config.json", {"tokenizer_class": "BartTokenizer"})
    config = transformers.BartConfig(
        vocab_size=_vocabulary_size(target),
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        forced_eos_token_id=2,
        **SHAPE,
    )
    _save_model(target, "BartForConditionalGeneration", config)
    _write_json(
        target / "generation_config.json",
        {
            "bos_token_id": 0,
            "decoder_start_token_id": 2,
            "eos_token_id": 2,
            "forced_bos_token_id": 0,
            "forced_eos_token_id": 2,
            "min_length": 12,
            "no_repeat_ngram_size": 3,
            "num_beams": 4,
            "pad_token_id": 1,
        },
    )
    return target


def pegasus(target: Path) -> Path:
    """Pegasus with ``spiece.model`` alone; its ids are shifted by 103."""
    import transformers

    target.mkdir(parents=True, exist_ok=True)
    _train_spm(target / "spiece", CORPUS, 400, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    _write_json(target / "tokenizer_config.json", {"tokenizer_class": "PegasusTokenizer"})
    config = transformers.PegasusConfig(
        vocab_size=_vocabulary_size(target),
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        forced_eos_token_id=1,
        scale_embedding=True,
        **SHAPE,
    )
    return _save_model(target, "PegasusForConditionalGeneration", config)


def _save_mbart(target: Path, tokenizer_class: str, start: int) -> Path:
    import transformers

    target.mkdir(parents=True, exist_ok=True)
    _train_spm(target / "sentencepiece.bpe", CORPUS, 400)
    _write_json(target / "tokenizer_config.json", {"tokenizer_class": tokenizer_class})
    config = transformers.MBartConfig(
        vocab_size=_vocabulary_size(target),
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=start,
        forced_eos_token_id=2,
        **SHAPE,
    )
    return _save_model(target, "MBartForConditionalGeneration", config)


def mbart(target: Path) -> Path:
    """mBART of 25 languages: the decoder starts with the target's token."""
    return _save_mbart(target, "MBartTokenizer", 0)


def mbart50(target: Path) -> Path:
    """mBART-50: the target's token is forced after the decoder's start."""
    return _save_mbart(target, "MBart50Tokenizer", 2)


def _save_m2m100(target: Path, vocabulary: int) -> Path:
    import transformers

    config = transformers.M2M100Config(
        vocab_size=vocabulary,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        scale_embedding=True,
        **SHAPE,
    )
    return _save_model(target, "M2M100ForConditionalGeneration", config)


def nllb(target: Path) -> Path:
    """NLLB: the M2M100 architecture with ``eng_Latn`` and ``zho_Hans``, and ``tokenizer.json``."""
    from transformers import AutoTokenizer

    target.mkdir(parents=True, exist_ok=True)
    _train_spm(target / "sentencepiece.bpe", CORPUS, 700, model_type="bpe")
    _write_json(target / "tokenizer_config.json", {"tokenizer_class": "NllbTokenizer"})
    languages = ["eng_Latn", "zho_Hans", "zho_Hant"]
    AutoTokenizer.from_pretrained(target, extra_special_tokens=languages).save_pretrained(target)
    return _save_m2m100(target, _vocabulary_size(target))


def m2m100(target: Path) -> Path:
    """M2M100: ``vocab.json`` beside a sentencepiece model, ``__zh__`` tokens behind both."""
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    target.mkdir(parents=True, exist_ok=True)
    _train_spm(target / "sentencepiece.bpe", CORPUS, 400)
    pieces = [p for p in _pieces(target / "sentencepiece.bpe.model") if not p.startswith("<")]
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *pieces]
    _write_json(target / "vocab.json", {piece: index for index, piece in enumerate(vocabulary)})
    languages = [f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]]
    _write_json(
        target / "tokenizer_config.json",
        {"tokenizer_class": "M2M100Tokenizer", "additional_special_tokens": languages},
    )
    spare = 8
    return _save_m2m100(target, len(vocabulary) + len(languages) + spare)


SEQ2SEQ: dict[str, Callable[[Path], Path]] = {
    "marian": marian,
    "t5": t5,
    "mt5": mt5,
    "bart": bart,
    "pegasus": pegasus,
    "mbart": mbart,
    "mbart50": mbart50,
    "nllb": nllb,
    "m2m100": m2m100,
}
"""Every encoder-decoder, by the name that tests print."""
