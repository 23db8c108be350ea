# Functions of the tables: input files, of all runs or of all runs of one network.


def of_one_network(file):
    """One file of every run of the network in the wildcard."""
    return lambda wildcards: results_of(plan.runs_of(wildcards.network), file)


def backbones_of_one_network(wildcards):
    """The backbone of every run of the network in the wildcard; none if it has no backbone."""
    backbones = [plan.backbone_of(run) for run in plan.runs_of(wildcards.network)]
    return [backbone for backbone in backbones if backbone is not None]


def features_of_one_network(wildcards):
    """Features of all backbones of the network in the wildcard."""
    return expand(
        "results/vision/{backbone}/{file}",
        backbone=sorted(set(backbones_of_one_network(wildcards))),
        file=["manifest.csv", "backbone.json"],
    )


def features_options_of_one_network(wildcards, input):
    """The features of each one, as an option of `avdistill predict-across-scopes`."""
    manifests = expand(
        "results/vision/{backbone}/manifest.csv",
        backbone=backbones_of_one_network(wildcards),
    )
    return ["--features", *manifests] if manifests else []


def transfers_wanted(kind, wanted):
    """One table for each student network, if the configuration has this transfer."""
    pattern = f"results/transfer/{kind}/{{network}}.csv"
    return expand(pattern, network=settings.students) if wanted else []


def transfers():
    """Tables of all transfers that the configuration has."""
    return [
        *transfers_wanted("scopes", settings.transfer.scopes),
        *transfers_wanted("esc10", settings.transfer.esc10),
        *transfers_wanted("dcase2018", settings.transfer.dcase2018),
    ]


def headlines():
    """Files for `dvc metrics`: one for each network, supervision and seed, with all scopes."""
    name = "results/metrics/{0.network}-seed{0.seed}.json"
    distilled = "results/metrics/{0.network}-{0.supervision}-seed{0.seed}.json"
    names = [name.format(run) for run in plan.teachers]
    return sorted({*names, *(distilled.format(run) for run in plan.students)})


note_options = ["--note", settings.report.note] if settings.report.note else []
