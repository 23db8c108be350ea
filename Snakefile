import sys

from snakemake.utils import min_version

from avdistill.avia.raw_folder import unlink_old_links
from avdistill.provenance.reruns import prepare_full_rerun

min_version("9.10")

if workflow.is_main_process:
    unlink_old_links()
    if message := prepare_full_rerun():
        print(message, file=sys.stderr)

if not workflow.configfiles:

    configfile: "config/demo.yaml"


include: "workflow/rules/settings.smk"
include: "workflow/rules/vision_inputs.smk"
include: "workflow/rules/transfer_inputs.smk"
include: "workflow/rules/evaluation_inputs.smk"
include: "workflow/rules/figure_inputs.smk"
include: "workflow/rules/plot_inputs.smk"
include: "workflow/rules/raw.smk"
include: "workflow/rules/records.smk"
include: "workflow/rules/splits.smk"
include: "workflow/rules/vision.smk"
include: "workflow/rules/teachers.smk"
include: "workflow/rules/students.smk"
include: "workflow/rules/evaluation.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/transfer.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/supplement.smk"
include: "workflow/rules/plots.smk"
include: "workflow/rules/card.smk"


report: "workflow/report/workflow.rst"


# DVC needs the folder of every phase, even if the configuration asks for nothing in it. These lines
# make them for plain `snakemake`, workflow/run_phase.py for DVC.
onstart:
    for phase in (
        "statistics",
        "vision",
        "soft_labels",
        "transfer",
        "across_scopes",
    ):
        Path("results", phase).mkdir(parents=True, exist_ok=True)


rule all:
    default_target: True
    input:
        rules.raw.input,
        rules.records.input,
        rules.splits.input,
        rules.vision.input,
        rules.teachers.input,
        rules.soft_labels.input,
        rules.students.input,
        rules.evaluation.input,
        rules.claims.input,
        rules.transfer.input,
        rules.figures.input,
        rules.plots.input,
        rules.card.input,
