# Teachers, and the soft labels that they give every second of data.


rule teachers:
    input:
        every_teacher(f"{teacher_folder}/model.keras"),


rule soft_labels:
    input:
        soft_labels_in_use(),


rule train_teacher:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split=rules.split_sequences.output,
        features=features_of,
        code=network_code("train_teacher"),
    output:
        model=f"{teacher_folder}/model.keras",
        card=f"{teacher_folder}/model.json",
        history=f"{teacher_folder}/history.csv",
        predictions=f"{teacher_folder}/predictions.parquet",
        metrics=f"{teacher_folder}/metrics.json",
    log:
        "results/logs/train_teacher/{scope}-{network}-seed{seed}.log",
    benchmark:
        "results/benchmarks/train_teacher/{scope}-{network}-seed{seed}.tsv"
    # On the longest way to the end; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=4000,
        runtime=1440,
        gpu=gpus_of["training"],
        cached=CACHES.index(settings.training.cache),
        tensorboard=int(settings.training.tensorboard),
    params:
        learning_rate=of_teacher("learning_rate"),
        epochs=of_teacher("epochs"),
        batch_size=settings.training.batch_size,
        crop_options=crop_options,
        cache=cache_option,
        watching=watching_options("teachers/{scope}/{network}/seed{seed}"),
        features=features_options,
        gpu_options=gpu_options("training"),
        tensorflow_threads=threads_of_tensorflow,
        records=parent("manifest"),
        folder=parent("model"),
    message:
        "Training teacher {wildcards.network} on scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill train-teacher --dataset {input.dataset:q} --records {params.records:q}"
        " --manifest {input.manifest:q} --split {input.split:q} {params.features:q}"
        " --network {wildcards.network} --scope {wildcards.scope} --seed {wildcards.seed}"
        " --learning-rate {params.learning_rate} --epochs {params.epochs}"
        " --batch-size {params.batch_size} {params.crop_options} {params.cache}"
        " {params.watching:q} {params.gpu_options}"
        " --tensorflow-threads {params.tensorflow_threads} --output {params.folder:q}"
        " 2>&1 | tee {log:q}"


rule export_soft_labels:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split=rules.split_sequences.output,
        model=rules.train_teacher.output.model,
        card=rules.train_teacher.output.card,
        features=features_of,
        code=network_code("export_soft_labels"),
    output:
        "results/soft_labels/{scope}/{network}/seed{seed}.parquet",
    log:
        "results/logs/export_soft_labels/{scope}-{network}-seed{seed}.log",
    benchmark:
        "results/benchmarks/export_soft_labels/{scope}-{network}-seed{seed}.tsv"
    wildcard_constraints:
        network="|".join(settings.teachers) or "none",
    # On the longest way to the end; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=3000,
        runtime=240,
    params:
        tensorflow_threads=threads_of_tensorflow,
        features=features_options,
        records=parent("manifest"),
        folder=parent("model"),
    message:
        "Exporting soft labels of {wildcards.network}, scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill export-soft-labels --teacher {params.folder:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.manifest:q} --split {input.split:q}"
        " {params.features:q}"
        " --tensorflow-threads {params.tensorflow_threads} --output {output:q}"
        " 2>&1 | tee {log:q}"


if settings.ensembles:

    rule average_soft_labels:
        input:
            teachers=members_of,
            code=code("average_soft_labels"),
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
        message:
            "Averaging the soft labels of {wildcards.ensemble}, scope {wildcards.scope},"
            " seed {wildcards.seed}"
        shell:
            "avdistill average-soft-labels --soft-labels {input.teachers:q} --output {output:q}"
            " 2>&1 | tee {log:q}"
