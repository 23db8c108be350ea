# The supplement's figures, each as PNG and as SVG beside it: `draw_figure_01` and so on.

# Figures 1 to 4, of recordings.
for number, figure in recording_figures.items():

    rule:
        name:
            f"draw_figure_{number:02d}"
        input:
            dataset=rules.describe_dataset.output,
            records=rules.merge_records.output,
        output:
            picture=report(
                f"results/figures/paper/figure{number:02d}.png",
                caption=f"../report/figure_{figure.name}.rst",
                category="Figures of the supplement",
                labels={"figure": str(number), "shows": figure.shows},
            ),
            vector=f"results/figures/paper/figure{number:02d}.svg",
        log:
            f"results/logs/draw_figure_{number:02d}.log",
        benchmark:
            f"results/benchmarks/draw_figure_{number:02d}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("draw_recordings"),
            number=number,
            seed=settings.evaluation.seed,
        message:
            f"Drawing figure {number}, {figure.shows}"
        shell:
            "avdistill draw-recordings --figure {params.number} --dataset {input.dataset:q}"
            " --records {input.records:q} --seed {params.seed} --output {output.picture:q}"
            " 2>&1 | tee {log:q}"


# Figures 5 to 13, confusion matrices, of networks that the configuration trains.
for number, shown in confusion_figures(plan.runs).items():

    rule:
        name:
            f"draw_figure_{number:02d}"
        input:
            predictions=shown.file("predictions.parquet"),
            description=shown.file("model.json"),
        output:
            picture=report(
                f"results/figures/paper/figure{number:02d}.png",
                caption="../report/figure_confusion.rst",
                category="Figures of the supplement",
                labels={
                    "figure": str(number),
                    "shows": f"confusion matrix of {shown_network(shown)}",
                },
            ),
            vector=f"results/figures/paper/figure{number:02d}.svg",
        log:
            f"results/logs/draw_figure_{number:02d}.log",
        benchmark:
            f"results/benchmarks/draw_figure_{number:02d}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            code=code("draw_confusion"),
        message:
            f"Drawing figure {number}, the confusion matrix of {shown_network(shown)}"
        shell:
            "avdistill draw-confusion --predictions {input.predictions:q}"
            " --description {input.description:q} --normalised {output.picture:q} 2>&1 | tee {log:q}"
