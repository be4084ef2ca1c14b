"""Lineups as an operator chooses among them."""
