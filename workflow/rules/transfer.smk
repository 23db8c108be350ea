# k-nearest neighbours on the students' features: across scopes, and on ESC-10.

student_name = "{scope}-{network}-{supervision}-seed{seed}"


rule transfer:
    input:
        (
            every_student(f"results/transfer/scopes/{student_name}.csv")
            if settings.transfer.scopes
            else []
        ),
        (
            every_student(f"results/transfer/esc10/{student_name}.csv")
            if settings.transfer.esc10
            else []
        ),


rule transfer_scopes:
    input:
        dataset=rules.describe_dataset.output,
        manifest=rules.merge_records.output,
        splits=expand(rules.split_sequences.output, scope=dataset.scopes),
        model=rules.select_student.output.model,
        card=rules.select_student.output.card,
        code=network_code("transfer_scopes"),
    output:
        report(
            f"results/transfer/scopes/{student_name}.csv",
            caption="../report/transfer_scopes.rst",
            category="Transfer",
            subcategory="across scopes",
            labels={
                "student": "{network}",
                "supervision": "{supervision}",
                "trained on": "{scope}",
                "seed": "{seed}",
            },
        ),
    log:
        f"results/logs/transfer_scopes/{student_name}.log",
    benchmark:
        f"results/benchmarks/transfer_scopes/{student_name}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=120,
    params:
        targets=lambda wildcards: [
            scope for scope in dataset.scopes if scope != wildcards.scope
        ],
        neighbours=settings.transfer.neighbours,
        splits=parent("splits"),
        records=parent("manifest"),
        folder=parent("model"),
    message:
        "Transferring {wildcards.network} from {wildcards.supervision}, scope {wildcards.scope},"
        " seed {wildcards.seed}, to the other scopes"
    shell:
        "avdistill transfer-scopes --model {params.folder:q} --dataset {input.dataset:q}"
        " --records {params.records:q} --manifest {input.manifest:q}"
        " --splits-folder {params.splits:q} --targets {params.targets}"
        " --neighbours {params.neighbours} --seed {wildcards.seed}"
        " --tensorflow-threads {threads} --output {output:q}"
        " 2>&1 | tee {log:q}"


if settings.transfer.esc10:

    rule fetch_esc10:
        input:
            clips=(
                files_below(settings.transfer.esc10.folder)
                if settings.transfer.esc10.folder
                else []
            ),
            code=code("fetch_esc10"),
        output:
            "results/transfer/esc10/clips.csv",
        log:
            "results/logs/fetch_esc10.log",
        benchmark:
            "results/benchmarks/fetch_esc10.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=120,
        params:
            source=(
                ["--folder", settings.transfer.esc10.folder]
                if settings.transfer.esc10.folder
                else [
                    "--address",
                    settings.transfer.esc10.address,
                    "--size",
                    settings.transfer.esc10.size,
                    "--sha256",
                    settings.transfer.esc10.sha256,
                ]
            ),
            destination="results/transfer/esc10/audio",
        message:
            "Finding ESC-10's clips"
        shell:
            "avdistill fetch-esc10 {params.source:q} --destination {params.destination:q}"
            " --clips {output:q} 2>&1 | tee {log:q}"

    rule transfer_esc10:
        input:
            clips=rules.fetch_esc10.output,
            model=rules.select_student.output.model,
            card=rules.select_student.output.card,
            code=network_code("transfer_esc10"),
        output:
            report(
                f"results/transfer/esc10/{student_name}.csv",
                caption="../report/transfer_esc10.rst",
                category="Transfer",
                subcategory="to ESC-10, real recordings",
                labels={
                    "student": "{network}",
                    "supervision": "{supervision}",
                    "trained on": "{scope}",
                    "seed": "{seed}",
                },
            ),
        log:
            f"results/logs/transfer_esc10/{student_name}.log",
        benchmark:
            f"results/benchmarks/transfer_esc10/{student_name}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=120,
        params:
            neighbours=settings.transfer.neighbours,
            folder=parent("model"),
        message:
            "Transferring {wildcards.network} from {wildcards.supervision},"
            " scope {wildcards.scope}, seed {wildcards.seed}, to ESC-10"
        shell:
            "avdistill transfer-esc10 --model {params.folder:q} --clips {input.clips:q}"
            " --neighbours {params.neighbours} --seed {wildcards.seed}"
            " --tensorflow-threads {threads} --output {output:q}"
            " 2>&1 | tee {log:q}"
