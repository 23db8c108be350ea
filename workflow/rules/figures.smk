# Figures, each as PNG (which the report shows) and as SVG beside it.


rule figures:
    input:
        (
            "results/figures/overlay.png"
            if {"acoustic", "video"} <= set(settings.dataset.modalities)
            else []
        ),
        clips(),
        "results/figures/spectrograms.png"
        if "audio" in settings.dataset.modalities
        else [],
        supplement_figures(),
        network_figures(plan.runs, "confusion_counts.png"),
        network_figures(plan.runs, "learning_curves.png"),
        network_figures(plan.searched_students, "grid.png"),


rule draw_confusion:
    input:
        predictions="results/{run}/predictions.parquet",
        description="results/{run}/model.json",
    output:
        counts=report(
            "results/figures/{run}/confusion_counts.png",
            caption="../report/confusion.rst",
            category="Confusion",
            labels=labels_of(figure="counts"),
        ),
        normalised=report(
            "results/figures/{run}/confusion_normalised.png",
            caption="../report/confusion.rst",
            category="Confusion",
            labels=labels_of(figure="row-normalised"),
        ),
        counts_vector="results/figures/{run}/confusion_counts.svg",
        normalised_vector="results/figures/{run}/confusion_normalised.svg",
    log:
        "results/logs/draw_confusion/{run}.log",
    benchmark:
        "results/benchmarks/draw_confusion/{run}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_confusion"),
    message:
        "Drawing the confusion matrices of {wildcards.run}"
    shell:
        "avdistill draw-confusion --predictions {input.predictions:q} --description {input.description:q}"
        " --counts {output.counts:q} --normalised {output.normalised:q} 2>&1 | tee {log:q}"


rule draw_learning_curves:
    input:
        history="results/{run}/history.csv",
        description="results/{run}/model.json",
    output:
        picture=report(
            "results/figures/{run}/learning_curves.png",
            caption="../report/learning_curves.rst",
            category="Learning",
            labels=labels_of(),
        ),
        vector="results/figures/{run}/learning_curves.svg",
    log:
        "results/logs/draw_learning_curves/{run}.log",
    benchmark:
        "results/benchmarks/draw_learning_curves/{run}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_learning_curves"),
    message:
        "Drawing the learning curves of {wildcards.run}"
    shell:
        "avdistill draw-learning-curves --histories {input.history:q} --descriptions {input.description:q}"
        " --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_grid:
    input:
        grid="results/{run}/grid.csv",
        description="results/{run}/model.json",
    output:
        picture=report(
            "results/figures/{run}/grid.png",
            caption="../report/grid.rst",
            category="Grid",
            labels=labels_of(),
        ),
        vector="results/figures/{run}/grid.svg",
    log:
        "results/logs/draw_grid/{run}.log",
    benchmark:
        "results/benchmarks/draw_grid/{run}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_grid"),
    message:
        "Drawing the grid of {wildcards.run}"
    shell:
        "avdistill draw-grid --grid {input.grid:q} --description {input.description:q}"
        " --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_spectrograms:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
        split="results/splits/all.csv",
    output:
        picture=report(
            "results/figures/spectrograms.png",
            caption="../report/spectrograms.rst",
            category="Data",
            labels={"figure": "spectrogram of each action"},
        ),
        vector="results/figures/spectrograms.svg",
    log:
        "results/logs/draw_spectrograms.log",
    benchmark:
        "results/benchmarks/draw_spectrograms.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_spectrograms"),
        seed=settings.evaluation.seed,
    message:
        "Drawing a spectrogram of each action"
    shell:
        "avdistill draw-spectrograms --dataset {input.dataset:q} --records {input.records:q}"
        " --split {input.split:q} --seed {params.seed} --output {output.picture:q}"
        " 2>&1 | tee {log:q}"


rule draw_overlay:
    input:
        dataset=rules.describe_dataset.output,
        manifest="results/raw/manifest.csv",
    output:
        picture=report(
            "results/figures/overlay.png",
            caption="../report/overlay.rst",
            category="Data",
            labels={"figure": "a frame with its acoustic image"},
        ),
        vector="results/figures/overlay.svg",
    log:
        "results/logs/draw_overlay.log",
    benchmark:
        "results/benchmarks/draw_overlay.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_overlay"),
        seed=settings.evaluation.seed,
        trees=lambda wildcards, input: tree_options,  # see convert_records
    message:
        "Laying an acoustic image over its frame"
    shell:
        "avdistill draw-overlay --dataset {input.dataset:q} {params.trees:q}"
        " --sequence auto --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_clip:
    input:
        dataset=rules.describe_dataset.output,
        manifest="results/raw/manifest.csv",
    output:
        "results/figures/clips/scenario{number}.webm",
    log:
        "results/logs/draw_clip/scenario{number}.log",
    benchmark:
        "results/benchmarks/draw_clip/scenario{number}.tsv"
    wildcard_constraints:
        number=r"\d+",
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_clip"),
        seed=settings.evaluation.seed,
        trees=lambda wildcards, input: tree_options,  # see convert_records
    message:
        "Making a clip of scenario {wildcards.number}"
    shell:
        "avdistill draw-clip --dataset {input.dataset:q} {params.trees:q}"
        " --scenario {wildcards.number} --seed {params.seed} --output {output:q} 2>&1 | tee {log:q}"
