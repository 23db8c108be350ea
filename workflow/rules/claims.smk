# The paper's claims, each judged by the results of this run.


rule claims:
    input:
        "results/claims/claims.csv",


rule measure_spectrograms:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
    output:
        "results/claims/spectrograms.csv",
    log:
        "results/logs/measure_spectrograms.log",
    benchmark:
        "results/benchmarks/measure_spectrograms.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        code=code("measure_spectrograms"),
    message:
        "Measuring every spectrogram: noise, echoes, low frequencies, periodicity"
    shell:
        "avdistill measure-spectrograms --dataset {input.dataset:q}"
        " --records {input.records:q} --output {output:q}"
        " 2>&1 | tee {log:q}"


rule judge_claims:
    input:
        dataset=rules.describe_dataset.output,
        predictions=results_of(plan.runs, "predictions.parquet"),
        descriptions=results_of(plan.runs, "model.json"),
        measures=(
            rules.measure_spectrograms.output
            if "audio" in settings.dataset.modalities
            else []
        ),
    output:
        table="results/claims/claims.csv",
        page=report(
            "results/claims/claims.html",
            caption="../report/claims.rst",
            category="Claims",
            labels={"table": "what the paper says one should see"},
        ),
    log:
        "results/logs/judge_claims.log",
    benchmark:
        "results/benchmarks/judge_claims.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("judge_claims"),
        measures=lambda wildcards, input: (
            ["--measures", input.measures] if input.measures else []
        ),
        note=["--note", settings.report.note] if settings.report.note else [],
        seed=settings.evaluation.seed,
    message:
        "Judging the paper's claims"
    shell:
        "avdistill judge-claims --dataset {input.dataset:q} --predictions {input.predictions:q}"
        " {params.measures:q} --seed {params.seed} {params.note:q} --table {output.table:q}"
        " --page {output.page:q} 2>&1 | tee {log:q}"
