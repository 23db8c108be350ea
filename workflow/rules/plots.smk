# What `dvc plots` draws: tables of every network, and the page on which it needs no network.


rule plots:
    input:
        plot_tables("learning_curves", network_folders),
        plot_tables("confusion", network_folders),
        plot_tables("grid", searched_folders),


rule tabulate_plots:
    input:
        metrics=expand("{folder}/metrics.json", folder=network_folders),
        histories=expand("{folder}/history.csv", folder=network_folders),
        predictions=expand("{folder}/predictions.parquet", folder=network_folders),
        grids=expand("{folder}/grid.csv", folder=searched_folders),
        dataset=rules.describe_dataset.output,
        code=code("tabulate_plots"),
    output:
        curves=plot_tables("learning_curves", network_folders),
        confusion=plot_tables("confusion", network_folders),
        grids=plot_tables("grid", searched_folders),
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
        code=source_files("avia.dataset", "evaluation.pages.document"),
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
    message:
        "Preparing the page for dvc plots"
    shell:
        "python {input.script:q} --dataset {input.dataset:q} --output {output:q}"
        " 2>&1 | tee {log:q}"
