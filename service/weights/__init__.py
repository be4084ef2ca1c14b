"""Weights: the catalogue that pins them, the store that fetches, verifies and converts them."""
