#!/usr/bin/env python3
"""The law of direction, read off the sources: who may include whom.

    check_includes.py SOURCE_TREE

Prints every breach as file:line and exits 1 if there is one. docs/HACKING.md states the law in words.
"""
import re
import sys
from pathlib import Path

# Rooms of libgpt by level: a room may include rooms of lower levels, and itself.
LEVELS = [
    {"tensor", "cost"},
    {"ops", "comm"},
    {"model"},
    {"checkpoint", "schedule", "optim", "data"},
    {"train", "generate"},
]
LEVEL_OF_ROOM = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}

# Tools that run on a login node: no model, no ranks, no GPU. gpt-estimate needs the cost arithmetic alone.
LIBGPT_ROOMS_OF_APP = {
    "gpt-crawl": set(),
    "gpt-clean": set(),
    "gpt-dedup": set(),
    "gpt-bpe-train": set(),
    "gpt-preprocess": set(),
    "gpt-estimate": {"cost"},
    "gpt-train": set(LEVEL_OF_ROOM) - {"generate"},
    "gpt-generate": set(LEVEL_OF_ROOM) - {"train"},
}

# Foreign headers and the folders that may see them.
FOREIGN = [
    (re.compile(r"^(cuda|cublas|cudnn|curand|nvtx|nccl)"), re.compile(r"/cuda/"), "CUDA headers only in folders named cuda/"),
    (re.compile(r"^nccl"), re.compile(r"/comm/cuda/"), "NCCL only in comm/cuda"),
    (re.compile(r"^mpi\.h"), re.compile(r"/comm/mpi/"), "MPI only in comm/mpi"),
    (re.compile(r"^(oneapi/)?dnnl"), re.compile(r"^libgpt/ops/cpu/"), "oneDNN only in libgpt/ops/cpu"),
    (re.compile(r"^CLI/"), re.compile(r"^(apps|libcommon/cli)/"), "command line parsing only in apps and libcommon/cli"),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def breach_of(path, included):
    """Why the file at `path` may not include the project header `included`, or None."""
    source, target = path.split("/"), included.split("/")
    if target[0] not in ("libcommon", "libgpt", "apps"):
        return None
    if source[0] == "libcommon":
        return None if target[0] == "libcommon" else "libcommon includes libcommon only"
    if source[0] == "libgpt":
        if target[0] == "libcommon":
            return None
        if target[0] == "apps":
            return "libgpt never includes an app"
        if source[1] not in LEVEL_OF_ROOM:
            return f"libgpt/{source[1]} has no place in the law of direction yet"
        if source[1] == target[1] or LEVEL_OF_ROOM[target[1]] < LEVEL_OF_ROOM[source[1]]:
            return None
        return f"libgpt/{source[1]} may not include libgpt/{target[1]}"
    if target[0] == "apps":
        return None if target[1] == source[1] else "an app never includes another app"
    if target[0] == "libgpt" and target[1] not in LIBGPT_ROOMS_OF_APP[source[1]]:
        return f"{source[1]} may not include libgpt/{target[1]}"
    return None


def foreign_breach_of(path, included):
    for header, allowed, law in FOREIGN:
        if header.search(included) and not allowed.search(path):
            return law
    return None


def breaches(tree):
    suffixes = {".hpp", ".cpp", ".cu", ".cuh", ".h"}
    for top in ("apps", "libcommon", "libgpt"):
        for file in sorted((tree / top).rglob("*")):
            if file.suffix not in suffixes:
                continue
            path = file.relative_to(tree).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                why = breach_of(path, match[2]) or foreign_breach_of(path, match[2])
                if match[1] == '"' and match[2].startswith("."):
                    why = "includes are written from the repository's root"
                if why:
                    yield f"{path}:{number}: includes {match[2]}: {why}"


def self_check():
    """The law itself is tested: known breaches must be seen, known good includes must pass."""
    assert breach_of("libcommon/io/a.cpp", "libgpt/cost/model_shape.hpp")
    assert breach_of("libgpt/model/a.cpp", "libgpt/train/loop.hpp")
    assert breach_of("libgpt/generate/a.cpp", "libgpt/train/loop.hpp")
    assert breach_of("apps/gpt-clean/a.cpp", "apps/gpt-dedup/b.hpp")
    assert breach_of("apps/gpt-estimate/a.cpp", "libgpt/model/gpt.hpp")
    assert not breach_of("apps/gpt-estimate/a.cpp", "libgpt/cost/model_shape.hpp")
    assert not breach_of("libgpt/train/a.cpp", "libgpt/model/gpt.hpp")
    assert foreign_breach_of("libgpt/model/gpt.cpp", "cuda_runtime.h")
    assert foreign_breach_of("libgpt/comm/self.cpp", "mpi.h")
    assert not foreign_breach_of("libgpt/comm/mpi/communicator.cpp", "mpi.h")


def main():
    self_check()
    found = list(breaches(Path(sys.argv[1])))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
