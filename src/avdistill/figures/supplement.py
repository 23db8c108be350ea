"""The networks of the supplement's figures 5 to 13 that a configuration trains."""

from typing import NamedTuple

from avdistill.configuration.configuration import Configuration
from avdistill.networks.registry import GROUND_TRUTH

# Number of the figure: the network, and the scope that it is trained and tested on.
_NETWORKS = {
    5: ("hearnet", "all"),
    6: ("soundnet", "all"),
    7: ("dualcamnet", "all"),
    8: ("resnet50", "all"),
    9: ("temporal_resnet50", "all"),
    10: ("avnet", "all"),
    11: ("resnet50", "scenario1"),
    12: ("resnet50", "scenario2"),
    13: ("resnet50", "scenario3"),
}


class ConfusionFigure(NamedTuple):
    """A confusion matrix of the supplement.

    Attributes
    ----------
    number : number of the figure in the supplement.
    supervision : the supervision of the network.
    seed : seed of the network's training.
    """

    number: int
    network: str
    scope: str
    supervision: str
    seed: int


def confusion_figures(settings: Configuration) -> list[ConfusionFigure]:
    """List the supplement's confusion matrices whose network the configuration trains.

    The supplement does not say what the students of figures 5 and 6 learned from. Here it is
    DualCamNet's soft labels, the paper's subject, if the configuration has these. Otherwise it is
    ground truth, or else the first supervision in the configuration. The first seed is taken.
    """
    figures = []
    for number, (network, scope) in _NETWORKS.items():
        trained = []
        if network in settings.students:
            asked = settings.students[network].supervision
            preferred = [one for one in ("dualcamnet", GROUND_TRUTH) if one in asked]
            trained = [
                source
                for source in (*preferred, *asked)
                if scope in settings.student_scopes(network, source)
            ]
        elif network in settings.teachers and scope in settings.scopes_of(network):
            trained = [GROUND_TRUTH]
        figures += [
            ConfusionFigure(number, network, scope, supervision, settings.training.seeds[0])
            for supervision in trained[:1]
        ]
    return figures
