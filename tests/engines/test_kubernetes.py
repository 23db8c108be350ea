"""The profile for Kubernetes, as far as it can be checked without a cluster.

A stand-in answers for Kubernetes' API server, and runs a job's command where a node would. Nothing
here shows what a real server admits, nor how its nodes mount, limit and end a pod.
"""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from kubernetes import client

PROJECT = Path(__file__).parents[2]
PROFILE = "workflow/profiles/kubernetes"
KILLED = {"reason": "OOMKilled", "exitCode": 137}

pytestmark = [pytest.mark.engine]


def assert_fields_are_real(manifest: dict) -> None:
    """Compare a manifest with what Kubernetes' own client makes of it: it drops unknown fields."""
    kind = f"V1{manifest['kind']}"
    api = client.ApiClient()
    known = api.deserialize(SimpleNamespace(data=json.dumps(manifest)), kind)
    assert api.sanitize_for_serialization(known) == manifest


class StandIn:
    """Answers for Kubernetes' API server, on loopback; its node is this machine.

    Jobs whose names begin with `held` wait for ever; the first of `killed` is killed at once.
    """

    def __init__(self, home: Path):
        self.home = home
        self.jobs, self.processes, self.deleted = {}, {}, []
        self.held, self.killed = "never", "never"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, found: dict | None) -> None:
                body = json.dumps(found or {"kind": "Status", "code": 404}).encode()
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                job = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                assert self.path == "/apis/batch/v1/namespaces/default/jobs"
                self.answer(outer.create(job))

            def do_GET(self):
                name = re.split("/|=|%3D", self.path)[-1]
                self.answer(outer.pods(name) if "/pods?" in self.path else outer.look_at(name))

            def do_DELETE(self):
                self.answer(outer.delete(self.path.split("?")[0].split("/")[-1]))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def create(self, job: dict) -> dict:
        assert_fields_are_real(job)
        name = f"{job['metadata']['generateName']}{len(self.jobs):05d}"
        job["metadata"]["name"] = name
        if name.startswith(self.killed):
            self.killed = "never"
            self.processes[name] = subprocess.Popen(["sh", "-c", "kill -KILL $$"])
        elif not name.startswith(self.held):
            self.start(name, job)
        self.jobs[name] = job
        return job

    def start(self, name: str, job: dict) -> None:
        (container,) = job["spec"]["template"]["spec"]["containers"]
        with (self.home / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                container["command"],
                cwd=container["workingDir"],
                env={"PATH": "/usr/bin:/bin", "HOME": str(self.home)},  # none of the submitter's
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def look_at(self, name: str) -> dict | None:
        if name not in self.jobs or name in self.deleted:
            return None
        process = self.processes.get(name)
        ended = None if process is None else process.poll()
        condition = {"type": "Complete" if ended == 0 else "Failed", "status": "True"}
        return {**self.jobs[name], "status": {"conditions": [] if ended is None else [condition]}}

    def pods(self, name: str) -> dict:
        job = self.jobs[name]["spec"]["template"]["spec"]["containers"][0]
        state = {"terminated": KILLED}
        container = {"name": "job", "image": job["image"], "imageID": "", "ready": False,
                     "restartCount": 0, "state": state}  # fmt: skip
        pod = {"metadata": {}, "status": {"containerStatuses": [container]}}
        return {"kind": "PodList", "apiVersion": "v1", "items": [pod]}

    def delete(self, name: str) -> dict | None:
        if name not in self.jobs:
            return None
        self.deleted.append(name)
        return {"kind": "Status", "apiVersion": "v1", "status": "Success"}

    def named(self, prefix: str, seconds: float = 180) -> list[str]:
        """Wait until there are jobs of a rule or group; return their names."""
        until = time.monotonic() + seconds
        while not (found := [name for name in self.jobs if name.startswith(prefix)]):
            assert time.monotonic() < until, f"no {prefix} within {seconds} s: {list(self.jobs)}"
            time.sleep(0.1)
        return found

    def memory(self, name: str) -> str:
        (container,) = self.jobs[name]["spec"]["template"]["spec"]["containers"]
        return container["resources"]["limits"]["memory"]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def kubeconfig(file: Path, port: int) -> dict[str, str]:
    """Write what kubectl would read for a server on loopback; return the environment."""
    server = {"name": "here", "cluster": {"server": f"http://127.0.0.1:{port}"}}
    context = {"name": "here", "context": {"cluster": "here", "user": "me"}}
    whole = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [server],
        "contexts": [context],
        "users": [{"name": "me", "user": {"token": "none"}}],
        "current-context": "here",
    }
    file.write_text(yaml.safe_dump(whole))
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "KUBECONFIG": str(file)}


