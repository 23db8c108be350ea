"""A Slurm cluster of virtual nodes on this machine, for tests: on loopback only, in one folder.

It needs root, has its own munge key and ports, and touches no other Slurm on the machine: only what
is started with its `bin` first on PATH talks to it. There is no accounting and there are no
cgroups: memory is measured every second, and a job that has more than it asked for is stopped. The
nodes' cores and memory are only counted, and their GPU is none: they are there to be asked for.

example:
  python tests/engines/slurm.py install              # Debian's packages; nothing else installs
  python tests/engines/slurm.py start /tmp/cluster
  PATH=/tmp/cluster/bin:$PATH sinfo
  python tests/engines/slurm.py kill-node /tmp/cluster n2   # with all that runs on it
  python tests/engines/slurm.py start-node /tmp/cluster n2
  python tests/engines/slurm.py stop /tmp/cluster
"""

import argparse
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

PACKAGES = ("slurm-wlm", "slurmctld", "slurmd", "slurm-client", "munge")
COMMANDS = (
    "sbatch",
    "srun",
    "squeue",
    "scancel",
    "scontrol",
    "sinfo",
    "sacct",
    "sacctmgr",
    "sshare",
)
SERVER_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"

# CommunicationParameters: else it listens on every address. SlurmdTimeout: a dead node is noticed
# after seconds, not minutes. KillWait: a job that is told to stop and does not is killed soon.
CONFIGURATION = """\
ClusterName=virtual
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={port}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/jobs.txt
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=UsePss,OverMemoryKill
SlurmdTimeout=10
KillWait=2
ReturnToService=2
EnforcePartLimits=ALL
GresTypes=gpu
NodeName=n[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{ports}] \
CPUs={cpus} RealMemory={memory} Gres=gpu:1
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def install() -> None:
    """Install Debian's packages."""
    apt = ["apt-get", "--quiet=2"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], check=True)
    subprocess.run(
        [*apt, "install", "--yes", "--no-install-recommends", *PACKAGES],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def free_ports(count: int) -> list[int]:
    """Return ports at which nothing listens, and which the kernel gives to nobody unasked."""
    given = Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    lowest = int(given.split()[0])
    found = []
    with ExitStack() as stack:
        for port in random.sample(range(lowest // 2, lowest), lowest // 2):
            probe = stack.enter_context(socket.socket())
            with suppress(OSError):  # taken
                probe.bind(("127.0.0.1", port))
                found.append(port)
            if len(found) == count:
                return found
    sys.exit(f"fewer than {count} ports below {lowest} are free")


def launch(server: str, *options: str | Path) -> None:
    """Start a server, which goes into the background by itself."""
    program = shutil.which(server, path=SERVER_PATH)
    if program is None:
        sys.exit(f"{server} is not installed: run `python {sys.argv[0]} install`")
    subprocess.run([program, *map(str, options)], check=True, stdin=subprocess.DEVNULL)


def start_controller(folder: Path) -> None:
    """Start the controller, with the jobs that it knew when it was stopped."""
    launch("slurmctld", "-f", folder / "slurm.conf")


def start_node(folder: Path, node: str) -> None:
    """Start a node, new or killed."""
    launch("slurmd", "-f", folder / "slurm.conf", "-N", node)


def start(folder: Path, nodes: int, cpus: int, memory: int) -> None:
    """Write key and configuration, start every server, and wait until the nodes are idle."""
    if os.getuid() != 0:
        sys.exit("Slurm's nodes run jobs in any user's name: only root can start them")
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder}: not empty; stop the cluster there, or name a new folder")
    for name in ("state", "spool", "bin"):
        (folder / name).mkdir(parents=True)
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    port, *ports = free_ports(nodes + 1)
    configuration = folder / "slurm.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            host=socket.gethostname(),
            nodes=nodes,
            ports=",".join(map(str, ports)),
            cpus=cpus,
            memory=memory,
        )
    )
    (folder / "gres.conf").write_text("Name=gpu File=/dev/null\n")
    # Also of the `srun` inside a job, from whose environment Snakemake's executor takes SLURM_CONF.
    for command in COMMANDS:
        wrapper = folder / "bin" / command
        own = shutil.which(command)
        wrapper.write_text(f'#!/bin/sh\nSLURM_CONF={configuration} exec {own} "$@"\n')
        wrapper.chmod(0o755)
    launch("munged", f"--key-file={key}", f"--socket={folder}/munge.socket", "--force",
           f"--pid-file={folder}/munged.pid", f"--log-file={folder}/munged.log",
           f"--seed-file={folder}/munged.seed")  # fmt: skip
    start_controller(folder)
    for number in range(1, nodes + 1):
        start_node(folder, f"n{number}")
    wait_until_idle(folder)


