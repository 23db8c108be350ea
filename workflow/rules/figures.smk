# Figures, each as PNG (which the report shows) and as SVG beside it.


rule figures:
    input:
        (
            "results/figures/overlay.png"
            if {"acoustic", "video"} <= set(settings.dataset.modalities)
            else []
        ),
        "results/figures/spectrograms.png"
        if "audio" in settings.dataset.modalities
        else [],
        supplement_figures(),
        every_teacher(f"results/figures/{teacher_figure}/confusion_counts.png"),
        every_student(f"results/figures/{student_figure}/confusion_counts.png"),
        every_teacher(f"results/figures/{teacher_figure}/learning_curves.png"),
        every_student(f"results/figures/{student_figure}/learning_curves.png"),
        every_student(
            f"results/figures/{student_figure}/grid.png", scopes=searched_scopes
        ),


rule draw_confusion:
    input:
        predictions="results/{role}/predictions.parquet",
        card="results/{role}/model.json",
        code=code("draw_confusion"),
    output:
        counts=report(
            "results/figures/{role}/confusion_counts.png",
            caption="../report/confusion.rst",
            category="Confusion",
            labels=lambda wildcards: labels_of(wildcards.role, figure="counts"),
        ),
        normalised=report(
            "results/figures/{role}/confusion_normalised.png",
            caption="../report/confusion.rst",
            category="Confusion",
            labels=lambda wildcards: labels_of(
                wildcards.role, figure="row-normalised"
            ),
        ),
        counts_vector="results/figures/{role}/confusion_counts.svg",
        normalised_vector="results/figures/{role}/confusion_normalised.svg",
    log:
        "results/logs/draw_confusion/{role}.log",
    benchmark:
        "results/benchmarks/draw_confusion/{role}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "Drawing the confusion matrices of {wildcards.role}"
    shell:
        "avdistill draw-confusion --predictions {input.predictions:q} --card {input.card:q}"
        " --counts {output.counts:q} --normalised {output.normalised:q} 2>&1 | tee {log:q}"


rule draw_learning_curves:
    input:
        history="results/{role}/history.csv",
        card="results/{role}/model.json",
        code=code("draw_learning_curves"),
    output:
        picture=report(
            "results/figures/{role}/learning_curves.png",
            caption="../report/learning_curves.rst",
            category="Learning",
            labels=lambda wildcards: labels_of(wildcards.role),
        ),
        vector="results/figures/{role}/learning_curves.svg",
    log:
        "results/logs/draw_learning_curves/{role}.log",
    benchmark:
        "results/benchmarks/draw_learning_curves/{role}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "Drawing the learning curves of {wildcards.role}"
    shell:
        "avdistill draw-learning-curves --histories {input.history:q} --cards {input.card:q}"
        " --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_grid:
    input:
        grid="results/{role}/grid.csv",
        card="results/{role}/model.json",
        code=code("draw_grid"),
    output:
        picture=report(
            "results/figures/{role}/grid.png",
            caption="../report/grid.rst",
            category="Grid",
            labels=lambda wildcards: labels_of(wildcards.role),
        ),
        vector="results/figures/{role}/grid.svg",
    log:
        "results/logs/draw_grid/{role}.log",
    benchmark:
        "results/benchmarks/draw_grid/{role}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    message:
        "Drawing the grid of {wildcards.role}"
    shell:
        "avdistill draw-grid --grid {input.grid:q} --card {input.card:q}"
        " --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_spectrograms:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        split="results/splits/all.csv",
        code=code("draw_spectrograms"),
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
        seed=settings.evaluation.seed,
        records=parent("manifest"),
    message:
        "Drawing a spectrogram of each action"
    shell:
        "avdistill draw-spectrograms --dataset {input.dataset:q} --records {params.records:q}"
        " --split {input.split:q} --seed {params.seed} --output {output.picture:q}"
        " 2>&1 | tee {log:q}"


rule draw_overlay:
    input:
        dataset=rules.describe_dataset.output,
        manifest="results/raw/manifest.csv",
        code=code("draw_overlay"),
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
        seed=settings.evaluation.seed,
        trees=lambda wildcards, input: tree_options,  # as for records
    message:
        "Laying an acoustic image over its frame"
    shell:
        "avdistill draw-overlay --dataset {input.dataset:q} {params.trees:q}"
        " --sequence auto --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"