@pytest.fixture
def stand_in(tmp_path):
    """Run a stand-in for the server."""
    home = tmp_path / "node"
    home.mkdir()
    server = StandIn(home)
    server.environment = kubeconfig(tmp_path / "kubeconfig", server.server.server_port)
    yield server
    server.stop()


@pytest.fixture
def shared(fresh):
    """Make a fresh copy of the project in a folder that pods are told to mount."""
    job = fresh / f"{PROFILE}/job.yaml"
    text, found = re.subn(r"mountPath: /shared", f"mountPath: {fresh.folder}", job.read_text())
    assert found == 1
    job.write_text(text)
    return fresh


def check_every(workspace, seconds: int) -> None:
    """Set how often jobs are looked at, as a user would."""
    profile = workspace / f"{PROFILE}/config.yaml"
    text, found = re.subn(r"(status-checks): 20", rf"\1: {seconds}", profile.read_text())
    assert found == 1
    profile.write_text(text)


def start(workspace, stand_in: StandIn, log: Path, *options: str) -> subprocess.Popen:
    """Start Snakemake with the profile, up to the training spectrograms' statistics."""
    command = [sys.executable, "-m", "snakemake", "--profile", PROFILE]
    command += ["--configfile", "config/micro.yaml", *options, "--", "splits"]
    with log.open("w") as file:
        return subprocess.Popen(
            command,
            cwd=workspace.folder,
            env=stand_in.environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )


def wait_for_words(log: Path, words: str, times: int = 1, seconds: float = 180) -> None:
    """Wait until a log says something so many times."""
    until = time.monotonic() + seconds
    while log.read_text().count(words) < times:
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


@pytest.mark.workflow
def test_jobs_run_by_a_stand_in_for_kubernetes_give_the_local_bytes_whatever_happens(
    shared, stand_in, tmp_path
):
    """A job over its memory is submitted again, with more; so is one whose submitter was killed."""
    shared.snakemake("--cores", "2", "--", "splits")
    local = shared.digests()
    for folder in ("results", ".snakemake"):
        shutil.rmtree(shared / folder)

    check_every(shared, 1)
    stand_in.killed, stand_in.held = "avdistill-batches-", "avdistill-compute-statistics-"
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    run = start(shared, stand_in, first)
    (waiting,) = stand_in.named("avdistill-compute-statistics-")
    wait_for_words(first, f"external jobid '{waiting}'")
    run.kill()
    run.wait()
    batches = stand_in.named("avdistill-batches-")
    assert len(batches) == 3  # two, and one again
    assert [stand_in.memory(name) for name in batches] == ["2000Mi", "2000Mi", "4000Mi"]
    assert "OOMKilled, exit status 137" in first.read_text()

    jobs("cancel", waiting, "avdistill-unknown", cwd=shared.folder, env=stand_in.environment)
    assert stand_in.deleted == [waiting]
    stand_in.held = "never"
    unlock = start(shared, stand_in, tmp_path / "unlock.txt", "--unlock")
    assert unlock.wait() == 0
    run = start(shared, stand_in, second)
    assert run.wait() == 0, second.read_text()
    assert len(stand_in.named("avdistill-compute-statistics-")) == 2

    assert any(name.startswith("results/statistics/") for name in local)
    assert shared.digests() == local


