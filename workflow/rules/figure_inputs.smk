# Functions of the figures: which ones a configuration gives, and the runs that they show.

from avdistill.evaluation.labels import model_label, scope_label
from avdistill.figures.recordings import RECORDING_FIGURES
from avdistill.figures.supplement import confusion_figures


def shown_run(figure):
    """The run whose confusion matrix is a figure of the supplement."""
    supervision = (
        "ground_truth" if figure.network in settings.teachers else figure.supervision
    )
    return Run(figure.network, figure.scope, supervision, int(figure.seed))


def shown_network(figure):
    """Network and scope of a confusion matrix of the supplement, in words."""
    return (
        f"{model_label(figure.network, figure.supervision)},"
        f" {scope_label(figure.scope, dataset.scenarios)}"
    )


recording_figures = {
    number: figure
    for number, figure in RECORDING_FIGURES.items()
    if figure.modalities <= set(settings.dataset.modalities)
}


def network_figures(runs, file):
    """One figure of each run."""
    return [f"results/figures/{run.name}/{file}" for run in runs]


def supplement_figures():
    """Paths of the supplement's figures that the configuration gives."""
    numbers = [*recording_figures]
    numbers += [figure.number for figure in confusion_figures(settings)]
    return [f"results/figures/paper/figure{number:02d}.png" for number in numbers]
