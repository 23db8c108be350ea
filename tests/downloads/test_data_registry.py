from pathlib import Path

import pytest
import yaml

from avdistill.cli import main
from avdistill.downloads.data_registry import find_entry, read_registry
from avdistill.errors import InputError

REGISTRY = Path(__file__).parents[2] / "config" / "data_registry.yaml"


def test_the_registry_says_where_everything_is_from():
    registry = read_registry(REGISTRY)
    assert set(registry) >= {"avia", "esc10", "dcase2018", "imagenet_keras", "soundnet"}
    assert registry["avia"].access == "request"
    dcase = find_entry(REGISTRY, "dcase2018")
    parts = ["doc", "meta", *(f"audio.{number}" for number in range(1, 14))]
    assert [file.name for file in dcase.files] == [
        f"TUT-urban-acoustic-scenes-2018-development.{part}.zip" for part in parts
    ]
    assert len({file.md5 for file in dcase.files}) == len(parts)
    assert dcase.size == sum(file.size for file in dcase.files)


def test_keras_names_the_same_file_and_checksum():
    from keras.src.applications import resnet

    (file,) = read_registry(REGISTRY)["imagenet_keras"].files
    assert file.address.startswith(resnet.BASE_WEIGHTS_PATH)
    assert file.md5 == resnet.WEIGHTS_HASHES["resnet50"][1]  # without the classifier


def test_no_rule_names_an_address():
    folder = REGISTRY.parents[1]
    for path in [folder / "Snakefile", *(folder / "workflow" / "rules").glob("*.smk")]:
        assert "://" not in path.read_text(encoding="utf-8"), path


def test_the_list_shows_every_file_and_what_is_unknown(capsys):
    assert main(["list-data", "--registry", str(REGISTRY)]) == 0
    table = capsys.readouterr().out
    for entry in read_registry(REGISTRY).values():
        assert entry.title in " ".join(table.split())
        for file in entry.files:
            (line, *_) = [line for line in table.splitlines() if file.address in line]
            assert (file.md5 or "?") in line
    assert "? is unknown" in table


def entry(**values):
    file = {"address": "https://a.org/b.zip", "size": 1, "md5": "0" * 32, "sha256": None}
    whole = {"title": "t", "version": "1", "licence": "l", "home": "https://a.org"}
    whole |= {"access": "download", "files": [file | values.pop("file", {})], "note": None}
    return {"some": whole | values}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (entry(version=None), "the note must explain"),
        (entry(file={"md5": None}), "the note must explain"),
        (entry(access="request"), "what is asked for has none"),
        (entry(files=[]), "what is downloaded has files"),
        (entry(file={"address": "ftp://a.org/b"}), r"some\.files\.0\.address"),
        (entry(file={"md5": "abc"}), r"some\.files\.0\.md5"),
        (entry(file={"size": 0}), r"some\.files\.0\.size"),
        (entry(colour="blue"), r"some\.colour"),
        ("- a", "valid dictionary"),
        ("a: [", "not YAML"),
    ],
)
def test_a_wrong_registry_is_refused(tmp_path, values, message):
    path = tmp_path / "registry.yaml"
    path.write_text(values if isinstance(values, str) else yaml.safe_dump(values))
    with pytest.raises(InputError, match=rf"registry\.yaml: .*{message}"):
        read_registry(path)


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        (entry(), "other", "no entry other; there are some"),
        (entry(access="request", files=[]), "some", r"must be asked for, at https://a\.org"),
        (entry(file={"size": None}, note="n"), "some", r"b\.zip has no size or no checksum"),
        (entry(file={"md5": None}, note="n"), "some", r"b\.zip has no size or no checksum"),
    ],
)
def test_what_cannot_be_verified_is_not_fetched(tmp_path, values, name, message):
    path = tmp_path / "registry.yaml"
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(InputError, match=message):
        find_entry(path, name)
