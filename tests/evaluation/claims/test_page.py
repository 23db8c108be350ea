import csv
import itertools
from html.parser import HTMLParser

import numpy as np
import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.cli import main
from avdistill.evaluation.claims.judge import CLAIMS, judge_claims
from avdistill.evaluation.claims.page import SYMBOLS, claims_page
from avdistill.networks.registry import network_spec
from avdistill.records.audio import Statistics
from avdistill.results.model_folder import Origin, write_model_description
from avdistill.results.predictions import write_predictions

WEIGHTS = {"resnet50": "random backbone", "avnet": "random; random backbone"}


class Page(HTMLParser):
    """Checks that tags match; keeps texts with the tags that they stand in."""

    def __init__(self):
        super().__init__()
        self.texts, self.open = [], []

    def handle_starttag(self, tag, attrs):
        assert tag != "script"
        assert not any(name in ("src", "href") for name, _ in attrs)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip():
            self.texts.append((tuple(self.open), data.strip()))


def read(text):
    page = Page()
    page.feed(text)
    assert page.open == []
    return page.texts


@pytest.fixture
def networks(tmp_path, avia, predictions):
    """Three teachers and one student of two seeds, on all scenarios."""
    avia.write(tmp_path / "dataset.json")
    taken = {"typing": {"clicking": 0.6}}
    wrong = {name: {"clapping": 0.7} for name in ACTIONS if name != "clapping"}
    paths = []
    for network, seed, made in (
        ("dualcamnet", 0, {}),
        ("avnet", 0, taken),
        ("resnet50", 0, wrong),
        ("hearnet", 0, taken),
        ("hearnet", 1, {}),
    ):
        folder = tmp_path / network / f"seed{seed}"
        bounds = Statistics(np.zeros(257), np.ones(257)) if network == "hearnet" else None
        origin = Origin(
            scope="all",
            split="0" * 64,
            supervision="ground_truth",
            seed=seed,
            initial_weights=WEIGHTS.get(network, "random"),
        )
        write_model_description(folder, network_spec(network), avia, origin, bounds)
        write_predictions(folder / "predictions.parquet", predictions(made, 3))
        paths.append(folder / "predictions.parquet")
    return paths


def judge(folder, paths, *options):
    return main(
        [
            *("judge-claims", "--dataset", f"{folder}/dataset.json", "--note", "A <small> run."),
            *("--predictions", *map(str, paths), "--seed", "0", *options),
            *("--table", f"{folder}/claims.csv", "--page", f"{folder}/claims.html"),
        ]
    )


def test_the_page_says_first_and_in_bold_that_data_are_simulated(results):
    texts = read(claims_page(judge_claims(results()), [], "simulated", "A <small> run."))
    place = next(i for i, (_, text) in enumerate(texts) if text == "Data: simulated.")
    assert texts[place][0][-2:] == ("p", "strong")
    assert texts[place + 1][1].startswith("A verdict about simulated data says nothing about the p")
    assert texts[place + 1][1].endswith("A <small> run.")
    assert [text for _, text in texts[:place]][-1] == "What the paper says one should see"


def test_real_data_are_not_called_simulated(results):
    page = claims_page(judge_claims(results()), [], "AVIA", "")
    assert ("strong", "Data: AVIA.") in [(tags[-1], text) for tags, text in read(page)]
    assert "simulated" not in page


def test_every_verdict_is_told_by_word_and_by_symbol(results, outcomes):
    tests = {("dualcamnet", "ground_truth", "all"): outcomes({}, 4)}
    tests["avnet", "ground_truth", "all"] = outcomes({"typing": {"clicking": 1.0}})
    findings = judge_claims(results(tests))
    texts = [text for _, text in read(claims_page(findings, [], "simulated", ""))]
    told = [
        verdict
        for finding in findings
        for verdict in (finding.verdict, *(item.verdict for item in finding.items))
    ]
    assert set(told) == set(SYMBOLS)
    for verdict, symbol in SYMBOLS.items():
        shown = sum(pair == (symbol, verdict) for pair in itertools.pairwise(texts))
        assert shown == told.count(verdict) + 1  # once more in the summary
    assert len(set(SYMBOLS.values())) == 3


def test_statement_criterion_and_numbers_stand_in_page_and_table(networks, tmp_path):
    assert judge(tmp_path, networks) == 0
    texts = [text for _, text in read((tmp_path / "claims.html").read_text("utf-8"))]
    with (tmp_path / "claims.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for claim in CLAIMS:
        assert claim.statement in texts
        assert claim.criterion in texts
        whole, *parts = [row for row in rows if row["claim"] == str(claim.number)]
        assert (whole["statement"], whole["criterion"]) == (claim.statement, claim.criterion)
        assert whole["part"] == ""
        assert len(parts) >= 1
        for row in parts:
            assert row["part"] in texts
            assert row["numbers"] in texts
            assert row["data_source"] == "simulated"
    first = {row["part"]: row for row in rows if row["claim"] == "1"}
    assert first["DualCamNet over ResNet-50"]["verdict"] == "supported"
    assert "100 % against 7 % of 42 sequences" in first["DualCamNet over ResNet-50"]["numbers"]
    assert "was not trained" in first["AVNet over Temporal ResNet-50"]["numbers"]
    assert first[""]["initial_weights"] == (
        "avnet: random; random backbone, dualcamnet: random, resnet50: random backbone"
    )


def test_random_backbones_are_told_of_on_the_page(networks, tmp_path):
    assert judge(tmp_path, networks) == 0
    assert "Backbone with random weights" in (tmp_path / "claims.html").read_text("utf-8")
    assert judge(tmp_path, networks[:1]) == 0
    assert "Backbone with random weights" not in (tmp_path / "claims.html").read_text("utf-8")


def test_the_order_of_files_changes_no_byte(networks, tmp_path):
    found = []
    for paths in (networks, networks[::-1]):
        assert judge(tmp_path, paths) == 0
        found.append([(tmp_path / name).read_bytes() for name in ("claims.csv", "claims.html")])
    assert found[0] == found[1]


def test_measures_are_judged_where_they_are_given(networks, tmp_path, measures, avia):
    known = {name: {"periodicity": 0.9} for name in ("clapping", "snapping fingers")}
    measures({2: {"lit_share": 0.9}}, known).to_csv(tmp_path / "measures.csv", index=False)
    assert judge(tmp_path, networks, "--measures", str(tmp_path / "measures.csv")) == 0
    page = (tmp_path / "claims.html").read_text("utf-8")
    assert "larger in 126 of 126 pairs" in page
    assert "no audio" not in page
    assert judge(tmp_path, networks) == 0
    assert "no audio" in (tmp_path / "claims.html").read_text("utf-8")


def test_a_problem_is_one_line_and_leaves_nothing(networks, tmp_path, capsys):
    networks[0].unlink()
    assert judge(tmp_path, networks) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "claims.csv").exists()
