#!/bin/sh
# Installs the packages that building, running and testing the toolkit needs, on Debian 12 and its relatives.
# Says first what it will install; --dry-run stops there.
set -eu

usage() {
  cat <<'TEXT'
Usage: install-deps.sh [--dry-run] [--build-only] [-h]

Installs the Debian packages the toolkit needs. Uses sudo where it is not run as root.

  --dry-run     say what would be installed, and stop
  --build-only  leave out what only the tests and the quickstart use
  -h, --help    print this help
TEXT
}

# What compiles and links. A CUDA toolkit is not among them: it is not free software, and clusters have their own
# (docs/building-with-cuda.md).
build="g++ cmake ninja-build pkg-config git ccache
  libcli11-dev libsimdjson-dev libicu-dev libcurl4-openssl-dev libgumbo-dev libsqlite3-dev
  zlib1g-dev libzstd-dev libxxhash-dev libcld2-dev libdivsufsort-dev libfaiss-dev libdnnl-dev libopenmpi-dev openmpi-bin
  doctest-dev"
# What tests/run.sh and quickstart.sh run besides: a web server (busybox httpd), archive tools, checkers.
run="busybox python3 zstd gzip jq mandoc shellcheck ca-certificates procps"

dry_run=no
packages="$build $run"
for argument in "$@"; do
  case $argument in
    --dry-run) dry_run=yes ;;
    --build-only) packages=$build ;;
    -h | --help) usage; exit 0 ;;
    *) echo "install-deps.sh: unknown option '$argument'" >&2; usage >&2; exit 2 ;;
  esac
done

if ! command -v apt-get >/dev/null 2>&1; then
  cat <<'TEXT'
This system has no apt-get. Please provide, by your own package manager or modules:
  a C++20 compiler (GCC 12 or newer), CMake 3.25, Ninja, pkg-config, git
  CLI11 2.1, simdjson 3, ICU 72, libcurl 7.88, gumbo-parser 0.10, SQLite 3.40
  zlib, libzstd, xxHash 0.8, doctest 2.4; optional: CLD2, libdivsufsort 2, FAISS 1.7,
  oneDNN 2.6 or newer, Open MPI 4 or another MPI,
  a CUDA toolkit 12.2 or newer with cuBLAS and NCCL (docs/building-with-cuda.md); ccache speeds up rebuilding
  for tests and the quickstart: busybox, python3, zstd, jq, mandoc, shellcheck
TEXT
  [ "$dry_run" = yes ] && exit 0
  exit 1
fi

missing=
for package in $packages; do
  case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null || true) in
    ii*) ;;
    *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then
  echo "install-deps.sh: everything needed is installed"
  exit 0
fi
echo "install-deps.sh: will install:$missing"
[ "$dry_run" = yes ] && exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || {
    echo "install-deps.sh: neither root nor sudo here; ask an administrator for:$missing" >&2
    exit 1
  }
  as_root=sudo
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
echo "install-deps.sh: done"
