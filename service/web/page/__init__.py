"""The page at ``/``: its files and their policy, and what it asks of the service."""
