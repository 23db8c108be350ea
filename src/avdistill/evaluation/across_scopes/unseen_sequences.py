"""Which sequences of another scope a network may be tested on.

Scopes share recordings: those of scenario 1 are also in the scope of all scenarios. Each scope has
a split of its own. A network is therefore tested on another scope's test sequences without those
that it, or its teacher, was trained or validated on.
"""

from collections.abc import Iterable

import pandas as pd

SEEN = ("training", "validation")  # weights are fitted on one, the best epoch chosen on the other


def unseen_test_sequences(target: pd.DataFrame, seen: Iterable[pd.DataFrame]) -> list[str]:
    """List the sequences of a scope's test split that a network may be tested on.

    Parameters
    ----------
    target : split of the scope tested on: columns `sequence` and `split`.
    seen : splits of the scopes that the network and its teachers were trained on.

    Returns
    -------
    Names in the target's order; none is in the training or validation part of a split in `seen`.
    The list may be empty, since the splits are drawn independently.
    """
    excluded = {
        sequence for split in seen for sequence in split.loc[split["split"].isin(SEEN), "sequence"]
    }
    test = target.loc[target["split"] == "test", "sequence"]
    return [sequence for sequence in test if sequence not in excluded]
