"""A Wagtail site of one kind of page, in memory."""
