"""Whose code belongs to which verb and network: the project's own digests."""

import ast
import shutil

import pytest

from avdistill.provenance import code_digest as subject
from avdistill.provenance.code_digest import code_digest, module_closure

SOURCE = subject.PACKAGE
NETWORKS = ("dualcamnet", "resnet50", "temporal_resnet50", "avnet", "hearnet", "soundnet")
USES = {"avnet": {"networks.dualcamnet"}}  # of other networks, and only this one
TRAINING = {
    "train_teacher": NETWORKS[:4],
    "export_soft_labels": NETWORKS[:4],
    "search_grid": NETWORKS[4:],
    "select_student": NETWORKS[4:],
}
RUNS = [(verb, network) for verb, networks in TRAINING.items() for network in networks]


def test_a_verb_depends_on_what_it_imports_when_it_runs_however_deep():
    closure = module_closure("commands.simulate_raw")
    assert "commands.simulate_raw" in closure
    assert "simulation.simulate" in closure  # imported when the verb runs
    assert "simulation.beamforming" in closure  # by acoustic_images, by simulate
    assert not [name for name in closure if name.startswith(("training.", "networks."))]


@pytest.mark.parametrize(("verb", "network"), RUNS)
def test_a_network_depends_on_no_other(verb, network):
    closure = set(module_closure(f"commands.{verb}", f"networks.{network}"))
    assert {f"commands.{verb}", f"networks.{network}"} <= closure
    others = {f"networks.{other}" for other in NETWORKS if other != network}
    assert closure & others == USES.get(network, set())


@pytest.mark.parametrize("network", ["dualcamnet", "hearnet"])
def test_what_takes_no_frames_depends_on_no_video_and_no_published_weights(network):
    closure = module_closure(f"networks.{network}")
    assert "networks.shared_head" in closure
    for part in ("backbone", "published", "weights", "torch", "video"):
        assert not [module for module in closure if part in module]


@pytest.mark.parametrize("verb", TRAINING)
def test_training_depends_on_nothing_that_comes_after_it(verb):
    later = ("evaluation.", "vision.", "transfer.", "figures.")
    assert not [name for name in module_closure(f"commands.{verb}") if name.startswith(later)]


@pytest.mark.parametrize(
    "verb", ["summarise_accuracy", "judge_claims", "draw_confusion", "write_card"]
)
def test_tables_and_figures_do_not_depend_on_training(verb):
    closure = module_closure(f"commands.{verb}")
    assert not [name for name in closure if name.startswith("training.")]


@pytest.fixture
def change(tmp_path, monkeypatch):
    """Look at a copy of the package in which a module has another text."""

    def change_module(name, old, new):
        package = tmp_path / "avdistill"
        shutil.copytree(SOURCE, package, ignore=shutil.ignore_patterns("__pycache__"))
        text = (package / name).read_text(encoding="utf-8")
        assert old in text
        (package / name).write_text(text.replace(old, new), encoding="utf-8")
        monkeypatch.setattr(subject, "PACKAGE", package)

    return change_module


@pytest.mark.parametrize(
    ("networks", "is_same"),
    [
        (["dualcamnet"], True),
        (["hearnet", "avnet"], True),
        (["soundnet"], False),
        (["shared_head"], False),
        ([], False),
    ],
)
def test_an_entry_of_the_registry_concerns_its_network_and_whoever_names_none(
    networks, is_same, change
):
    names = ["commands.train_teacher", *(f"networks.{network}" for network in networks)]
    before = code_digest(*names)
    change("networks/registry.py", '"soundnet",\n', '"soundnet",\n            *more,\n')
    assert (code_digest(*names) == before) == is_same


def test_a_criterion_of_the_claims_concerns_their_table_alone(change):
    verbs = ("judge_claims", "summarise_accuracy", "train_teacher")
    before = [code_digest(f"commands.{verb}") for verb in verbs]
    change("evaluation/claims/judge.py", "Whistling is always ", "Whistling is ")
    after = [code_digest(f"commands.{verb}") for verb in verbs]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_option_texts_concern_nothing(change):
    before = code_digest("commands.train_teacher", "networks.dualcamnet")
    change("options/jobs.py", 'help="folder to write"', 'help="a folder"')
    assert code_digest("commands.train_teacher", "networks.dualcamnet") == before


@pytest.fixture(scope="module")
def nodes():
    """All nodes of the syntax trees of the package, each with its file."""
    return [
        (file.relative_to(SOURCE).as_posix(), node)
        for file in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_bytes()))
    ]


def files_that_use(nodes, *names):
    return {file for file, node in nodes if {*names} & {*map(str, vars(node).values())}}


def test_no_code_reads_what_does_not_count(nodes):
    reading = ("__doc__", "getdoc", "getsource", "get_type_hints", "singledispatch")
    assert files_that_use(nodes, *reading) == set()


def test_modules_are_named_at_run_time_only_where_callers_name_them_for_the_digest(nodes):
    assert files_that_use(nodes, "import_module", "__import__") == {
        "cli.py",
        "networks/registry.py",
    }


def test_modules_listed_without_influence_exist():
    for name in subject._WITHOUT_INFLUENCE:
        path = SOURCE / name.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file()