@pytest.mark.workflow
def test_ctrl_c_cancels_the_jobs_of_a_stand_in_for_kubernetes(shared, stand_in, tmp_path):
    stand_in.held = "avdistill-"
    log = tmp_path / "log.txt"
    run = start(shared, stand_in, log)
    wait_for_words(log, "with external jobid", times=2)
    run.send_signal(signal.SIGINT)
    assert run.wait() != 0
    until = time.monotonic() + 20
    while set(stand_in.deleted) != set(stand_in.jobs):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


def jobs(verb: str, *arguments: str, cwd: Path, env: dict) -> subprocess.CompletedProcess:
    command = [sys.executable, PROJECT / PROFILE / "jobs.py", verb, *arguments]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


NEEDS = ["--cores", "2", "--mebibytes", "4000", "--minutes", "60", "--gpus", "1"]


def test_a_folder_that_pods_do_not_mount_is_said_before_anything_is_submitted(stand_in, tmp_path):
    done = jobs("submit", *NEEDS, "snakejob.train.1.sh", cwd=tmp_path, env=stand_in.environment)
    assert done.returncode != 0
    assert f"job.yaml: no volume is mounted at or above {tmp_path}" in done.stderr
    assert not stand_in.jobs


def test_no_server_is_one_line_when_submitting_and_no_end_of_a_job_that_runs(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))  # and does not listen: refuses, and nobody else can take it
        port = probe.getsockname()[1]
        nowhere = kubeconfig(tmp_path / "kubeconfig", port)
        done = jobs("cancel", "avdistill-1", cwd=tmp_path, env=nowhere)
        assert done.returncode != 0
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"Kubernetes: http://127.0.0.1:{port} does not answer")
        done = jobs("status", "avdistill-1", cwd=tmp_path, env=nowhere)
        assert (done.returncode, done.stdout) == (0, "running\n")
        assert "asking again" in done.stderr


def test_a_job_that_was_deleted_has_failed(stand_in, tmp_path):
    done = jobs("status", "avdistill-1", cwd=tmp_path, env=stand_in.environment)
    assert done.stdout == "failed\n"
    assert "was deleted" in done.stderr


def test_the_workspace_has_real_fields_and_what_jobs_expect():
    text = (PROJECT / PROFILE / "workspace.yaml").read_text()
    workspace = {manifest["kind"]: manifest for manifest in yaml.safe_load_all(text)}
    for manifest in workspace.values():
        assert_fields_are_real(manifest)
    pod = workspace["Pod"]["spec"]
    job = yaml.safe_load((PROJECT / PROFILE / "job.yaml").read_text())["spec"]["template"]["spec"]
    assert job["volumes"] == pod["volumes"]
    for key in ("image", "volumeMounts"):
        assert job["containers"][0][key] == pod["containers"][0][key]
    claim = workspace["PersistentVolumeClaim"]["metadata"]["name"]
    assert job["volumes"][0]["persistentVolumeClaim"]["claimName"] == claim


def test_a_gpu_is_a_limit_and_memory_and_time_bound_the_pod(stand_in, shared):
    command = [
        sys.executable,
        f"{PROFILE}/jobs.py",
        "submit",
        *NEEDS,
        "snakejob.train_teacher.7.sh",
    ]
    stand_in.held = "avdistill-"
    done = subprocess.run(
        command,
        cwd=shared.folder,
        env=stand_in.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "avdistill-train-teacher-00000\n"
    pod = stand_in.jobs[done.stdout.strip()]["spec"]["template"]["spec"]
    assert pod["activeDeadlineSeconds"] == 3600
    assert pod["containers"][0]["resources"] == {
        "requests": {"cpu": "2", "memory": "4000Mi"},
        "limits": {"memory": "4000Mi", "nvidia.com/gpu": "1"},
    }
