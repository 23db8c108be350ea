"""The description of the data set: `dataset.json`, the first file of every run."""

from dataclasses import asdict, dataclass
from pathlib import Path

from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError, explain_errors
from avdistill.files.atomic import read_json, write_json


@dataclass(frozen=True)
class DatasetDescription:
    """Vocabulary and extent of a data set, on which all phases must agree.

    Attributes
    ----------
    source : `simulated` or the name of a real data set, as in reports and figures.
    classes : names of the classes; their order gives the labels from 0.
    scenarios : names of the scenarios; `scenario1` is the first.
    subjects : number of subjects, counted from 1.
    sequence_seconds : length of every sequence; longer ones are cropped, shorter ones repeated.
    missing : names of sequences that the data set lacks.
    """

    source: str
    classes: tuple[str, ...]
    scenarios: tuple[str, ...]
    subjects: int
    sequence_seconds: int
    missing: tuple[str, ...] = ()

    @property
    def simulated(self) -> bool:
        """Return whether the data are simulated; if so, every result must say it."""
        return self.source == "simulated"

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return every scope that a network can be trained on: `scenario1` and so on, and `all`."""
        return (*(f"scenario{i + 1}" for i in range(len(self.scenarios))), "all")

    def sequences(self, scope: str = "all") -> list[SequenceId]:
        """Return the sequences of a scope, in lexical order of their names."""
        if scope not in self.scopes:
            raise InputError(f"unknown scope {scope!r}; the data set has {', '.join(self.scopes)}")
        missing = {SequenceId.parse(name) for name in self.missing}
        return [
            sequence
            for location in range(1, len(self.scenarios) + 1)
            if scope in (f"scenario{location}", "all")
            for subject in range(1, self.subjects + 1)
            for action in range(1, len(self.classes) + 1)
            if (sequence := SequenceId(location, subject, action)) not in missing
        ]

    def write(self, path: Path) -> None:
        """Write the description as JSON."""
        write_json(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> "DatasetDescription":
        """Return the description that `write` wrote; raise `InputError` for any other content."""
        value = read_json(path)
        with explain_errors(
            path, {(KeyError, TypeError): "not a data set description ({error}); run again"}
        ):
            return cls(
                source=value["source"],
                classes=tuple(value["classes"]),
                scenarios=tuple(value["scenarios"]),
                subjects=value["subjects"],
                sequence_seconds=value["sequence_seconds"],
                missing=tuple(value["missing"]),
            )
