# k-nearest neighbours on the students' features: across scopes, on ESC-10 and on DCASE 2018.
# One job reads the data once for all students of a network.


rule transfer:
    input:
        transfers_wanted("scopes", settings.transfer.scopes),
        transfers_wanted("esc10", settings.transfer.esc10),
        transfers_wanted("dcase2018", settings.transfer.dcase2018),


rule transfer_scopes:
    input:
        dataset=rules.describe_dataset.output,
        records=rules.merge_records.output,
        splits=expand(rules.split_sequences.output, scope=dataset.scopes),
        models=of_one_network("model.keras"),
        descriptions=of_one_network("model.json"),
    output:
        report(
            "results/transfer/scopes/{network}.csv",
            caption="../report/transfer_scopes.rst",
            category="Transfer",
            subcategory="across scopes",
            labels={"student": "{network}"},
        ),
    log:
        "results/logs/transfer_scopes/{network}.log",
    benchmark:
        "results/benchmarks/transfer_scopes/{network}.tsv"
    wildcard_constraints:
        network=student_network,
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=3000,
        runtime=240,
    params:
        code=network_code("transfer_scopes"),
        neighbours=settings.transfer.neighbours,
        evaluation_seed=settings.evaluation.seed,
        splits=parent("splits"),
        folders=folders_of("models"),
    message:
        "Transferring every {wildcards.network} to the scopes that it was not trained on"
    shell:
        "avdistill transfer-scopes --models {params.folders:q} --dataset {input.dataset:q}"
        " --records {input.records:q}"
        " --splits-folder {params.splits:q} --neighbours {params.neighbours}"
        " --evaluation-seed {params.evaluation_seed} --tensorflow-threads {threads}"
        " --output {output:q} 2>&1 | tee {log:q}"


if settings.transfer.esc10:

    clips_of_esc10 = (
        files_below(settings.transfer.esc10.folder, key="transfer.esc10.folder")
        if settings.transfer.esc10.folder
        else []
    )

    rule fetch_esc10:
        input:
            RECORDS_BEGAN,
            clips=clips_of_esc10,
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
            code=code("fetch_esc10"),
            contents=contents(clips_of_esc10),
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
            models=of_one_network("model.keras"),
            descriptions=of_one_network("model.json"),
        output:
            report(
                "results/transfer/esc10/{network}.csv",
                caption="../report/transfer_esc10.rst",
                category="Transfer",
                subcategory="to ESC-10, real recordings",
                labels={"student": "{network}"},
            ),
        log:
            "results/logs/transfer_esc10/{network}.log",
        benchmark:
            "results/benchmarks/transfer_esc10/{network}.tsv"
        wildcard_constraints:
            network=student_network,
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=2000,
            runtime=120,
        params:
            code=network_code("transfer_esc10"),
            neighbours=settings.transfer.neighbours,
            folders=folders_of("models"),
        message:
            "Transferring every {wildcards.network} to ESC-10"
        shell:
            "avdistill transfer-esc10 --models {params.folders:q} --clips {input.clips:q}"
            " --neighbours {params.neighbours} --tensorflow-threads {threads}"
            " --output {output:q} 2>&1 | tee {log:q}"


if settings.transfer.dcase2018:

    rule fetch_dcase2018:
        input:
            RECORDS_BEGAN,
            lists=lists_of_dcase2018(),
        output:
            "results/transfer/dcase2018/clips.csv",
        log:
            "results/logs/fetch_dcase2018.log",
        benchmark:
            "results/benchmarks/fetch_dcase2018.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1000,
            runtime=240,
        params:
            code=code("fetch_dcase2018"),
            contents=contents(lists_of_dcase2018()),
            source=source_of_dcase2018(),
            validation_seed=settings.transfer.dcase2018.validation_seed,
        message:
            "Finding the clips of DCASE 2018's task 1A"
        shell:
            "avdistill fetch-dcase2018 {params.source:q}"
            " --validation-seed {params.validation_seed} --clips {output:q} 2>&1 | tee {log:q}"

    rule transfer_dcase2018:
        input:
            clips=rules.fetch_dcase2018.output,
            models=of_one_network("model.keras"),
            descriptions=of_one_network("model.json"),
        output:
            report(
                "results/transfer/dcase2018/{network}.csv",
                caption="../report/transfer_dcase2018.rst",
                category="Transfer",
                subcategory="to DCASE 2018, real recordings",
                labels={"student": "{network}"},
            ),
        log:
            "results/logs/transfer_dcase2018/{network}.log",
        benchmark:
            "results/benchmarks/transfer_dcase2018/{network}.tsv"
        wildcard_constraints:
            network=student_network,
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=4000,
            runtime=480,
        params:
            code=network_code("transfer_dcase2018"),
            neighbours=settings.transfer.neighbours,
            evaluation_seed=settings.evaluation.seed,
            folders=folders_of("models"),
        message:
            "Transferring every {wildcards.network} to DCASE 2018's acoustic scenes"
        shell:
            "avdistill transfer-dcase2018 --models {params.folders:q} --clips {input.clips:q}"
            " --neighbours {params.neighbours} --evaluation-seed {params.evaluation_seed}"
            " --tensorflow-threads {threads} --output {output:q}"
            " 2>&1 | tee {log:q}"
