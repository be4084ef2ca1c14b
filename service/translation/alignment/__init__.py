"""Word alignment between a sentence and its translation, which shows where an inline tag belongs
(ADR 30). Pure functions, without a model.
"""
