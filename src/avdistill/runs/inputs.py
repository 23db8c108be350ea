"""The files that a training job reads, by their roles."""

from dataclasses import dataclass, fields
from pathlib import Path

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256
from avdistill.networks.registry import NetworkSpec


@dataclass(frozen=True)
class JobInputs:
    """Files that a job is given.

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
    """

    dataset: Path | None = None
    records: Path | None = None
    split: Path | None = None
    statistics: Path | None = None
    features: Path | None = None
    soft_labels: Path | None = None
    grid: Path | None = None
    weights: Path | None = None

    def files(self) -> dict[str, Path]:
        """Return the files that are given, by role."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {role: path for role, path in named.items() if path is not None}

    def digests(self) -> dict[str, str]:
        """Return the sha256 of each file by role; manifests stand for what they list.

        Raises
        ------
        InputError : a file is missing.
        """
        missing = [path for path in self.files().values() if not path.is_file()]
        if missing:
            raise InputError(f"{missing[0]}: no such file; run the rule that makes it")
        return {role: file_sha256(path) for role, path in self.files().items()}

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
