"""The domain: what a brief is, how one is asked for, grounded, reviewed and repaired."""
