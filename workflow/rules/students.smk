# Students: the grid search in slices, then the best student of all slices.


rule students:
    input:
        results_of(plan.students, "model.keras"),


rule search_grid:
    input:
        unpack(inputs_of(plan.search_inputs)),
    output:
        run=f"{student_folder}/grid/slice{{slice}}/run.json",
        cells=f"{student_folder}/grid/slice{{slice}}/cells.csv",
        model=f"{student_folder}/grid/slice{{slice}}/model.keras",
        history=f"{student_folder}/grid/slice{{slice}}/history.csv",
        weights=f"{student_folder}/grid/slice{{slice}}/search.json",
    log:
        "results/logs/search_grid/{scope}-{network}-{supervision}-seed{seed}-slice{slice}.log",
    benchmark:
        "results/benchmarks/search_grid/{scope}-{network}-{supervision}-seed{seed}-slice{slice}.tsv"
    # On the critical path; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=3000,
        runtime=1440,
        gpu=settings.training.gpus,
    params:
        code=network_code("search_grid"),
        settings=lambda wildcards: canonical(
            plan.search_settings(Run.from_wildcards(wildcards), int(wildcards.slice))
        ),
        inputs=input_options,
        execution=execution_options(f"{STUDENTS}/slice{{slice}}"),
        folder=parent("cells"),
    message:
        "Searching slice {wildcards.slice} of the grid: {wildcards.network} from"
        " {wildcards.supervision}, scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill search-grid --settings {params.settings:q} {params.inputs:q}"
        " {params.execution:q} --output {params.folder:q} 2>&1 | tee {log:q}"


rule select_student:
    input:
        unpack(inputs_of(plan.inputs)),
        slices=lambda wildcards: [
            file.format(slice=number, **wildcards)
            for number in range(plan.number_of_slices(Run.from_wildcards(wildcards)))
            for file in rules.search_grid.output
        ],
    output:
        run=f"{student_folder}/run.json",
        model=f"{student_folder}/model.keras",
        description=f"{student_folder}/model.json",
        history=f"{student_folder}/history.csv",
        predictions=f"{student_folder}/predictions.parquet",
        metrics=f"{student_folder}/metrics.json",
        grid=f"{student_folder}/grid.csv",
    log:
        "results/logs/select_student/{scope}-{network}-{supervision}-seed{seed}.log",
    benchmark:
        "results/benchmarks/select_student/{scope}-{network}-{supervision}-seed{seed}.tsv"
    # On the critical path; figures can wait.
    priority: 1
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        code=network_code("select_student"),
        settings=settings_of(plan.student_settings),
        inputs=input_options,
        slices=lambda wildcards, input: [
            file for file in input.slices if file.endswith("cells.csv")
        ],
        folder=parent("model"),
    message:
        "Selecting student {wildcards.network} from {wildcards.supervision},"
        " scope {wildcards.scope}, seed {wildcards.seed}"
    shell:
        "avdistill select-student --settings {params.settings:q} {params.inputs:q}"
        " --slices {params.slices:q} --output {params.folder:q} 2>&1 | tee {log:q}"
