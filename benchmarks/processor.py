"""The processor that a benchmark runs on: a figure says little without its name."""

import os
import platform
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")  # Linux


def describe_processor(cpuinfo: Path = CPUINFO) -> str:
    """Name the processor, its widest vector instructions and the number of cores.

    Virtual machines shorten the name, so x86's family and model follow it: AMD's family 25, model
    17 is a Zen 4, for instance.
    """
    cores = f"{os.cpu_count()} cores"
    if not cpuinfo.is_file():
        name = platform.processor() or platform.machine()
        return f"{name}, vector instructions not known, {cores}"
    lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(":") for line in reversed(lines)]  # of the first core, so it comes last
    facts = {key.strip(): value.strip() for key, _, value in pairs}
    name = facts.get("model name", platform.machine())
    if "cpu family" in facts:
        name += f" (family {facts['cpu family']}, model {facts['model']})"
    flags = facts.get("flags", "").split()
    if "avx512f" in flags:
        vectors = "AVX-512"
    else:
        vectors = "AVX2" if "avx2" in flags else "neither AVX-512 nor AVX2"
    return f"{name}, {vectors}, {cores}"


def load_of_machine() -> str:
    """How many processes want a core, averaged over the last minute: near 0 if it is idle."""
    return f"{os.getloadavg()[0]:.1f}"
