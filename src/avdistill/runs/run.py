"""A run: one network, trained on one scope, by one supervision, with one seed."""

from dataclasses import asdict, dataclass
from typing import Any

from avdistill.networks.registry import GROUND_TRUTH, network_spec

# Below `results`, `results/figures`, `results/live` and so on; wildcards of the workflow.
TEACHERS = "teachers/{scope}/{network}/seed{seed}"
STUDENTS = "students/{scope}/{network}/{supervision}/seed{seed}"


@dataclass(frozen=True, order=True)
class Run:
    """What identifies a trained network.

    Attributes
    ----------
    network : its name in `avdistill.networks.registry`.
    scope : what it is trained and tested on: `scenario1` and so on, or `all`.
    supervision : `ground_truth` (G, and every teacher), or the teacher or ensemble whose soft
        labels it learns from.
    seed : of its weights, and of all else that its training draws at random.
    """

    network: str
    scope: str
    supervision: str = GROUND_TRUTH
    seed: int = 0

    @classmethod
    def from_wildcards(cls, wildcards: Any) -> "Run":
        """Take the run from a rule's wildcards; teachers have no `supervision` among them."""
        supervision = getattr(wildcards, "supervision", GROUND_TRUTH)
        return cls(wildcards.network, wildcards.scope, supervision, int(wildcards.seed))

    @classmethod
    def from_name(cls, name: str) -> "Run":
        """Take the run from its `name`."""
        _, scope, network, *supervision, seed = name.split("/")
        return cls(network, scope, *supervision or [GROUND_TRUTH], int(seed.removeprefix("seed")))

    @property
    def is_teacher(self) -> bool:
        """Whether its network is a teacher."""
        return network_spec(self.network).role == "teacher"

    @property
    def is_distilled(self) -> bool:
        """Whether it learns from soft labels."""
        return self.supervision != GROUND_TRUTH

    @property
    def name(self) -> str:
        """Its place below `results`, such as `students/all/hearnet/dualcamnet/seed0`."""
        return (TEACHERS if self.is_teacher else STUDENTS).format(**asdict(self))

    @property
    def folder(self) -> str:
        """The folder of its results."""
        return f"results/{self.name}"

    def file(self, name: str) -> str:
        """Return the path of one of its results."""
        return f"{self.folder}/{name}"

    @property
    def title(self) -> str:
        """What messages and progress call it."""
        learner = self.network if self.is_teacher else f"{self.network} from {self.supervision}"
        return f"{learner}, scope {self.scope}, seed {self.seed}"

    @property
    def labels(self) -> dict[str, str]:
        """What the report's lists show of it."""
        return {
            "network": self.network,
            "supervision": self.supervision,
            "scope": self.scope,
            "seed": str(self.seed),
        }
