# What the rules of a backbone ask for.


def backbone_code(verb):
    """Digest of the code of a command that works on the backbone in the wildcard."""
    return lambda wildcards: code_digest(
        f"commands.{verb}",
        f"networks.{plan.backbone_settings(wildcards.backbone).name}",
    )


def is_trained(wildcards):
    return plan.backbone_settings(wildcards.backbone).temporal_training is not None


def memory_of_backbone(wildcards):
    """MB: training from pixels takes 150 for each second in a batch, which has five frames."""
    return 1500 + 150 * settings.training.batch_size if is_trained(wildcards) else 3000


# Training takes all GPUs of a job; computing features takes one.
gpus_of_features = min(1, settings.training.gpus)
