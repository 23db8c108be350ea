# Tables of every network: each as CSV, and as a page that the report shows.


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
        manifest=rules.merge_records.output,
        splits=expand(rules.split_sequences.output, scope=dataset.scopes),
        models=of_one_network("model.keras"),
        descriptions=of_one_network("model.json"),
        features=features_of_one_network,
        code=network_code("predict_across_scopes"),
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
        folders=folders_of("models"),
        features=features_options_of_one_network,
        records=parent("manifest"),
        splits=parent("splits"),
    message:
        "Testing every {wildcards.network} on every scope"
    shell:
        "avdistill predict-across-scopes --models {params.folders:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.manifest:q}"
        " --splits-folder {params.splits:q} {params.features:q}"
        " --tensorflow-threads {threads} --output {output:q} 2>&1 | tee {log:q}"


rule summarise_accuracy:
    input:
        metrics=all_metrics(),
        predictions=[
            *every_teacher(rules.train_teacher.output.predictions),
            *every_student(rules.select_student.output.predictions),
        ],
        code=code("summarise_accuracy"),
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
        metrics=every_student(rules.select_student.output.metrics),
        predictions=every_student(rules.select_student.output.predictions),
        code=code("compare_supervisions"),
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
        metrics=all_metrics(),
        grids=every_student(rules.select_student.output.grid),
        code=code("summarise_grids"),
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
        code=code("summarise_transfer"),
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
        note=note_options,
    message:
        "Summarising transfer"
    shell:
        "avdistill summarise-transfer --transfers {input.transfers:q}"
        " {params.note:q} --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


rule summarise_across_scopes:
    input:
        dataset=rules.describe_dataset.output,
        predictions=expand(rules.predict_across_scopes.output, network=networks_in_use),
        metrics=all_metrics(),
        code=code("summarise_across_scopes"),
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
        code=source_files(
            "commands.measure_networks",
            *(f"networks.{network}" for network in networks_in_use),
        ),
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
        networks=networks_in_use,
        classes=len(dataset.classes),
    message:
        "Counting parameters and multiply-adds"
    shell:
        "avdistill measure-networks --networks {params.networks} --classes {params.classes}"
        " --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"


# Times differ from run to run, so nothing takes them as input.
rule time_networks:
    input:
        code=source_files(
            "commands.time_networks",
            *(f"networks.{network}" for network in networks_in_use),
        ),
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
        networks=networks_in_use,
        classes=len(dataset.classes),
    message:
        "Timing the networks on one core"
    shell:
        "avdistill time-networks --networks {params.networks} --classes {params.classes}"
        " --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"
