# Raw data in AVIA's own layout: simulated, from an archive, or from folders.


# The user's folders are read where they are and never written to; results/raw has only manifests of
# them.
tree_options = [
    option
    for tree in settings.dataset.trees
    for option in (
        f"--{tree}",
        (
            getattr(settings.dataset.folders, tree)
            if settings.dataset.source == "folders"
            else f"results/raw/{tree}"
        ),
    )
]


rule raw:
    input:
        "results/raw/manifest.csv",
        # Made first, so that `dvc plots` works while networks are trained.
        "results/plots_page.html",


rule describe_dataset:
    input:
        RECORDS_BEGAN,
    output:
        "results/dataset.json",
    log:
        "results/logs/describe_dataset.log",
    benchmark:
        "results/benchmarks/describe_dataset.tsv"
    localrule: True
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code("describe_dataset"),
        source=dataset.source,
        classes=dataset.classes,
        scenarios=dataset.scenarios,
        subjects=dataset.subjects,
        seconds=dataset.sequence_seconds,
        missing=dataset.missing,
    message:
        "Describing the data set"
    shell:
        "avdistill describe-dataset --source {params.source:q} --classes {params.classes:q}"
        " --scenarios {params.scenarios:q} --subjects {params.subjects}"
        " --sequence-seconds {params.seconds} --missing {params.missing:q}"
        " --output {output:q} 2>&1 | tee {log:q}"


if simulated:

    recordings = (
        files_below(
            settings.dataset.simulation.recordings, key="dataset.simulation.recordings"
        )
        if settings.dataset.simulation.recordings
        else []
    )

    rule simulate_raw:
        input:
            dataset=rules.describe_dataset.output,
            recordings=recordings,
        output:
            manifest="results/raw/batches/{batch}.csv",
        log:
            "results/logs/simulate_raw/{batch}.log",
        benchmark:
            "results/benchmarks/simulate_raw/{batch}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1500,
            runtime=60,
        params:
            code=code("simulate_raw"),
            contents=contents(recordings),
            sequences=sequences_of_batch,
            seed=settings.dataset.simulation.seed,
            kinds=settings.dataset.simulation.scenario_kinds,
            microphones=settings.dataset.microphones_recorded,
            recordings=(
                ["--recordings", settings.dataset.simulation.recordings]
                if settings.dataset.simulation.recordings
                else []
            ),
            raw=parent("manifest", 2),
        message:
            "Simulating batch {wildcards.batch} of the raw data"
        shell:
            "avdistill simulate-raw --dataset {input.dataset:q} --sequences {params.sequences:q}"
            " --seed {params.seed} --scenario-kinds {params.kinds}"
            " --microphones {params.microphones} {params.recordings:q}"
            " --raw {params.raw:q} --manifest {output.manifest:q} 2>&1 | tee {log:q}"

    rule merge_raw:
        input:
            manifests=expand(rules.simulate_raw.output.manifest, batch=batches),
        output:
            "results/raw/manifest.csv",
        log:
            "results/logs/merge_raw.log",
        benchmark:
            "results/benchmarks/merge_raw.tsv"
        localrule: True
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("merge_manifests"),
        message:
            "Listing the raw data"
        shell:
            "avdistill merge-manifests --inputs {input.manifests:q} --output {output:q}"
            " 2>&1 | tee {log:q}"


if settings.dataset.source == "archive":

    rule unpack_raw:
        input:
            RECORDS_BEGAN,
        output:
            manifest="results/raw/unpacked.csv",
        log:
            "results/logs/unpack_raw.log",
        benchmark:
            "results/benchmarks/unpack_raw.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=720,
        params:
            code=code("unpack_raw"),
            address=settings.dataset.archive.address,
            size=settings.dataset.archive.size,
            sha256=settings.dataset.archive.sha256,
            max_bytes=settings.dataset.archive.max_bytes,
            max_files=settings.dataset.archive.max_files,
            trees=list(settings.dataset.trees),
            raw=parent("manifest"),
        message:
            "Unpacking the raw data"
        shell:
            "avdistill unpack-raw --archive {params.address:q} --size {params.size}"
            " --sha256 {params.sha256} --max-bytes {params.max_bytes}"
            " --max-files {params.max_files} --trees {params.trees} --raw {params.raw:q}"
            " --manifest {output.manifest:q} 2>&1 | tee {log:q}"


if not simulated:

    rule check_raw:
        input:
            dataset=rules.describe_dataset.output,
            unpacked=(
                rules.unpack_raw.output if settings.dataset.source == "archive" else []
            ),
        output:
            manifest="results/raw/batches/{batch}.csv",
            problems="results/raw/problems/{batch}.csv",
        log:
            "results/logs/check_raw/{batch}.log",
        benchmark:
            "results/benchmarks/check_raw/{batch}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=60,
        params:
            code=code("check_raw"),
            sequences=sequences_of_batch,
            modalities=settings.dataset.modalities,
            trees=tree_options,
        message:
            "Checking batch {wildcards.batch} of the raw data"
        shell:
            "avdistill check-raw --dataset {input.dataset:q} {params.trees:q}"
            " --sequences {params.sequences:q} --modalities {params.modalities}"
            " --manifest {output.manifest:q} --problems {output.problems:q} 2>&1 | tee {log:q}"

    rule report_raw:
        input:
            manifests=expand(rules.check_raw.output.manifest, batch=batches),
            problems=expand(rules.check_raw.output.problems, batch=batches),
        output:
            manifest="results/raw/manifest.csv",
            checked=touch("results/raw/checked"),
        log:
            "results/logs/report_raw.log",
        benchmark:
            "results/benchmarks/report_raw.tsv"
        localrule: True
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("report_raw"),
            # Not an output: it must remain if broken sequences make this rule fail.
            report="results/raw/check.md",
        message:
            "Reporting on the raw data"
        shell:
            "avdistill report-raw --manifests {input.manifests:q} --problems {input.problems:q}"
            " --manifest {output.manifest:q} --report {params.report:q} 2>&1 | tee {log:q}"
