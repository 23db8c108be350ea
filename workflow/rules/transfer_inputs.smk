# Functions of the transfer: what one job, all students of a network, is given.

# The tables lie beside lists of clips, whose names are no networks.
student_network = "|".join(settings.students) or "none"


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
