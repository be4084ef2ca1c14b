"""Faults planted in true sentences by rule, with no help from the verifier that is to find them."""
