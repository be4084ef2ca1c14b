"""Briefs of articles. The files in the order of the steps:

- read: ``articles`` (what a client sent), ``sources`` (language, text and sentences), ``reading``
  (notes of an article that is too long for one prompt)
- select: ``extracting`` and ``selecting/``, without a model
- write: ``shape``, ``prompts``, ``grounding/`` (grammars), ``drafts``, ``writing``, with a model
- translate: ``translating``
- review: ``review`` (rules), ``checking`` and ``verifying/`` (against the article)
- answer: ``extras``, ``tags``, ``article_names``, ``rendering``, ``events``

``pipeline`` runs the steps for one article, ``summarize`` is the entry, and ``answer_cache`` stands
before it. ``model`` holds the types that they share.
"""
