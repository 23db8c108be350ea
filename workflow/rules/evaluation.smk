# One table of accuracy, from every network's own predictions and metrics.


def every_teacher(pattern):
    """Expand a pattern over every teacher that the configuration asks for."""
    return expand(
        pattern,
        scope=settings.scopes,
        network=settings.teachers,
        seed=settings.training.seeds,
    )


rule evaluation:
    input:
        "results/evaluation/accuracy.csv",


rule summarise_accuracy:
    input:
        metrics=[
            *every_teacher(rules.train_teacher.output.metrics),
            *every_student(rules.select_student.output.metrics),
        ],
        code=code("summarise_accuracy"),
    output:
        table="results/evaluation/accuracy.csv",
        page=report(
            "results/evaluation/accuracy.html",
            caption="../report/accuracy.rst",
            category="Accuracy",
            labels={"table": "test accuracy of every network"},
        ),
    log:
        "results/logs/summarise_accuracy.log",
    benchmark:
        "results/benchmarks/summarise_accuracy.tsv"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        note=settings.report.note,
    message:
        "Summarising accuracy"
    shell:
        "avdistill summarise-accuracy --metrics {input.metrics:q} --note {params.note:q}"
        " --table {output.table:q} --page {output.page:q} 2>&1 | tee {log:q}"
