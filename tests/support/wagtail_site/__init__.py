"""A Wagtail site of a newsroom, in a database of its own for each module of tests."""
