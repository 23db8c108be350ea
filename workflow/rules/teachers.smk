# Teachers, and their soft labels for every second of data.


rule teachers:
    input:
        results_of(plan.teachers, "model.keras"),


rule soft_labels:
    input:
        plan.soft_labels(),


rule train_teacher:
    input:
        unpack(inputs_of(plan.inputs)),
    output:
        run=f"{teacher_folder}/run.json",
        model=f"{teacher_folder}/model.keras",
        description=f"{teacher_folder}/model.json",
        history=f"{teacher_folder}/history.csv",
        predictions=f"{teacher_folder}/predictions.parquet",
        metrics=f"{teacher_folder}/metrics.json",
    log:
        "results/logs/train_teacher/{scope}-{network}-seed{seed}.log",
    benchmark:
        "results/benchmarks/train_teacher/{scope}-{network}-seed{seed}.tsv"
    # On the critical path; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=4000,
        runtime=1440,
        gpu=settings.training.gpus,
    params:
        code=network_code("train_teacher"),
        settings=settings_of(plan.teacher_settings),
        inputs=input_options,
        execution=execution_options(TEACHERS),
        folder=parent("model"),
    message:
        "Training teacher {wildcards.network} on scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill train-teacher --settings {params.settings:q} {params.inputs:q}"
        " {params.execution:q} --output {params.folder:q} 2>&1 | tee {log:q}"


rule export_soft_labels:
    input:
        unpack(inputs_of(plan.inputs)),
        model=rules.train_teacher.output.model,
        description=rules.train_teacher.output.description,
    output:
        "results/soft_labels/{scope}/{network}/seed{seed}.parquet",
    log:
        "results/logs/export_soft_labels/{scope}-{network}-seed{seed}.log",
    benchmark:
        "results/benchmarks/export_soft_labels/{scope}-{network}-seed{seed}.tsv"
    wildcard_constraints:
        network="|".join(settings.teachers) or "none",
    # On the critical path; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=3000,
        runtime=240,
    params:
        code=network_code("export_soft_labels"),
        tensorflow_threads=threads_of_tensorflow,
        inputs=input_options,
        folder=parent("model"),
    message:
        "Exporting soft labels of {wildcards.network}, scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill export-soft-labels --teacher {params.folder:q} {params.inputs:q}"
        " --tensorflow-threads {params.tensorflow_threads} --output {output:q}"
        " 2>&1 | tee {log:q}"


if settings.ensembles:

    rule average_soft_labels:
        input:
            lambda wildcards: plan.members(
                wildcards.ensemble, wildcards.scope, wildcards.seed
            ),
        output:
            "results/soft_labels/{scope}/{ensemble}/seed{seed}.parquet",
        log:
            "results/logs/average_soft_labels/{scope}-{ensemble}-seed{seed}.log",
        benchmark:
            "results/benchmarks/average_soft_labels/{scope}-{ensemble}-seed{seed}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("average_soft_labels"),
        message:
            "Averaging the soft labels of {wildcards.ensemble}, scope {wildcards.scope},"
            " seed {wildcards.seed}"
        shell:
            "avdistill average-soft-labels --soft-labels {input:q} --output {output:q}"
            " 2>&1 | tee {log:q}"
