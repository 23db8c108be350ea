"""Files and folders of the user's must not lie where runs write."""

import pytest

from avdistill.configuration.configuration import Configuration, validate
from avdistill.configuration.paths import KEYS_OF_PATHS
from avdistill.errors import InputError

DIGEST = "0" * 64


def configuration(key: str, path: str) -> dict:
    """A configuration that names one path of the user's."""
    archive = {"size": 1, "sha256": DIGEST}
    return {
        "dataset.archive.address": {"dataset": {"archive": {"address": path, **archive}}},
        "dataset.folders.matfiles": {"dataset": {"folders": {"matfiles": path}}},
        "dataset.folders.sync": {"dataset": {"folders": {"sync": path}}},
        "dataset.simulation.recordings": {"dataset": {"simulation": {"recordings": path}}},
        "students.*.weights.file": {
            "students": {
                "hearnet": {},
                "soundnet": {"weights": {"file": path, "sha256": DIGEST}},
            }
        },
        "transfer.dcase2018.folder": {"transfer": {"dcase2018": {"folder": path}}},
        "transfer.esc10.address": {"transfer": {"esc10": {"address": path, **archive}}},
        "transfer.esc10.folder": {"transfer": {"esc10": {"folder": path}}},
        "vision.file": {"vision": {"weights": "file", "file": path, "sha256": DIGEST}},
    }[key]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A working folder with the folders that runs write to, one of them a link to a large disk."""
    folder = tmp_path / "project"
    for name in ("results/raw/sync", ".dvc/cache", "data"):
        (folder / name).mkdir(parents=True)
    (tmp_path / "disk").mkdir()
    (folder / ".snakemake").symlink_to(tmp_path / "disk")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("key", KEYS_OF_PATHS)
def test_each_key_is_looked_at(project, key):
    for path in ("data/mine", "/elsewhere/results", "resultsofmine"):
        validate(configuration(key, path))
    with pytest.raises(InputError) as caught:
        validate(configuration(key, "results/raw/sync"))
    first, line = str(caught.value).splitlines()
    assert first == "the configuration is wrong; see config/README.md for every key"
    assert line == (
        f"  {key.replace('*', 'soundnet')}: results/raw/sync lies in results, where runs write and "
        "delete; name another place"
    )


def test_no_key_that_names_a_path_is_forgotten():
    schema = Configuration.model_json_schema()
    sections = {name: section.get("properties", {}) for name, section in schema["$defs"].items()}
    named = {
        (name, key)
        for name, keys in sections.items()
        for key, value in keys.items()
        if key in ("file", "folder", "address") or value.get("description", "").startswith("folder")
    }
    keys = {key.rpartition(".")[2] for key in KEYS_OF_PATHS}
    assert {key for _, key in named} == keys
    assert len(named) == len(KEYS_OF_PATHS)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("results", "lies in results"),
        ("data/../results/new", "lies in results"),
        (".dvc/cache/files", "lies in .dvc"),
        ("{project}/results/raw", "lies in results"),
        ("file://{project}/results/raw", "lies in results"),
        ("data/link", "lies in results"),
        ("../disk/weights", "lies in .snakemake"),
        (".", "holds results"),
        ("..", "holds results"),
    ],
)
def test_links_are_resolved_and_folders_around_are_refused(project, path, problem):
    (project / "data/link").symlink_to("../results/raw")
    path = path.format(project=project)
    with pytest.raises(InputError, match=f"transfer.esc10.address: {path} {problem}, where"):
        validate(configuration("transfer.esc10.address", path))


@pytest.mark.parametrize("address", ["https://example.org/results", "http://example.org/.dvc/a"])
def test_addresses_are_no_paths(project, address):
    validate(configuration("dataset.archive.address", address))


def test_all_mistakes_are_named_at_once(project):
    values = configuration("dataset.folders.sync", "results") | configuration(
        "transfer.esc10.folder", ".dvc"
    )
    with pytest.raises(InputError) as caught:
        validate(values)
    assert [line.partition(": ")[0] for line in str(caught.value).splitlines()[1:]] == [
        "  dataset.folders.sync",
        "  transfer.esc10.folder",
    ]


def test_a_malformed_address_is_one_message(project):
    with pytest.raises(InputError, match=r"http://\[: not an address \(.*\); correct it"):
        validate(configuration("dataset.archive.address", "http://["))
