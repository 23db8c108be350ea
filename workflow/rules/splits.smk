# Training, validation and test sequences, and statistics of the training spectrograms.


rule splits:
    input:
        expand("results/splits/{scope}.csv", scope=plan.scopes()),
        plan.statistics(),


rule split_sequences:
    input:
        dataset=rules.describe_dataset.output,
    output:
        "results/splits/{scope}.csv",
    log:
        "results/logs/split_sequences/{scope}.log",
    benchmark:
        "results/benchmarks/split_sequences/{scope}.tsv"
    localrule: True
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        code=code("split_sequences"),
        strategy=settings.splits.strategy,
        seed=settings.splits.seed,
    message:
        "Splitting the sequences of scope {wildcards.scope}"
    shell:
        "avdistill split-sequences --dataset {input.dataset:q} --scope {wildcards.scope}"
        " --strategy {params.strategy} --seed {params.seed} --output {output:q}"
        " 2>&1 | tee {log:q}"


rule compute_statistics:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
        split=rules.split_sequences.output,
    output:
        "results/statistics/{scope}.npz",
    log:
        "results/logs/compute_statistics/{scope}.log",
    benchmark:
        "results/benchmarks/compute_statistics/{scope}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        code=code("compute_statistics"),
        crop_seconds=STUDENT_SECONDS,
        noise_bins=settings.spectrograms.noise_bins,
    message:
        "Measuring the spectrograms of scope {wildcards.scope}"
    shell:
        "avdistill compute-statistics --dataset {input.dataset:q} --records {input.records:q}"
        " --split {input.split:q} --crop-seconds {params.crop_seconds}"
        " --noise-bins {params.noise_bins} --output {output:q}"
        " 2>&1 | tee {log:q}"
