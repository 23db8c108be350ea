"""Submit, look at and cancel jobs on Kubernetes, for Snakemake's `cluster-generic` executor.

    python jobs.py submit --cores 2 --mebibytes 4000 --minutes 60 --gpus 0 SCRIPT
    python jobs.py status NAME
    python jobs.py cancel NAME [NAME ...]

A job is made from job.yaml beside this file. The server and rights are those of kubectl, or of the
pod in which this runs.
"""

import argparse
import os
import re
import sys
from pathlib import Path, PurePath

import yaml
from kubernetes import client, config
from kubernetes.client.exceptions import ApiException
from kubernetes.config.config_exception import ConfigException
from urllib3.exceptions import HTTPError

TEMPLATE = Path(__file__).with_name("job.yaml")
SECONDS = 20  # for an answer of the server
NOT_FOUND, TOO_MANY_REQUESTS, SERVER_ERROR = 404, 429, 500


def make_job(
    template: dict,
    folder: str,
    script: str,
    *,
    cores: int,
    mebibytes: int,
    minutes: int,
    gpus: int,
) -> dict:
    """Complete the manifest of a job that runs a shell script in a folder.

    Cores are asked for and may be exceeded; memory and time may not. The time is the pod's, so that
    waiting for a node does not count.

    Raises
    ------
    ValueError : no volume of the template holds the folder.
    """
    pod = template["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    mounted = [mount["mountPath"] for mount in container.get("volumeMounts", [])]
    if not any(PurePath(folder).is_relative_to(path) for path in mounted):
        raise ValueError(
            f"no volume is mounted at or above {folder}, where the workflow runs, but at "
            f"{', '.join(mounted) or 'no path'}; correct mountPath, or run the workflow there"
        )
    # Snakemake calls scripts snakejob.RULE.NUMBER.sh.
    rule = re.sub(r"[^a-z0-9]+", "-", PurePath(script).name.split(".")[1].lower()).strip("-")
    memory = f"{mebibytes}Mi"
    container |= {
        "command": ["/bin/sh", script],
        "workingDir": folder,
        "resources": {
            "requests": {"cpu": str(cores), "memory": memory},
            "limits": {"memory": memory} | ({"nvidia.com/gpu": str(gpus)} if gpus else {}),
        },
    }
    pod["activeDeadlineSeconds"] = 60 * minutes
    template["metadata"]["generateName"] = f"avdistill-{rule[:30]}-"
    return template


def submit(namespace: str, job: dict) -> None:
    """Create a job and print its name."""
    created = client.BatchV1Api().create_namespaced_job(namespace, job, _request_timeout=SECONDS)
    print(created.metadata.name)


def status(namespace: str, name: str) -> None:
    """Print `running`, `success` or `failed`; say on standard error why a job failed.

    A server that does not answer says nothing about the job: it counts as running.
    """
    state = "running"
    try:
        job = client.BatchV1Api().read_namespaced_job(name, namespace, _request_timeout=SECONDS)
        held = {item.type: item for item in job.status.conditions or () if item.status == "True"}
        if "Complete" in held:
            state = "success"
        elif "Failed" in held:
            state = "failed"
            why = [held["Failed"].message or held["Failed"].reason or "failed"]
            tell(name, *why, *pod_ends(namespace, name))
    except ApiException as error:
        if error.status == NOT_FOUND:
            state = "failed"
            tell(name, "was deleted")
        elif error.status == TOO_MANY_REQUESTS or error.status >= SERVER_ERROR:
            tell(name, f"{error.status} {error.reason}", "asking again")
        else:
            raise
    except HTTPError as error:
        tell(name, f"{error}", "asking again")
    print(state)


def tell(name: str, *messages: str) -> None:
    """Say something about a job where Snakemake's user sees it."""
    print(f"{name}: {'; '.join(messages)}", file=sys.stderr)


def pod_ends(namespace: str, name: str) -> list[str]:
    """Return how the containers of a job ended, such as `OOMKilled, exit status 137`."""
    pods = client.CoreV1Api().list_namespaced_pod(
        namespace, label_selector=f"job-name={name}", _request_timeout=SECONDS
    )
    ends = [
        container.state.terminated
        for pod in pods.items
        for container in pod.status.container_statuses or ()
    ]
    reasons = [pod.status.reason for pod in pods.items if pod.status.reason]
    return reasons + [f"{end.reason}, exit status {end.exit_code}" for end in ends if end]


def cancel(namespace: str, names: list[str]) -> None:
    """Delete jobs with their pods; one that is gone already is passed over."""
    for name in names:
        try:
            client.BatchV1Api().delete_namespaced_job(
                name, namespace, propagation_policy="Background", _request_timeout=SECONDS
            )
        except ApiException as error:
            if error.status != NOT_FOUND:
                raise


def main() -> None:
    """Do what the command line says.

    Raises
    ------
    SystemExit : the server is not known, cannot be reached or refuses.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    of_submit = verbs.add_parser("submit")
    for name in ("cores", "mebibytes", "minutes", "gpus"):
        of_submit.add_argument(f"--{name}", type=int, required=True)
    of_submit.add_argument("script")
    verbs.add_parser("status").add_argument("name")
    verbs.add_parser("cancel").add_argument("names", nargs="+")
    arguments = vars(parser.parse_args())
    verb = arguments.pop("verb")

    template = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))
    namespace = template["metadata"].get("namespace", "default")
    try:
        config.load_config()
        if verb == "submit":
            submit(namespace, make_job(template, os.getcwd(), **arguments))
        elif verb == "status":
            status(namespace, **arguments)
        else:
            cancel(namespace, **arguments)
    except ConfigException as error:
        sys.exit(f"Kubernetes: {error}; does `kubectl get jobs` work here?")
    except ValueError as error:
        sys.exit(f"{TEMPLATE}: {error}")
    except ApiException as error:
        sys.exit(f"Kubernetes: {error.status} {error.reason}: {error.body}")
    except HTTPError as error:
        server = client.Configuration.get_default_copy().host
        sys.exit(f"Kubernetes: {server} does not answer: {error}")


if __name__ == "__main__":
    main()
