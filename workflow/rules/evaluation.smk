# One table of accuracy, from every network's own predictions and metrics.


rule evaluation:
    input:
        "results/evaluation/accuracy.csv",


rule evaluate_scope:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split="results/splits/{target}.csv",
        # A student's teacher was trained on the student's own scope.
        seen="results/splits/{scope}.csv",
        model="results/{kind}/{scope}/{path}/model.keras",
        card="results/{kind}/{scope}/{path}/model.json",
        code=lambda wildcards: source_files(
            "commands.evaluate_scope", f"networks.{Path(wildcards.path).parts[0]}"
        ),
    output:
        "results/{kind}/{scope}/{path}/predictions_{target}.parquet",
    log:
        "results/logs/evaluate_scope/{kind}/{scope}/{path}/{target}.log",
    benchmark:
        "results/benchmarks/evaluate_scope/{kind}/{scope}/{path}/{target}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        records=parent("manifest"),
        folder=parent("model"),
    message:
        "Testing {wildcards.kind}/{wildcards.scope}/{wildcards.path} on {wildcards.target}"
    shell:
        "avdistill evaluate-scope --model {params.folder:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.manifest:q} --split {input.split:q}"
        " --seen {input.seen:q} --target {wildcards.target}"
        " --tensorflow-threads {threads} --output {output:q}"
        " 2>&1 | tee {log:q}"


rule summarise_accuracy:
    input:
        metrics=[
            *every_teacher(rules.train_teacher.output.metrics),
            *every_student(rules.select_student.output.metrics),
        ],
        crossings=crossings(),
        cards=sorted({str(Path(file).with_name("model.json")) for file in crossings()}),
        code=code("summarise_accuracy"),
    output:
        table="results/evaluation/accuracy.csv",
        crossing_table="results/evaluation/across_scopes.csv",
        page=report(
            "results/evaluation/accuracy.html",
            caption="../report/accuracy.rst",
            category="Accuracy",
            labels={"table": "test accuracy of every network"},
        ),
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
        note=["--note", settings.report.note] if settings.report.note else [],
        evaluation_seed=settings.evaluation.seed,
    message:
        "Summarising accuracy"
    shell:
        "avdistill summarise-accuracy --metrics {input.metrics:q}"
        " --crossings {input.crossings:q} {params.note:q}"
        " --evaluation-seed {params.evaluation_seed} --table {output.table:q}"
        " --crossing-table {output.crossing_table:q} --page {output.page:q} 2>&1 | tee {log:q}"
