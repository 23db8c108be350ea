# Features of video frames: what the frozen backbone sees, computed once for every vision teacher.


rule vision:
    input:
        sorted(
            {
                f"results/vision/{backbone_of(network, scope)}/manifest.csv"
                for network in SEEING
                if network in settings.teachers
                for scope in settings.scopes_of(network)
            }
        ),


rule prepare_backbone:
    input:
        weights=files_of_weights(settings.vision.file),
        data=data_of_backbone,
        code=code("prepare_backbone"),
    output:
        model="results/vision/{backbone}/backbone.keras",
        card="results/vision/{backbone}/backbone.json",
    log:
        "results/logs/prepare_backbone/{backbone}.log",
    benchmark:
        "results/benchmarks/prepare_backbone/{backbone}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: threads_of_tensorflow
    resources:
        # More at every attempt here, not in a cluster's profile: what it needs depends on its kind.
        mem_mb=lambda wildcards, attempt: (
            memory_of_backbone(wildcards) * 2 ** (attempt - 1)
        ),
        runtime=lambda wildcards, attempt: (
            (10080 if trains_over_time(wildcards) else 240) * attempt
        ),
        gpu=lambda wildcards: gpus_of[gpu_use_of_backbone(wildcards)],
        tensorboard=int(settings.training.tensorboard),
    params:
        name=lambda wildcards: wildcards.backbone.split("50")[0] + "50",
        weights=vision_options,
        training=options_of_backbone,
        watching=lambda wildcards, resources: (
            watching_options("vision/{backbone}")(wildcards, resources)
            if trains_over_time(wildcards)
            else []
        ),
        frames_per_second=settings.vision.frames_per_second,
        gpu_options=lambda wildcards: gpu_options(gpu_use_of_backbone(wildcards)),
        tensorflow_threads=threads_of_tensorflow,
        folder=parent("model"),
    message:
        "Preparing the backbone {wildcards.backbone}"
    shell:
        "avdistill prepare-backbone --name {params.name} {params.weights:q}"
        " {params.training:q} {params.watching:q}"
        " --frames-per-second {params.frames_per_second} {params.gpu_options}"
        " --tensorflow-threads {params.tensorflow_threads} --output {params.folder:q}"
        " 2>&1 | tee {log:q}"


rule compute_features:
    input:
        dataset=rules.describe_dataset.output,
        records_manifest=rules.convert_records.output.manifest,
        backbone=rules.prepare_backbone.output,
        code=code("compute_features"),
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
        gpu=gpus_of["seeing"],
    params:
        sequences=sequences_of_batch,
        gpu_options=gpu_options("seeing"),
        tensorflow_threads=threads_of_tensorflow,
        records=parent("records_manifest", 2),
        backbone=parent("manifest", 2),
    message:
        "Computing features of frames by {wildcards.backbone}, batch {wildcards.batch}"
    shell:
        "avdistill compute-features --backbone {params.backbone:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.records_manifest:q}"
        " --sequences {params.sequences:q} {params.gpu_options}"
        " --tensorflow-threads {params.tensorflow_threads}"
        " --output {output.manifest:q} 2>&1 | tee {log:q}"


rule merge_features:
    input:
        batches=lambda wildcards: expand(
            rules.compute_features.output.manifest,
            batch=batches,
            backbone=wildcards.backbone,
        ),
        code=code("merge_manifests"),
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
    message:
        "Merging the manifests of the features of {wildcards.backbone}"
    shell:
        "avdistill merge-manifests --inputs {input.batches:q} --output {output:q}"
        " 2>&1 | tee {log:q}"
