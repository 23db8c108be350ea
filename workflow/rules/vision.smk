# Features of video frames by the frozen backbone, computed once for all teachers that take video.


rule vision:
    input:
        expand("results/vision/{backbone}/manifest.csv", backbone=plan.backbones),


rule prepare_backbone:
    input:
        unpack(lambda wildcards: plan.backbone_inputs(wildcards.backbone)),
        began=RECORDS_BEGAN,
        files=plan.vision_weights(),
    output:
        run="results/vision/{backbone}/run.json",
        model="results/vision/{backbone}/backbone.keras",
        description="results/vision/{backbone}/backbone.json",
    log:
        "results/logs/prepare_backbone/{backbone}.log",
    benchmark:
        "results/benchmarks/prepare_backbone/{backbone}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        # These grow with every attempt here, not in a profile, since they depend on the job.
        mem_mb=lambda wildcards, attempt: (
            memory_of_backbone(wildcards) * 2 ** (attempt - 1)
        ),
        runtime=lambda wildcards, attempt: (
            (10080 if is_trained(wildcards) else 240) * attempt
        ),
        gpu=lambda wildcards: (
            settings.training.gpus if is_trained(wildcards) else gpus_of_features
        ),
    params:
        code=backbone_code("prepare_backbone"),
        settings=lambda wildcards: canonical(plan.backbone_settings(wildcards.backbone)),
        inputs=input_options,
        weights=(
            ["--weights-file", settings.vision.file] if settings.vision.file else []
        ),
        execution=lambda wildcards, input: (
            execution_options("vision/{backbone}", caches=False)(wildcards, input)
            if is_trained(wildcards)
            else []
        ),
        folder=parent("model"),
    message:
        "Preparing the backbone {wildcards.backbone}"
    shell:
        "avdistill prepare-backbone --settings {params.settings:q} {params.inputs:q}"
        " {params.weights:q} {params.execution:q} --output {params.folder:q}"
        " 2>&1 | tee {log:q}"


rule compute_features:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.convert_records.output.manifest,
        model=rules.prepare_backbone.output.model,
        description=rules.prepare_backbone.output.description,
    output:
        manifest="results/vision/{backbone}/batches/{batch}.csv",
    log:
        "results/logs/compute_features/{backbone}-{batch}.log",
    benchmark:
        "results/benchmarks/compute_features/{backbone}-{batch}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        mem_mb=2500,
        runtime=480,
        gpu=gpus_of_features,
    params:
        code=backbone_code("compute_features"),
        sequences=sequences_of_batch,
        gpu_options=["--gpus", gpus_of_features],
        tensorflow_threads=threads_of_tensorflow,
        backbone=parent("manifest", 2),
    message:
        "Computing features of frames by {wildcards.backbone}, batch {wildcards.batch}"
    shell:
        "avdistill compute-features --backbone {params.backbone:q} --dataset {input.dataset:q}"
        " --records {input.records:q} --sequences {params.sequences:q} {params.gpu_options}"
        " --tensorflow-threads {params.tensorflow_threads}"
        " --output {output.manifest:q} 2>&1 | tee {log:q}"


rule merge_features:
    input:
        batches=lambda wildcards: expand(
            rules.compute_features.output.manifest,
            batch=batches,
            backbone=wildcards.backbone,
        ),
    output:
        "results/vision/{backbone}/manifest.csv",
    log:
        "results/logs/merge_features/{backbone}.log",
    benchmark:
        "results/benchmarks/merge_features/{backbone}.tsv"
    localrule: True
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        code=code("merge_manifests"),
    message:
        "Merging the manifests of the features of {wildcards.backbone}"
    shell:
        "avdistill merge-manifests --inputs {input.batches:q} --output {output:q}"
        " 2>&1 | tee {log:q}"
