"""Jobs: articles that are accepted durably, worked off when there is room, and told by webhooks.

What an article is, and what comes of it, is none of this package's business: both are bytes.
"""
