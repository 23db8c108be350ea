# Tables of all networks, each as CSV and as a page of the report.


rule evaluation:
    input:
        "results/evaluation/accuracy.csv",
        headlines(),
        "results/evaluation/hyperparameters.csv",
        "results/evaluation/networks.csv",
        "results/benchmarks/networks.csv",
        "results/evaluation/gains.csv" if settings.students else [],
        "results/evaluation/transfer.csv" if transfers() else [],
        (
            "results/evaluation/across_scopes.csv"
            if settings.evaluation.across_scopes
            else []
        ),


rule predict_across_scopes:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
        splits=expand(rules.split_sequences.output, scope=dataset.scopes),
        models=of_one_network("model.keras"),
        descriptions=of_one_network("model.json"),
        features=features_of_one_network,
    output:
        "results/across_scopes/{network}.parquet",
    log:
        "results/logs/predict_across_scopes/{network}.log",
    benchmark:
        "results/benchmarks/predict_across_scopes/{network}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=4000,
        runtime=240,
    params:
        code=network_code("predict_across_scopes"),
        folders=folders_of("models"),
        features=features_options_of_one_network,
        splits=parent("splits"),
    message:
        "Testing every {wildcards.network} on every scope"
    shell:
        "avdistill predict-across-scopes --models {params.folders:q} --dataset {input.dataset:q}"
        " --records {input.records:q} --splits-folder {params.splits:q} {params.features:q}"
        " --tensorflow-threads {threads} --output {output:q} 2>&1 | tee {log:q}"


rule summarise_accuracy:
    input:
        metrics=results_of(plan.runs, "metrics.json"),
        predictions=results_of(plan.runs, "predictions.parquet"),
    output:
        table="results/evaluation/accuracy.csv",
        page=report(
            "results/evaluation/accuracy.html",
            caption="../report/accuracy.rst",
            category="Tables",
            labels={"table": "test accuracy"},
        ),
        summary=headlines(),
    log:
        "results/logs/summarise_accuracy.log",
    benchmark:
        "results/benchmarks/summarise_accuracy.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("summarise_accuracy"),
        evaluation_seed=settings.evaluation.seed,
        note=note_options,
        summary=parent("summary"),
    message:
        "Summarising accuracy"
    shell:
        "avdistill summarise-accuracy --metrics {input.metrics:q}"
        " --evaluation-seed {params.evaluation_seed}"
        " {params.note:q} --table {output.table:q} --page {output.page:q}"
        " --summary {params.summary:q} 2>&1 | tee {log:q}"


rule compare_supervisions:
    input:
        metrics=results_of(plan.students, "metrics.json"),
        predictions=results_of(plan.students, "predictions.parquet"),
    output:
        table="results/evaluation/gains.csv",
        page=report(
            "results/evaluation/gains.html",
            caption="../report/gains.rst",
            category="Tables",
            labels={"table": "gains of soft labels over ground truth"},
        ),
    log:
        "results/logs/compare_supervisions.log",
    benchmark:
        "results/benchmarks/compare_supervisions.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("compare_supervisions"),
        evaluation_seed=settings.evaluation.seed,
        note=note_options,
    message:
        "Comparing students of soft labels with those of ground truth"
    shell:
        "avdistill compare-supervisions --metrics {input.metrics:q}"
        " --evaluation-seed {params.evaluation_seed}"
        " {params.note:q} --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


rule summarise_grids:
    input:
        metrics=results_of(plan.runs, "metrics.json"),
        grids=results_of(plan.students, "grid.csv"),
    output:
        table="results/evaluation/hyperparameters.csv",
        page=report(
            "results/evaluation/hyperparameters.html",
            caption="../report/hyperparameters.rst",
            category="Tables",
            labels={"table": "hyper-parameters beside the paper's"},
        ),
    log:
        "results/logs/summarise_grids.log",
    benchmark:
        "results/benchmarks/summarise_grids.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("summarise_grids"),
        searched_on=(
            []
            if settings.grid.scope == "each"
            else ["--searched-on", settings.grid.scope]
        ),
        note=note_options,
    message:
        "Summarising the grids"
    shell:
        "avdistill summarise-grids --metrics {input.metrics:q} {params.searched_on:q}"
        " {params.note:q} --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


rule summarise_transfer:
    input:
        transfers=transfers(),
    output:
        table="results/evaluation/transfer.csv",
        page=report(
            "results/evaluation/transfer.html",
            caption="../report/transfer.rst",
            category="Tables",
            labels={"table": "transfer of students' features"},
        ),
    log:
        "results/logs/summarise_transfer.log",
    benchmark:
        "results/benchmarks/summarise_transfer.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("summarise_transfer"),
        note=note_options,
    message:
        "Summarising transfer"
    shell:
        "avdistill summarise-transfer --transfers {input.transfers:q}"
        " {params.note:q} --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


rule summarise_across_scopes:
    input:
        dataset=rules.describe_dataset.output,
        predictions=expand(rules.predict_across_scopes.output, network=plan.networks),
        metrics=results_of(plan.runs, "metrics.json"),
    output:
        table="results/evaluation/across_scopes.csv",
        page=report(
            "results/evaluation/across_scopes.html",
            caption="../report/across_scopes.rst",
            category="Tables",
            labels={"table": "accuracy across scopes"},
        ),
    log:
        "results/logs/summarise_across_scopes.log",
    benchmark:
        "results/benchmarks/summarise_across_scopes.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("summarise_across_scopes"),
        evaluation_seed=settings.evaluation.seed,
        note=note_options,
    message:
        "Summarising accuracy across scopes"
    shell:
        "avdistill summarise-across-scopes --predictions {input.predictions:q}"
        " --metrics {input.metrics:q} --dataset {input.dataset:q}"
        " --evaluation-seed {params.evaluation_seed}"
        " {params.note:q} --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


rule measure_networks:
    input:
        dataset=rules.describe_dataset.output,
    output:
        table="results/evaluation/networks.csv",
        page=report(
            "results/evaluation/networks.html",
            caption="../report/networks.rst",
            category="Tables",
            labels={"table": "sizes of the networks"},
        ),
    log:
        "results/logs/measure_networks.log",
    benchmark:
        "results/benchmarks/measure_networks.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        code=code_digest(
            "commands.measure_networks",
            *(f"networks.{network}" for network in plan.networks),
        ),
        networks=plan.networks,
    message:
        "Counting parameters and multiply-adds"
    shell:
        "avdistill measure-networks --networks {params.networks} --dataset {input.dataset:q}"
        " --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


# Times differ between runs, so no rule takes them as input.
rule time_networks:
    input:
        dataset=rules.describe_dataset.output,
    output:
        table="results/benchmarks/networks.csv",
        page=report(
            "results/benchmarks/networks.html",
            caption="../report/speed.rst",
            category="Tables",
            labels={"table": "speed of the networks"},
        ),
    log:
        "results/logs/time_networks.log",
    benchmark:
        "results/benchmarks/time_networks.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=10,
    params:
        code=code_digest(
            "commands.time_networks",
            *(f"networks.{network}" for network in plan.networks),
        ),
        networks=plan.networks,
    message:
        "Timing the networks on one core"
    shell:
        "avdistill time-networks --networks {params.networks} --dataset {input.dataset:q}"
        " --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"
