# The supplement's figures 1 to 13, each as PNG and as SVG beside it.


rule draw_scenes:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
    output:
        picture=report(
            "results/figures/paper/figure01.png",
            caption="../report/figure_scenes.rst",
            category="Figures of the supplement",
            labels={"figure": "1", "shows": "three actions in every scenario"},
        ),
        vector="results/figures/paper/figure01.svg",
    log:
        "results/logs/draw_scenes.log",
    benchmark:
        "results/benchmarks/draw_scenes.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_scenes"),
        seed=settings.evaluation.seed,
    message:
        "Drawing figure 1, three actions in every scenario"
    shell:
        "avdistill draw-scenes --dataset {input.dataset:q} --records {input.records:q}"
        " --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_similar_actions:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
    output:
        picture=report(
            "results/figures/paper/figure02.png",
            caption="../report/figure_similar_actions.rst",
            category="Figures of the supplement",
            labels={
                "figure": "2",
                "shows": "actions that look alike, and their sound",
            },
        ),
        vector="results/figures/paper/figure02.svg",
    log:
        "results/logs/draw_similar_actions.log",
    benchmark:
        "results/benchmarks/draw_similar_actions.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_similar_actions"),
        seed=settings.evaluation.seed,
    message:
        "Drawing figure 2, actions that look alike"
    shell:
        "avdistill draw-similar-actions --dataset {input.dataset:q} --records {input.records:q}"
        " --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_knocking:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
    output:
        picture=report(
            "results/figures/paper/figure03.png",
            caption="../report/figure_knocking.rst",
            category="Figures of the supplement",
            labels={"figure": "3", "shows": "knocking by three subjects"},
        ),
        vector="results/figures/paper/figure03.svg",
    log:
        "results/logs/draw_knocking.log",
    benchmark:
        "results/benchmarks/draw_knocking.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_knocking"),
        seed=settings.evaluation.seed,
    message:
        "Drawing figure 3, knocking by three subjects"
    shell:
        "avdistill draw-knocking --dataset {input.dataset:q} --records {input.records:q}"
        " --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"


rule draw_actions_by_scenario:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
    output:
        picture=report(
            "results/figures/paper/figure04.png",
            caption="../report/figure_actions_by_scenario.rst",
            category="Figures of the supplement",
            labels={
                "figure": "4",
                "shows": "what three actions sound like in every scenario",
            },
        ),
        vector="results/figures/paper/figure04.svg",
    log:
        "results/logs/draw_actions_by_scenario.log",
    benchmark:
        "results/benchmarks/draw_actions_by_scenario.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("draw_actions_by_scenario"),
        seed=settings.evaluation.seed,
    message:
        "Drawing figure 4, three actions as they sound in every scenario"
    shell:
        "avdistill draw-actions-by-scenario --dataset {input.dataset:q} --records {input.records:q}"
        " --seed {params.seed} --output {output.picture:q} 2>&1 | tee {log:q}"


# Figures 5 to 13, `draw_figure_05` and so on: those whose network is trained.
for figure in confusion_figures(settings):

    rule:
        name:
            f"draw_figure_{figure.number:02d}"
        input:
            predictions=shown_run(figure).file("predictions.parquet"),
            description=shown_run(figure).file("model.json"),
        output:
            picture=report(
                f"results/figures/paper/figure{figure.number:02d}.png",
                caption="../report/figure_confusion.rst",
                category="Figures of the supplement",
                labels={
                    "figure": str(figure.number),
                    "shows": f"confusion matrix of {shown_network(figure)}",
                },
            ),
            vector=f"results/figures/paper/figure{figure.number:02d}.svg",
        log:
            f"results/logs/draw_figure_{figure.number:02d}.log",
        benchmark:
            f"results/benchmarks/draw_figure_{figure.number:02d}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("draw_confusion"),
        message:
            f"Drawing figure {figure.number}, the confusion matrix of {shown_network(figure)}"
        shell:
            "avdistill draw-confusion --predictions {input.predictions:q}"
            " --description {input.description:q} --normalised {output.picture:q} 2>&1 | tee {log:q}"
