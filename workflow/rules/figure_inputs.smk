# Functions of the figures: which ones a configuration gives, and the runs that they show.

from avdistill.evaluation.labels import model_label, scope_label
from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.figures.supplement import confusion_figures


def shown_network(run):
    """Network and scope of a confusion matrix of the supplement, in words."""
    return (
        f"{model_label(run.network, run.supervision)},"
        f" {scope_label(run.scope, dataset.scenarios)}"
    )


recording_figures = {
    number: figure
    for number, figure in RECORDING_FIGURES.items()
    if figure.modalities <= set(settings.dataset.modalities)
}


def clips():
    """A clip of each scenario, if the data have all that is seen and heard in it."""
    if not {"acoustic", "audio", "video"} <= set(settings.dataset.modalities):
        return []
    numbers = sorted({sequence.location for sequence in dataset.sequences()})
    return [f"results/figures/clips/scenario{number}.webm" for number in numbers]


def network_figures(runs, file):
    """One figure of each run."""
    return [f"results/figures/{run.name}/{file}" for run in runs]


def supplement_figures():
    """Paths of the supplement's figures that the configuration gives."""
    numbers = [*recording_figures, *confusion_figures(plan.runs)]
    return [f"results/figures/paper/figure{number:02d}.png" for number in numbers]
