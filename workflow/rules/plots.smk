# Input of `dvc plots`: tables of all runs, and a page that shows plots without internet.


rule plots:
    input:
        plot_tables("learning_curves", plan.runs),
        plot_tables("confusion", plan.runs),
        plot_tables("grid", plan.searched_students),


rule tabulate_plots:
    input:
        metrics=results_of(plan.runs, "metrics.json"),
        histories=results_of(plan.runs, "history.csv"),
        predictions=results_of(plan.runs, "predictions.parquet"),
        grids=results_of(plan.searched_students, "grid.csv"),
        dataset=rules.describe_dataset.output,
    output:
        curves=plot_tables("learning_curves", plan.runs),
        confusion=plot_tables("confusion", plan.runs),
        grids=plot_tables("grid", plan.searched_students),
    log:
        "results/logs/tabulate_plots.log",
    benchmark:
        "results/benchmarks/tabulate_plots.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("tabulate_plots"),
        searched_on=(
            []
            if settings.grid.scope == "each"
            else ["--searched-on", settings.grid.scope]
        ),
        folder=parent("curves", levels=2),
    message:
        "Writing the tables for dvc plots"
    shell:
        "avdistill tabulate-plots --metrics {input.metrics:q} --dataset {input.dataset:q}"
        " {params.searched_on:q} --output {params.folder:q} 2>&1 | tee {log:q}"


rule prepare_plots_page:
    input:
        dataset=rules.describe_dataset.output,
        script="workflow/scripts/prepare_plots_page.py",
        template="workflow/scripts/prepare_plots_page.html",
    output:
        "results/plots_page.html",
    log:
        "results/logs/prepare_plots_page.log",
    benchmark:
        "results/benchmarks/prepare_plots_page.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code_digest("avia.dataset", "evaluation.pages.document"),
        contents=contents(
            [
                "workflow/scripts/prepare_plots_page.py",
                "workflow/scripts/prepare_plots_page.html",
            ]
        ),
    message:
        "Preparing the page for dvc plots"
    shell:
        "python {input.script:q} --dataset {input.dataset:q} --output {output:q}"
        " 2>&1 | tee {log:q}"
