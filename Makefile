# `make reproduce` and `make test` install what they need into .venv, and can be repeated at any time.

PYTHON ?= python3
# Default: as many jobs as this machine has cores; on a cluster its profile decides.
CORES ?=
# More options of Snakemake, such as OPTIONS="--resources gpu=1".
OPTIONS ?=
CONFIG ?= config/demo.yaml
# On machines with NVIDIA GPUs: envs/requirements-gpu.txt. Tests are made for the default.
REQUIREMENTS ?= envs/requirements.txt
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
export PATH := $(CURDIR)/.venv/bin:$(PATH)
.PHONY: help reproduce test benchmarks lint lock documents clean

help:
	@echo "make reproduce   set up, run the workflow on $(CONFIG), write the report"
	@echo "make test        set up, run the tests"
	@echo "make benchmarks  set up, run every benchmark with --quick, which shows only that it works"
	@echo "make lint        check style: ruff, snakefmt, snakemake --lint"
	@echo "make lock        pin the newest versions in envs/ (needs uv)"
	@echo "make documents   write config/README.md and config/schema.json"
	@echo "make clean       delete results and Snakemake's records, not the environment; git restore"
	@echo "                 results brings committed tables back"

reproduce: .venv/.run
	python workflow/run_phase.py all $(CONFIG) $(if $(CORES),--cores $(CORES)) $(OPTIONS)
	@echo
	@echo "Where to look:"
	@echo "  results/report.html              the report: every figure and table, in any browser"
	@echo "  results/figures/                 the figures, as PNG and SVG"
	@echo "  results/evaluation/accuracy.csv  test accuracy of every network"
	@echo "  results/transfer/                k-nearest neighbours on the students' features"

# Two test files at a time, in their order: the longest are not the last.
test: .venv/.development
	pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# Only the programs among the files of benchmarks, not what they import.
BENCHMARKS := $(shell grep --files-with-matches __main__ benchmarks/*.py)

define QUICK_BENCHMARK
python $(1) --quick

endef

benchmarks: .venv/.development
	$(foreach file,$(BENCHMARKS),$(call QUICK_BENCHMARK,$(file)))

lint: .venv/.development
	ruff check .
	ruff format --check .
	snakefmt --check Snakefile workflow
	snakemake --lint --configfile config/demo.yaml

.venv/bin/pip:
	@$(PYTHON) -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" || \
	  { echo "avdistill needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is" \
	    "$$($(PYTHON) --version 2>&1): name another one, make PYTHON=python3.12 …" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/pip $(REQUIREMENTS) pyproject.toml
	@echo "Installing $(REQUIREMENTS) into .venv (2 GB or more, a few minutes) …"
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $(REQUIREMENTS)
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.development: .venv/.run envs/requirements-dev.txt
	@echo "Installing the pinned development requirements into .venv …"
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r envs/requirements-dev.txt
	@touch $@

lock:
	cd envs && uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --quiet --upgrade requirements-dev.in --output-file requirements-dev.txt
	cd envs && uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	  --quiet --constraints requirements-dev.txt requirements.in --output-file requirements.txt
	cd envs && sed 's/^tensorflow-cpu /tensorflow[and-cuda] /' requirements.in | \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  --constraints requirements.txt - --output-file requirements-gpu.txt
	cd envs && { cat environment.head.yaml; \
	  sed -n 's/^\([a-z0-9].*==[^\\]*[^ \\]\) *\\$$/      - "\1"/p' requirements.txt; } > environment.yaml

documents: .venv/.run
	avdistill document-configuration --output config

clean:
	rm -rf results .snakemake
