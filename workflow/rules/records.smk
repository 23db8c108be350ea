# TFRecords: one file per second of data, all modalities together.


rule records:
    input:
        "results/records/manifest.csv",


rule convert_records:
    input:
        dataset=rules.describe_dataset.output,
        raw_manifest="results/raw/batches/{batch}.csv",
        # Nothing is converted before real data have passed their check as a whole. Not the manifest
        # itself: every batch would read it for its checksum, which takes batches squared.
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
        # The manifest says what lies there: its input makes Snakemake pass over the place.
        trees=lambda wildcards, input: tree_options,
        records=parent("manifest", 2),
    message:
        "Converting batch {wildcards.batch} to TFRecords"
    shell:
        "avdistill convert-records --dataset {input.dataset:q} {params.trees:q}"
        " --raw-manifest {input.raw_manifest:q} --sequences {params.sequences:q}"
        " --modalities {params.modalities} --microphones {params.microphones}"
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
