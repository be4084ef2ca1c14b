"""Jobs: articles that are stored, worked on when there is room, and reported by webhooks.

This package does not know what an article or its result is: both are bytes to it.
"""
