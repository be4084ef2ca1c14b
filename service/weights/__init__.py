"""Weights: the catalogue that pins them, the store that fetches and verifies them."""
