"""Translation between English and Chinese: the same grounding as the briefs, for whole texts."""
