"""Lineups as an operator chooses among them: checked without a network, compared side by side."""
