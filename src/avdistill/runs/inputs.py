"""The files that a training job reads, by their roles."""

from dataclasses import dataclass, fields
from pathlib import Path

from pydantic import ConfigDict

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256
from avdistill.networks.registry import NetworkSpec


@dataclass(frozen=True)
class JobInputs:
    """Files that a job is given.

    Manifests stand for the files that they list, and each `cells.csv` for its slice.

    Attributes
    ----------
    dataset : `dataset.json`.
    records : manifest of the records, which lie in its folder.
    split : of the scope.
    statistics : bounds of the scope's spectrograms, for networks that take spectrograms.
    features : manifest of a backbone's features, for networks that take these; the features and
        the backbone lie in its folder.
    soft_labels : of the teacher or ensemble, for distilled students.
    grid : `grid.csv` of another scope, whose best cell is the only one to try.
    weights : published weights to start from.
    slices : `cells.csv` of each slice of a searched grid; its model lies in its folder.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # as read back from run.json

    dataset: Path | None = None
    records: Path | None = None
    split: Path | None = None
    statistics: Path | None = None
    features: Path | None = None
    soft_labels: Path | None = None
    grid: Path | None = None
    weights: Path | None = None
    slices: tuple[Path, ...] = ()

    def files(self) -> dict[str, Path | tuple[Path, ...]]:
        """Return what is given, by role."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {role: given for role, given in named.items() if given}

    def digests(self) -> dict[str, str | list[str]]:
        """Return the sha256 of each file, by role; of slices one for each.

        Raises
        ------
        InputError : a file is missing, or as `refuse_folders`.
        """
        self.refuse_folders()
        return {
            role: [*map(_digest, given)] if isinstance(given, tuple) else _digest(given)
            for role, given in self.files().items()
        }

    def refuse_folders(self) -> None:
        """Check that no folder is named in the place of the file in it that lists its content.

        Raises
        ------
        InputError : one is.
        """
        for given in self.files().values():
            for path in given if isinstance(given, tuple) else (given,):
                if path.is_dir():
                    raise InputError(
                        f"{path}: is a folder; name the file in it that lists what it holds"
                    )

    def check(self, needed: dict[str, bool], job: str) -> None:
        """Check that those files are given that a job needs, and no others.

        Parameters
        ----------
        needed : by role, whether the job needs the file; roles that are not named may be either.
        job : what messages call it, such as `hearnet takes spectrogram input`.

        Raises
        ------
        InputError : one is missing, or given though there is no use for it.
        """
        for role, is_needed in needed.items():
            if is_needed != (role in self.files()):
                advice = "give" if is_needed else "leave out"
                raise InputError(f"{job}; {advice} --{role.replace('_', '-')}")

    def check_network(self, spec: NetworkSpec) -> None:
        """Check that statistics and features are given to the networks that need them alone.

        Raises
        ------
        InputError : as `check`.
        """
        needed = {"statistics": spec.uses_statistics, "features": spec.uses_video_features}
        self.check(needed, f"{spec.name} takes {spec.modality} input")


def _digest(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"{path}: no such file; run the rule that makes it")
    return file_sha256(path)