def wait_until_idle(folder: Path, seconds: float = 30) -> None:
    """Wait until every node can take jobs."""
    command = [folder / "bin/sinfo", "--noheader", "--Node", "--format=%T"]
    until = time.monotonic() + seconds
    while True:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if set(answer.stdout.split()) == {"idle"}:
            return
        if time.monotonic() > until:
            sys.exit(f"{folder}: not ready after {seconds} s: {answer.stdout}{answer.stderr}")
        time.sleep(0.1)


def end(folder: Path, name: str, number: int) -> None:
    """Send a signal to a server, munged, slurmctld or a node's, and wait until it is gone."""
    file = folder / f"{name}.pid"
    server = {"munged": "munged", "slurmctld": "slurmctld"}.get(name, "slurmd")
    try:
        process = psutil.Process(int(file.read_text()))
        if process.name() == server:
            process.send_signal(number)
            process.wait(timeout=20)
    except (FileNotFoundError, psutil.NoSuchProcess):
        pass  # it has ended already


def kill_controller(folder: Path) -> None:
    """Do to the controller what a crash does; jobs run on meanwhile."""
    end(folder, "slurmctld", signal.SIGKILL)


def steps_of(folder: Path, node: str) -> list[psutil.Process]:
    """Return Slurm's own processes of the jobs on a node."""
    log = str(folder / f"{node}.log")  # which they all write
    steps = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "slurmstepd" and log in {
                file.path for file in process.open_files()
            }:
                steps.append(process)
        except psutil.NoSuchProcess:
            continue  # ended meanwhile
    return steps


def kill_jobs(folder: Path, node: str) -> None:
    """Kill what runs on a node before any of it can tell the controller of the others' end."""
    steps = steps_of(folder, node)
    for step in steps:
        step.suspend()
    for process in [*steps, *(below for step in steps for below in step.children(recursive=True))]:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def kill_node(folder: Path, node: str) -> None:
    """Do to a node what pulling its plug does."""
    end(folder, node, signal.SIGKILL)
    kill_jobs(folder, node)


def stop(folder: Path) -> None:
    """Stop jobs and servers, and delete the folder."""
    if not (folder / "slurm.conf").is_file():
        sys.exit(f"{folder}: there is no cluster")
    end(folder, "slurmctld", signal.SIGTERM)
    for node in (path.name for path in (folder / "spool").iterdir()):
        kill_node(folder, node)
    end(folder, "munged", signal.SIGTERM)
    shutil.rmtree(folder)


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(required=True)
    verbs.add_parser("install", help="install Debian's packages").set_defaults(run=install)
    for run, text in (
        (start, "start a cluster in a new folder"),
        (stop, "stop it and delete the folder"),
        (kill_controller, "kill the controller"),
        (start_controller, "start it again"),
        (kill_node, "kill a node and the jobs on it"),
        (start_node, "start it again"),
    ):
        verb = verbs.add_parser(run.__name__.replace("_", "-"), help=text)
        verb.add_argument("folder", type=lambda path: Path(path).resolve())
        verb.set_defaults(run=run)
        if run in (kill_node, start_node):
            verb.add_argument("node", help="n1, n2, …")
        if run is start:
            verb.add_argument("--nodes", type=int, default=3)
            verb.add_argument("--cpus", type=int, default=4, help="of each node")
            verb.add_argument("--memory", type=int, default=40000, help="of each node, in MB")
    options = vars(parser.parse_args())
    options.pop("run")(**options)


if __name__ == "__main__":
    main()
