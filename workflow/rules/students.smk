# Students: the grid search in slices, then one student from all slices.


rule students:
    input:
        every_student(f"{student_folder}/model.keras"),


rule search_grid:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split=rules.split_sequences.output,
        statistics=statistics_of,
        soft_labels=soft_labels_of,
        grid=grid_of_another_scope,
        weights=initial_weights_of,
        code=network_code("search_grid"),
    output:
        cells=f"{student_folder}/grid/slice{{slice}}/cells.csv",
        model=f"{student_folder}/grid/slice{{slice}}/model.keras",
        history=f"{student_folder}/grid/slice{{slice}}/history.csv",
        facts=f"{student_folder}/grid/slice{{slice}}/search.json",
    log:
        "results/logs/search_grid/{scope}-{network}-{supervision}-seed{seed}-slice{slice}.log",
    benchmark:
        "results/benchmarks/search_grid/{scope}-{network}-{supervision}-seed{seed}-slice{slice}.tsv"
    # On the longest way to the end; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=3000,
        runtime=1440,
        gpu=gpus_of["training"],
        cached=CACHES.index(settings.training.cache),
        tensorboard=int(settings.training.tensorboard),
    params:
        soft_labels=lambda wildcards: (
            ["--soft-labels", file] if (file := soft_labels_of(wildcards)) else []
        ),
        grid=grid_options,
        slices=number_of_slices,
        epochs=of_student("epochs"),
        student=student_options,
        loss=settings.training.loss,
        batch_size=settings.training.batch_size,
        crop_options=crop_options,
        cache=cache_option,
        watching=watching_options(
            "students/{scope}/{network}/{supervision}/seed{seed}/slice{slice}"
        ),
        gpu_options=gpu_options("training"),
        tensorflow_threads=threads_of_tensorflow,
        records=parent("manifest"),
        folder=parent("cells"),
    message:
        "Searching slice {wildcards.slice} of the grid: {wildcards.network} from"
        " {wildcards.supervision}, scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill search-grid --dataset {input.dataset:q} --records {params.records:q}"
        " --manifest {input.manifest:q} --split {input.split:q}"
        " --student {wildcards.network} {params.student:q}"
        " --supervision {wildcards.supervision} {params.soft_labels:q} --loss {params.loss}"
        " --scope {wildcards.scope} --seed {wildcards.seed} {params.grid}"
        " --slice {wildcards.slice} --slices {params.slices} --epochs {params.epochs}"
        " --batch-size {params.batch_size} {params.crop_options} {params.cache}"
        " {params.watching:q} {params.gpu_options}"
        " --tensorflow-threads {params.tensorflow_threads} --output {params.folder:q}"
        " 2>&1 | tee {log:q}"


rule select_student:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split=rules.split_sequences.output,
        statistics=statistics_of,
        slices=lambda wildcards: expand(
            rules.search_grid.output,
            slice=range(number_of_slices(wildcards)),
            **wildcards,
        ),
        code=network_code("select_student"),
    output:
        model=f"{student_folder}/model.keras",
        card=f"{student_folder}/model.json",
        history=f"{student_folder}/history.csv",
        predictions=f"{student_folder}/predictions.parquet",
        metrics=f"{student_folder}/metrics.json",
        grid=f"{student_folder}/grid.csv",
    log:
        "results/logs/select_student/{scope}-{network}-{supervision}-seed{seed}.log",
    benchmark:
        "results/benchmarks/select_student/{scope}-{network}-{supervision}-seed{seed}.tsv"
    # On the longest way to the end; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        slices=lambda wildcards, input: list(
            dict.fromkeys(str(Path(file).parent) for file in input.slices)
        ),
        statistics=lambda wildcards, input: (
            ["--statistics", input.statistics] if input.statistics else []
        ),
        records=parent("manifest"),
        folder=parent("model"),
    message:
        "Selecting student {wildcards.network} from {wildcards.supervision},"
        " scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill select-student --slices {params.slices:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.manifest:q} --split {input.split:q}"
        " --student {wildcards.network} {params.statistics:q}"
        " --supervision {wildcards.supervision} --scope {wildcards.scope}"
        " --seed {wildcards.seed} --tensorflow-threads {threads} --output {params.folder:q}"
        " 2>&1 | tee {log:q}"
