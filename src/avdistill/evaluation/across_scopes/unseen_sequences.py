"""Which sequences of another scope a network may be tested on: none that it has seen.

Scopes share recordings: scenario 1's are also among those of all scenarios, and each scope has a
split of its own. A network's test sequences on another scope are therefore that scope's, less
every sequence of its own, or its teacher's, training or validation split.
"""

from collections.abc import Iterable

import pandas as pd

SEEN = ("training", "validation")  # weights are fitted on one, the best epoch chosen on the other


def unseen_test_sequences(target: pd.DataFrame, seen: Iterable[pd.DataFrame]) -> list[str]:
    """Name the sequences of a scope's test split that a network may be tested on.

    Parameters
    ----------
    target : split of the scope tested on: columns `sequence` and `split`.
    seen : splits of the scopes that the network and its teachers were trained on.

    Returns
    -------
    Names in the target's order; none is in the training or validation part of a split in `seen`.
    The list may be empty: splits drawn apart from each other can leave nothing to test on.
    """
    excluded = {
        sequence for split in seen for sequence in split.loc[split["split"].isin(SEEN), "sequence"]
    }
    test = target.loc[target["split"] == "test", "sequence"]
    return [sequence for sequence in test if sequence not in excluded]
