"""Which words of a translation say what which words of its source say, and so where an inline tag
of the source belongs in the translation (ADR 30). Pure functions: no model is asked.
"""
