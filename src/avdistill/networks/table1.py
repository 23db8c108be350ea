"""The learning rates of the paper (supplement, table 1).

For HearNet from DualCamNet's soft labels the table has two values, and section 3 of the supplement
says whose the smaller one is: the first scenario's.
"""

_EVERYWHERE = {
    ("dualcamnet", "ground_truth"): 1e-3,
    ("resnet50", "ground_truth"): 1e-4,
    ("temporal_resnet50", "ground_truth"): 1e-4,
    ("avnet", "ground_truth"): 1e-4,
    ("hearnet", "ground_truth"): 1e-4,
    ("hearnet", "dualcamnet"): 1e-3,
    ("hearnet", "resnet50"): 1e-3,
    ("soundnet", "ground_truth"): 1e-4,
    ("soundnet", "dualcamnet"): 1e-3,
    ("soundnet", "resnet50"): 1e-4,
}
_IN_ONE_SCOPE = {("hearnet", "dualcamnet", "scenario1"): 1e-4}


def table1_learning_rate(network: str, supervision: str, scope: str) -> float | None:
    """Return the paper's learning rate; None where table 1 has none for these.

    Parameters
    ----------
    supervision : `ground_truth` (G, and every teacher), `dualcamnet` (D) or `resnet50` (R).
    scope : `scenario1` and so on, or `all`.
    """
    everywhere = _EVERYWHERE.get((network, supervision))
    return _IN_ONE_SCOPE.get((network, supervision, scope), everywhere)
