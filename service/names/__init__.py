"""Names and news terms: what they are called in the other language."""
