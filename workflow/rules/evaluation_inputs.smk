# What the tables are made from: all networks, or all of one kind.


def all_metrics():
    """Every network's metrics."""
    return every_teacher(f"{teacher_folder}/metrics.json") + every_student(
        f"{student_folder}/metrics.json"
    )


def of_one_network(file):
    """A file of every trained network of the wildcard's kind."""

    def files(wildcards):
        network = wildcards.network
        if network in settings.teachers:
            return every_teacher(f"{teacher_folder}/{file}", [network])
        return every_student(f"{student_folder}/{file}", [network])

    return files


def features_of_one_network(wildcards):
    """Features that every trained network of the wildcard's kind was trained on."""
    if wildcards.network not in SEEING:
        return []
    scopes = settings.scopes_of(wildcards.network)
    folders = {
        f"results/vision/{backbone_of(wildcards.network, scope)}" for scope in scopes
    }
    return [
        f"{folder}/{file}"
        for folder in sorted(folders)
        for file in ("manifest.csv", "backbone.json")
    ]


def features_options_of_one_network(wildcards, input):
    """The folder of each one's features, as an option of `avdistill predict-across-scopes`."""
    if wildcards.network not in SEEING:
        return []
    scopes = [Path(file).parts[2] for file in input.models]
    return [
        "--features",
        *(
            f"results/vision/{backbone_of(wildcards.network, scope)}"
            for scope in scopes
        ),
    ]


def transfers():
    """Tables of every transfer that the configuration asks for."""
    return [
        *transfers_wanted("scopes", settings.transfer.scopes),
        *transfers_wanted("esc10", settings.transfer.esc10),
        *transfers_wanted("dcase2018", settings.transfer.dcase2018),
    ]


def headlines():
    """What `dvc metrics` shows: a file for each network, supervision and seed, of all scopes."""
    name = "results/metrics/{network}-seed{seed}.json"
    distilled = "results/metrics/{network}-{supervision}-seed{seed}.json"
    return sorted({*every_teacher(name), *every_student(distilled)})


networks_in_use = [*settings.teachers, *settings.students]
note_options = ["--note", settings.report.note] if settings.report.note else []
