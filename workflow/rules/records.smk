# TFRecords: one file per second of data, all modalities together.


rule records:
    input:
        "results/records/manifest.csv",


rule convert_records:
    input:
        dataset=rules.describe_dataset.output,
        raw_manifest="results/raw/batches/{batch}.csv",
        # Real data are converted only after all of them have been checked. This empty file stands
        # for the manifest, which Snakemake would read for its checksum in each of these jobs.
        checked=[] if simulated else ancient(rules.report_raw.output.checked),
    output:
        manifest="results/records/batches/{batch}.csv",
    log:
        "results/logs/convert_records/{batch}.log",
    benchmark:
        "results/benchmarks/convert_records/{batch}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        code=code("convert_records"),
        sequences=sequences_of_batch,
        modalities=settings.dataset.modalities,
        microphones=settings.dataset.microphones,
        left_out=(
            ["--leave-out-microphones", *settings.dataset.microphones_left_out]
            if settings.dataset.microphones_left_out
            else []
        ),
        # Not compared, since it takes `input`: the manifest says what the folders contain.
        trees=lambda wildcards, input: tree_options,
        records=parent("manifest", 2),
    message:
        "Converting batch {wildcards.batch} to TFRecords"
    shell:
        "avdistill convert-records --dataset {input.dataset:q} {params.trees:q}"
        " --raw-manifest {input.raw_manifest:q} --sequences {params.sequences:q}"
        " --modalities {params.modalities} --microphones {params.microphones} {params.left_out}"
        " --records {params.records:q} --manifest {output.manifest:q} 2>&1 | tee {log:q}"


rule merge_records:
    input:
        manifests=expand(rules.convert_records.output.manifest, batch=batches),
    output:
        "results/records/manifest.csv",
    log:
        "results/logs/merge_records.log",
    benchmark:
        "results/benchmarks/merge_records.tsv"
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
        "Listing the records"
    shell:
        "avdistill merge-manifests --inputs {input.manifests:q} --output {output:q}"
        " 2>&1 | tee {log:q}"
