"""The configuration's section `dataset`: the data set and its source."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator

from avdistill.avia.vocabulary import (
    ACTIONS,
    NUM_MICROPHONES,
    NUM_SUBJECTS,
    SCENARIOS,
    SequenceId,
    microphones_kept,
    trees_of,
)
from avdistill.configuration.section import Name, Positive, Section, Seed, Sha256
from avdistill.errors import Case, InputError

ClassName = Annotated[Name, Field(pattern=r"^[^/\\]*$")]  # also the name of a folder of recordings
ScenarioKind = Literal["anechoic", "office", "terrace"]
Modality = Literal["acoustic", "audio", "video"]


class Simulation(Section):
    """The simulated acoustic camera (`dataset.source: simulation`)."""

    seed: Seed = Field(0, description="seed of all random numbers of the simulation")
    scenario_kinds: list[ScenarioKind] = Field(
        ["anechoic", "office", "terrace"],
        description="kind of each scenario, in the order of `dataset.scenarios`",
    )
    recordings: str | None = Field(
        None,
        description="folder with one sub-folder of recordings per class, which the simulation "
        "plays in place of synthesised actions",
    )


class Archive(Section):
    """AVIA, or data in its layout, as one archive (`dataset.source: archive`)."""

    address: Name = Field(description="path or http(s) address of a zip or tar archive")
    size: Positive = Field(description="size of the archive in bytes")
    sha256: Sha256 = Field(description="sha256 of the archive")
    max_bytes: Positive = Field(2**40, description="refuse an archive that unpacks to more bytes")
    max_files: Positive = Field(10**7, description="refuse an archive with more files")


class Folders(Section):
    """AVIA, or data in its layout, already unpacked (`dataset.source: folders`)."""

    matfiles: Name | None = Field(
        None, description="folder of acoustic images; needed if `modalities` has `acoustic`"
    )
    sync: Name | None = Field(
        None, description="folder of audio and video frames; needed if `modalities` has either"
    )


class Dataset(Section):
    """The data set and its source."""

    source: Literal["simulation", "archive", "folders"] = Field(
        "simulation",
        description="simulate the acoustic camera, or read data in AVIA's raw layout from an "
        "archive or from folders",
    )
    name: Name = Field("AVIA", description="name of real data in reports")
    classes: list[ClassName] = Field(
        list(ACTIONS), min_length=2, description="class names; their order gives the labels"
    )
    scenarios: list[Name] = Field(
        list(SCENARIOS), min_length=1, description="scenario names; the first is `scenario1`"
    )
    subjects: Positive = Field(NUM_SUBJECTS, description="number of subjects")
    sequence_seconds: Positive = Field(
        30, description="length of every sequence: longer ones are cropped, shorter ones repeated"
    )
    missing: list[str] = Field(
        [], description="sequences that the data set lacks, as `Location_01/Subject_03/Action_005`"
    )
    modalities: list[Modality] = Field(
        ["acoustic", "audio", "video"],
        min_length=1,
        description="modalities to put into the records",
    )
    microphones: int = Field(
        1, ge=1, le=NUM_MICROPHONES, description="number of microphones in the records"
    )
    microphones_left_out: list[Annotated[int, Field(ge=0, lt=NUM_MICROPHONES)]] = Field(
        [],
        description="numbers, from 0, of broken microphones, which are not among those kept; of "
        "the DualCam that recorded AVIA these are 79 and 105",
    )
    sequences_per_job: int = Field(
        10,
        ge=1,
        le=50,
        description="sequences in one job; changes no result, but another number runs everything "
        "again",
    )
    simulation: Simulation = Field(Simulation(), description="the simulated acoustic camera")
    archive: Archive | None = Field(None, description="where the archive is")
    folders: Folders | None = Field(None, description="where the unpacked folders are")

    def _cases(self) -> Iterator[Case]:
        yield (
            self.microphones_recorded > NUM_MICROPHONES,
            f"microphones: there are {NUM_MICROPHONES}, less those in microphones_left_out; keep "
            "fewer",
        )
        yield (
            getattr(self, self.source) is None,
            f"source is {self.source}, but the section {self.source} is missing",
        )
        if self.source == "folders":
            for tree in self.trees:
                problem = f"folders.{tree}: is missing, but modalities need it"
                yield getattr(self.folders, tree) is None, problem
        elif self.source == "simulation":
            yield (
                len(self.simulation.scenario_kinds) != len(self.scenarios),
                "simulation.scenario_kinds needs one kind for each scenario",
            )
            unknown = sorted(set(self.classes) - set(ACTIONS))
            yield (
                unknown and not self.simulation.recordings,
                f"the simulation has no sound for {', '.join(unknown)}; "
                "name one of AVIA's actions, or a folder in simulation.recordings",
            )

    @property
    def microphones_recorded(self) -> int:
        """How many microphones raw data must have, from the first to the last that is kept."""
        return microphones_kept(self.microphones, self.microphones_left_out)[-1] + 1

    @property
    def trees(self) -> tuple[str, ...]:
        """The folders of AVIA's raw layout that hold these modalities."""
        return trees_of(self.modalities)

    @field_validator("missing")
    @classmethod
    def _full_names(cls, names: list[str]) -> list[str]:
        try:
            return [SequenceId.parse(name).name for name in names]
        except InputError as error:
            raise ValueError(str(error)) from error
