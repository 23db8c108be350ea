# Functions of the transfer: input files and options.

# Only students: beside their tables are lists of clips, whose names must not match.
student_network = "|".join(settings.students) or "none"


def lists_of_dcase2018():
    """Files that list the recordings; the recordings' own digests are in the list that is made."""
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
    """The source of the data set, as options of `avdistill fetch-dcase2018`."""
    if folder := settings.transfer.dcase2018.folder:
        return ["--folder", folder]
    registry, destination = (
        "config/data_registry.yaml",
        "results/transfer/dcase2018/audio",
    )
    return ["--registry", registry, "--destination", destination]
