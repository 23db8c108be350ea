"""Predictions of trained networks for the test sequences of every scope."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from avdistill.avia.dataset import DatasetDescription
from avdistill.errors import InputError
from avdistill.evaluation.across_scopes.predictions import RunOnScope
from avdistill.evaluation.across_scopes.unseen_sequences import unseen_test_sequences
from avdistill.examples.predicting import predict_examples
from avdistill.examples.scope_data import (
    EvaluationExamples,
    ScopeData,
    check_same_data,
    is_always_held,
    open_scope_data,
)
from avdistill.networks.registry import NetworkSpec, network_spec
from avdistill.records.sequences import in_memory, read_crops
from avdistill.results.model_folder import (
    open_model_directory,
    read_model_description,
    statistics_of,
)
from avdistill.runs.inputs import JobInputs


class _Trained(NamedTuple):
    folder: Path
    description: dict[str, Any]
    features: Path | None


def predict_across_scopes(
    folders: Sequence[Path], inputs: JobInputs, splits: Path, features: Sequence[Path] = ()
) -> dict[RunOnScope, pd.DataFrame]:
    """Predict each scope's test crops with networks of one kind.

    The network's own scope is one of them. Sequences in the training or validation part of the
    network's own split are left out. A student's teacher was trained with the same split, so no
    sequence is tested that the teacher was trained or validated on.

    A sequence that is in the test splits of several scopes is predicted once. Inputs are read once
    for all networks that take the same ones, unless these are acoustic images (1 MB a second).

    Parameters
    ----------
    folders : the folders of trained networks.
    inputs : data set and records.
    splits : folder with the split of every scope.
    features : for networks that take video, a manifest for each network of the features that it
        was trained on, or one manifest for all; otherwise none.

    Returns
    -------
    A table of predictions for each pair of a network and a scope that it is tested on. A table has
    no row if no sequence is left to test on.

    Raises
    ------
    InputError : networks are of several kinds or one comes twice, features do not fit, classes are
        not the data set's, the split of its scope is not the one that a network was trained with,
        or a file is missing or damaged.
    """
    networks = _networks(folders, features)
    spec = network_spec(networks[0].description["network"])
    tables: dict[RunOnScope, pd.DataFrame] = {}
    for _, group in itertools.groupby(sorted(networks, key=_inputs_of), key=_inputs_of):
        same_inputs = list(group)
        scopes = _open_scopes(spec, same_inputs[0], inputs, splits)
        own = same_inputs[0].description["scope"]
        for folder, description, _ in same_inputs:  # before any crop is read
            if own not in scopes:
                raise InputError(f"{folder}: trained on {own}, which the data set does not have")
            check_same_data(scopes[own], description, folder)
        examples, names = _examples(own, scopes)
        for network in same_inputs:
            model, _, description = open_model_directory(network.folder)
            predictions = predict_examples(model, spec, examples)
            for target, sequences in names.items():
                key = RunOnScope(
                    description["scope"], description["supervision"], description["seed"], target
                )
                if key in tables:
                    raise InputError(f"{network.folder}: the same network twice; name it once")
                rows = predictions["sequence"].isin(sequences)
                tables[key] = predictions[rows].reset_index(drop=True)
    return tables


def _networks(folders: Sequence[Path], features: Sequence[Path]) -> list[_Trained]:
    descriptions = [read_model_description(folder) for folder in folders]
    kinds = sorted({description["network"] for description in descriptions})
    if len(kinds) != 1:
        raise InputError(f"networks of several kinds: {', '.join(kinds)}; name those of one")
    spec = network_spec(kinds[0])
    if len(features) not in ((1, len(folders)) if spec.uses_video_features else (0,)):
        remedy = (
            "give --features, one or as many as models"
            if spec.uses_video_features
            else "leave out --features"
        )
        raise InputError(f"{spec.name} takes {spec.modality} input; {remedy}")
    each = list(features) if len(features) == len(folders) else [*features, None][:1] * len(folders)
    return [_Trained(*network) for network in zip(folders, descriptions, each, strict=True)]


def _inputs_of(network: _Trained) -> tuple[str, ...]:
    """Return what networks have in common that take the same crops and inputs."""
    return (
        network.description["scope"],
        str(network.features),
        str(network.description["statistics"]),
    )


def _open_scopes(
    spec: NetworkSpec, network: _Trained, inputs: JobInputs, splits: Path
) -> dict[str, ScopeData]:
    """Open every scope of the data set with the inputs that this network takes."""
    return {
        scope: open_scope_data(
            spec,
            scope,
            replace(inputs, split=splits / f"{scope}.csv", features=network.features),
            statistics=statistics_of(network.description),
        )
        for scope in DatasetDescription.read(inputs.dataset).scopes
    }


def _examples(
    scope: str, scopes: dict[str, ScopeData]
) -> tuple[EvaluationExamples, dict[str, list[str]]]:
    """Return the crops of the sequences of all scopes, and the sequences of each scope."""
    own = scopes[scope]
    names = {
        target: unseen_test_sequences(data.split, [own.split]) for target, data in scopes.items()
    }
    crops = own.crops_of(sorted({name for sequences in names.values() for name in sequences}))
    reader = own.reader()
    held = in_memory(read_crops(reader, crops)) if is_always_held(own.spec) else None
    return EvaluationExamples(reader, crops, held), names
