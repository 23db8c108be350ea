"""The facts about a finished run, for the card of its models and data."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from avdistill.avia.dataset import DatasetDescription
from avdistill.configuration.configuration import Configuration
from avdistill.errors import InputError, explain_errors
from avdistill.evaluation.tables import Row, in_order, is_of_own_scope
from avdistill.files.csv_tables import CsvTable, empty_or, read_columns
from avdistill.files.manifest import file_sha256, manifest_rows
from avdistill.results.metrics import RUN_KEYS, run_of
from avdistill.results.model_folder import MODEL_FILE, read_model_description, statistics_of

_STARTS = ("initial_weights", "teacher_initial_weights", "backbone")
_INTERVAL = ("accuracy_crop", "interval_95_low", "interval_95_high", "chance")
_EXTENT = ("crops", "sequences")
_ACCURACY = CsvTable(
    "table of accuracy",
    {
        **dict.fromkeys(RUN_KEYS, str),  # in rows of means over seeds, the seed is a word
        "tested_on": str,
        **dict.fromkeys(_INTERVAL, empty_or(float)),
        **dict.fromkeys(_EXTENT, empty_or(int)),
    },
    "run summarise-accuracy",
)
_CITED = ("title", "version", "license", "authors", "references")


def card_facts(
    configuration: Configuration,
    *,
    dataset: Path,
    raw: Path,
    records: Path,
    accuracy: Path,
    models: Sequence[Path],
    citation: Path,
    commit: dict[str, Any],
) -> dict[str, Any]:
    """Return all facts that a card states, as `card.json` stores them.

    Parameters
    ----------
    dataset : `dataset.json`.
    raw, records : manifests.
    accuracy : table of `avdistill.evaluation.summary`.
    models : folder of every network.
    citation : the project's `CITATION.cff`.
    commit : from `avdistill.provenance.commit`.

    Raises
    ------
    InputError : a file is missing or damaged, or two files are of different runs.
    """
    description = DatasetDescription.read(dataset)
    if description != configuration.description():
        raise InputError(f"{dataset}: not of this configuration; run describe-dataset again")
    project = _project(citation)
    text = configuration.canonical()
    return {
        "project": project,
        "data": {
            "source": description.source,
            "sounds": _sounds(configuration),
            "classes": list(description.classes),
            "scenarios": list(description.scenarios),
            "subjects": description.subjects,
            "sequences": len(description.sequences()),
            "sequence_seconds": description.sequence_seconds,
            "modalities": list(configuration.dataset.modalities),
            "raw": _files(raw),
            "records": _files(records),
        },
        "commit": commit,
        "configuration": {
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "values": json.loads(text),
        },
        "models": _models(models, accuracy),
        "licence": {
            "code": project["licence"],
            "data_and_models": _terms(configuration, project["licence"]),
        },
    }


def _sounds(configuration: Configuration) -> str:
    if configuration.dataset.source != "simulation":
        return "recorded"
    return "recordings" if configuration.dataset.simulation.recordings else "synthesised"


def _terms(configuration: Configuration, own: str) -> str | None:
    """Return the terms of data and models: our own only if nobody else's data are in them."""
    if configuration.report.licence is None and _sounds(configuration) == "synthesised":
        return own
    return configuration.report.licence


def _files(manifest: Path) -> dict[str, Any]:
    files = size = 0
    for row in manifest_rows(manifest):  # one by one: the raw files may be too many for memory
        files += 1
        size += row.size
    return {
        "manifest": manifest.as_posix(),
        "sha256": file_sha256(manifest),
        "files": files,
        "bytes": size,
    }


def _models(folders: Sequence[Path], accuracy: Path) -> list[Row]:
    """Describe every model with its row of the accuracy table, in the paper's order."""
    rows = read_columns(accuracy, _ACCURACY)
    measured = {run_of(row): row for row in rows if is_of_own_scope(row)}
    models = []
    for folder in folders:
        described = read_model_description(folder)
        statistics = statistics_of(described)
        row = measured.get(tuple(map(str, run_of(described))))
        if row is None:
            raise InputError(f"{accuracy}: has no row of {folder}; run summarise-accuracy again")
        path = folder / MODEL_FILE
        if not path.is_file():
            raise InputError(f"{path}: no such model; run the rule that makes it")
        models.append(
            {
                "folder": folder.as_posix(),
                **{name: described[name] for name in RUN_KEYS},
                **{name: described[name] for name in _STARTS},
                "noise_bins": statistics and statistics.noise_bins,
                "bytes": path.stat().st_size,
                "sha256": file_sha256(path),
                "test": {name: row[name] for name in (*_INTERVAL, *_EXTENT)},
            }
        )
    return in_order(models, RUN_KEYS)


def _project(citation: Path) -> dict[str, Any]:
    """Return the authors, the licence and the references of the project."""
    problems = {
        FileNotFoundError: "no such file; name the project's CITATION.cff",
        (yaml.YAMLError, UnicodeDecodeError): "not valid YAML ({error}); correct it",
        (KeyError, TypeError, AttributeError): "authors or references are not in the Citation File "
        "Format ({error}); correct them",
    }
    with explain_errors(citation, problems):
        found = yaml.safe_load(citation.read_text(encoding="utf-8"))
    missing = [key for key in _CITED if not isinstance(found, dict) or not found.get(key)]
    if missing:
        raise InputError(f"{citation}: lacks {missing[0]}; add it")
    with explain_errors(citation, problems):
        citations = [_reference(entry) for entry in (found, *found["references"])]
    return {
        "name": "avdistill",
        "version": found["version"],
        "licence": found["license"],
        "citations": citations,
    }


def _reference(entry: dict[str, Any]) -> str:
    authors = ", ".join(
        author.get("name") or f"{author['given-names']} {author['family-names']}"
        for author in entry["authors"]
    )
    version = f"version {entry['version']}" if "version" in entry else None
    parts = [entry["title"], version, entry.get("collection-title"), entry.get("year")]
    return f"{authors}: {', '.join(str(part) for part in parts if part)}."
