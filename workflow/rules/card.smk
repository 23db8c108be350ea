# The card of a finished run: a description of its models and data for other people who use them.


rule card:
    input:
        "results/card/README.md",
        "results/card/card.json",


# The job reads the commit, which is no parameter: a new commit alone runs nothing again. The
# configuration comes through standard input, since an argument is limited to 128 kB.
rule write_card:
    input:
        dataset=rules.describe_dataset.output,
        raw="results/raw/manifest.csv",
        records=rules.merge_records.output,
        accuracy=rules.summarise_accuracy.output.table,
        models=results_of(plan.runs, "model.keras"),
        cards=results_of(plan.runs, "model.json"),
        citation="CITATION.cff",
    output:
        page="results/card/README.md",
        facts="results/card/card.json",
    log:
        "results/logs/write_card.log",
    benchmark:
        "results/benchmarks/write_card.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=code("write_card"),
        contents=contents(["CITATION.cff"]),
        configuration=settings.canonical(),
        folders=folders_of("models"),
    message:
        "Writing the card of the models and data"
    shell:
        "avdistill write-card --configuration /dev/stdin <<< {params.configuration:q}"
        " --dataset {input.dataset:q} --raw {input.raw:q} --records {input.records:q}"
        " --accuracy {input.accuracy:q} --models {params.folders:q} --citation {input.citation:q}"
        " --page {output.page:q} --facts {output.facts:q} 2>&1 | tee {log:q}"
