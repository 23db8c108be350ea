"""Which runs a configuration asks for, what each takes as input, and which settings it has.

The workflow's rules connect what stands here; nothing in this module reads or writes a file of
results.
"""

import math
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from avdistill.configuration.configuration import Configuration
from avdistill.configuration.crops import Crops
from avdistill.configuration.students import StudentTraining
from avdistill.configuration.teachers import TeacherTraining
from avdistill.errors import InputError
from avdistill.networks.registry import BACKBONES, network_spec
from avdistill.runs.run import Run
from avdistill.runs.settings import (
    BackboneSettings,
    Fitting,
    SearchSettings,
    StudentSettings,
    TeacherSettings,
    TemporalTraining,
)

DATASET = "results/dataset.json"
RECORDS = "results/records/manifest.csv"
SPLIT = "results/splits/{scope}.csv"
STATISTICS = "results/statistics/{scope}.npz"
SOFT_LABELS = "results/soft_labels/{scope}/{supervision}/seed{seed}.parquet"
TEMPORAL = "temporal_resnet50"  # the one network whose backbone can be trained, over time


@dataclass(frozen=True)
class Plan:
    """All runs of a configuration; the rules ask for them again for every job."""

    configuration: Configuration

    @cached_property
    def teachers(self) -> list[Run]:
        """Every teacher, by network, scope and seed."""
        return [
            Run(network, scope, seed=seed)
            for network in self.configuration.teachers
            for scope in self.configuration.scopes_of(network)
            for seed in self.configuration.training.seeds
        ]

    @cached_property
    def students(self) -> list[Run]:
        """Every student, by network, supervision, scope and seed."""
        return [
            Run(network, scope, supervision, seed)
            for network, student in self.configuration.students.items()
            for supervision in student.supervision
            for scope in self.configuration.student_scopes(network, supervision)
            for seed in self.configuration.training.seeds
        ]

    @cached_property
    def runs(self) -> list[Run]:
        """Teachers, then students."""
        return [*self.teachers, *self.students]

    @property
    def networks(self) -> list[str]:
        """Names of the networks that are trained."""
        return [*self.configuration.teachers, *self.configuration.students]

    def runs_of(self, network: str) -> list[Run]:
        """Return every run of one network."""
        return [run for run in self.runs if run.network == network]

    @property
    def searched_students(self) -> list[Run]:
        """Students that search a grid of their own scope."""
        return [run for run in self.students if not self.takes_cell_of_another_scope(run)]

    def takes_cell_of_another_scope(self, run: Run) -> bool:
        """Return whether a student's only cell is the best one of another scope's grid."""
        return self.configuration.grid.scope not in ("each", run.scope)

    def inputs(self, run: Run) -> dict[str, str]:
        """Return the files that a trained network is given crops of, by role."""
        spec = network_spec(run.network)
        files = {"dataset": DATASET, "records": RECORDS, "split": SPLIT.format(scope=run.scope)}
        if spec.uses_statistics:
            files["statistics"] = STATISTICS.format(scope=run.scope)
        if (backbone := self.backbone_of(run)) is not None:
            folder = f"results/vision/{backbone}"
            files |= {"features": f"{folder}/manifest.csv", "backbone": f"{folder}/backbone.json"}
        return files

    def search_inputs(self, run: Run) -> dict[str, str]:
        """Return the files that the search for a student reads, by role."""
        files = self.inputs(run)
        if run.is_distilled:
            files["soft_labels"] = SOFT_LABELS.format(**asdict(run))
        if self.takes_cell_of_another_scope(run):
            searched = Run(run.network, self.configuration.grid.scope, run.supervision, run.seed)
            files["grid"] = searched.file("grid.csv")
        if weights := self.configuration.students[run.network].weights:
            files["weights"] = weights.file
        return files

    def teacher_settings(self, run: Run) -> TeacherSettings:
        """Return the settings of training a teacher."""
        teacher = self.configuration.teachers[run.network]
        return TeacherSettings(
            network=run.network,
            scope=run.scope,
            seed=run.seed,
            tensorflow_threads=self.configuration.training.tensorflow_threads,
            learning_rate=teacher.learning_rate,
            fitting=self._fitting(teacher),
        )

    def search_settings(self, run: Run, slice_number: int) -> SearchSettings:
        """Return the settings of searching one slice of a student's grid."""
        student = self.configuration.students[run.network]
        return SearchSettings(
            network=run.network,
            scope=run.scope,
            supervision=run.supervision,
            seed=run.seed,
            tensorflow_threads=self.configuration.training.tensorflow_threads,
            **self._values_searched(run),
            slice=slice_number,
            slices=self.number_of_slices(run),
            loss=self.configuration.training.loss if run.is_distilled else "generalized",
            initial_weights_sha256=student.weights and student.weights.sha256,
            batch_norm_decay=student.batch_norm_decay,
            fitting=self._fitting(student),
        )

    def student_settings(self, run: Run) -> StudentSettings:
        """Return the settings of selecting a student, for which one thread is enough."""
        return StudentSettings(
            network=run.network,
            scope=run.scope,
            supervision=run.supervision,
            seed=run.seed,
            tensorflow_threads=1,
        )

    def _fitting(
        self, network: TeacherTraining | StudentTraining, crops: Crops | None = None
    ) -> Fitting:
        training, crops = self.configuration.training, crops or self.configuration.crops
        own = {"per_sequence": network.crops_per_sequence or crops.per_sequence}
        return Fitting(
            epochs=network.epochs,
            batch_size=training.batch_size,
            crops=crops.model_copy(update=own),
            gpus=training.gpus,
            mixed_precision=training.mixed_precision,
        )

    def _values_searched(self, run: Run) -> dict[str, list[float]]:
        """Return the values of the hyperparameters whose every combination is a cell."""
        if self.takes_cell_of_another_scope(run):
            return {}
        chosen, grid = self.configuration, self.configuration.grid
        values = {"learning_rates": chosen.learning_rates(run.network, run.supervision, run.scope)}
        if run.is_distilled:
            values |= {"temperatures": grid.temperature, "imitations": grid.imitation}
        if grid.supervision is None or run.supervision in grid.supervision:
            return values
        return {name: choices[:1] for name, choices in values.items()}

    def number_of_slices(self, run: Run) -> int:
        """Count the jobs that a student's grid is divided among."""
        cells = math.prod(map(len, self._values_searched(run).values()))
        return math.ceil(cells / self.configuration.grid.cells_per_job)

    def soft_labels(self) -> list[str]:
        """Return the soft labels that some student learns from."""
        distilled = (asdict(run) for run in self.students if run.is_distilled)
        return list(dict.fromkeys(SOFT_LABELS.format(**run) for run in distilled))

    def members(self, ensemble: str, scope: str, seed: int) -> list[str]:
        """Return the soft labels of an ensemble's teachers."""
        teachers = self.configuration.ensembles[ensemble]
        return [SOFT_LABELS.format(scope=scope, supervision=name, seed=seed) for name in teachers]

    def statistics(self) -> list[str]:
        """Return the statistics of each scope that a network of spectrograms is trained on."""
        scopes = (run.scope for run in self.runs if network_spec(run.network).uses_statistics)
        return [STATISTICS.format(scope=scope) for scope in dict.fromkeys(scopes)]

    def scopes(self) -> list[str]:
        """Return the scopes that networks are trained on, tested on or transferred to."""
        chosen = self.configuration
        everywhere = chosen.evaluation.across_scopes or chosen.transfer.scopes
        return list(chosen.description().scopes if everywhere else chosen.scopes)

    def backbone_of(self, run: Run) -> str | None:
        """Return the backbone on whose features a network is trained; None: on none."""
        spec, vision = network_spec(run.network), self.configuration.vision
        if spec.backbone is None:
            return None
        if not (vision.recalibrate or (vision.train_temporal and spec.temporal)):
            return "resnet50"  # of all scopes; convolutions over time change nothing yet
        return f"{spec.backbone}_{run.scope}"

    @cached_property
    def backbones(self) -> list[str]:
        """Every backbone that some network is trained on."""
        return sorted({name for run in self.runs if (name := self.backbone_of(run))})

    def backbone_settings(self, backbone: str) -> BackboneSettings:
        """Return the settings of preparing a backbone, by its name.

        Raises
        ------
        InputError : no network is trained on such a one.
        """
        if backbone not in self.backbones:
            known = ", ".join(self.backbones) or "nothing, as none takes video"
            raise InputError(
                f"results/vision/{backbone}: no network of this configuration is trained on such a "
                f"backbone; choose from: {known}"
            )
        vision, training = self.configuration.vision, self.configuration.training
        name = next(name for name in BACKBONES if backbone.startswith(name))
        scope = backbone.removeprefix(name).removeprefix("_") or None
        temporal_training = None
        if vision.train_temporal and name == TEMPORAL:
            teacher = self.configuration.teachers[TEMPORAL]
            # These are the paper's, except for the seed and a number of the network's own.
            crops = Crops(seed=self.configuration.crops.seed)
            temporal_training = TemporalTraining(
                learning_rate=teacher.learning_rate, fitting=self._fitting(teacher, crops)
            )
        return BackboneSettings(
            name=name,
            weights=vision.weights,
            sha256=vision.sha256,
            seed=vision.seed,
            frames_per_second=vision.frames_per_second,
            scope=scope,
            recalibrate=vision.recalibrate,
            temporal_training=temporal_training,
            gpus=min(1, training.gpus),
            tensorflow_threads=training.tensorflow_threads,
        )

    def backbone_inputs(self, backbone: str) -> dict[str, str]:
        """Return the data of the scope that a backbone belongs to; none if it belongs to all.

        Raises
        ------
        InputError : as `backbone_settings`.
        """
        scope = self.backbone_settings(backbone).scope
        if scope is None:
            return {}
        return {"dataset": DATASET, "records": RECORDS, "split": SPLIT.format(scope=scope)}

    def vision_weights(self) -> list[str]:
        """Return the file of weights; of a TensorFlow checkpoint, which has a prefix, all files."""
        if self.configuration.vision.file is None:
            return []
        path = Path(self.configuration.vision.file)
        parts = [path.with_name(f"{path.name}.index"), *path.parent.glob(f"{path.name}.data-*")]
        if path.is_file() or not parts[0].is_file():
            return [str(path)]
        return sorted(map(str, parts))
