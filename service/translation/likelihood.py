"""How likely a translation is to be right, by the model's own probabilities.

What a model does not understand it writes with little certainty, and what it has left out or
replaced it cannot find again in its translation. Either direction alone tells less than both
(ADR 26).
"""

from __future__ import annotations

from collections.abc import Iterable

from service.inference.protocol import TokenScore


def likelihood(forward: Iterable[TokenScore], backward: Iterable[TokenScore]) -> float:
    """The log-probability of a translation given its source, whose tokens are scored in
    ``forward``, plus that of the source given its translation (``backward``). At most 0; the
    higher, the more likely the translation is right. It is not divided by the length: the longer a
    sentence is, the more there is to get wrong.
    """
    return sum(one.logprob for scores in (forward, backward) for one in scores)
