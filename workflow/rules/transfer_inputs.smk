# Functions of the transfer: what one job, all students of a network, is given.


def students_of(file):
    """A file of every student of the network named by the wildcard."""

    def files(wildcards):
        return [
            f"{folder}/{file}"
            for folder in every_student(student_folder)
            if Path(folder).parts[3] == wildcards.network
        ]

    return files


def folders_of(item):
    """Folders of an input's files, as a parameter of a rule."""
    return lambda wildcards, input: [str(Path(file).parent) for file in input[item]]


# The tables lie beside lists of clips, whose names are no networks.
student_network = "|".join(settings.students) or "none"


def transfers_wanted(kind, wanted):
    """One table for each student network, if the configuration asks for this transfer."""
    pattern = f"results/transfer/{kind}/{{network}}.csv"
    return expand(pattern, network=settings.students) if wanted else []


def lists_of_dcase2018():
    """The few files that say what the data set holds; its recordings have digests in our list."""
    if settings.transfer.dcase2018.folder is None:
        return ["config/data_registry.yaml"]
    return [
        file
        for file in files_below(
            settings.transfer.dcase2018.folder, key="transfer.dcase2018.folder"
        )
        if Path(file).suffix in (".csv", ".txt")
    ]


def source_of_dcase2018():
    """Where the data set comes from, as options of `avdistill fetch-dcase2018`."""
    if folder := settings.transfer.dcase2018.folder:
        return ["--folder", folder]
    registry, destination = (
        "config/data_registry.yaml",
        "results/transfer/dcase2018/audio",
    )
    return ["--registry", registry, "--destination", destination]
