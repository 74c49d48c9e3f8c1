#!/usr/bin/env python3
"""Prints the commands that a page shows, for a test to run them.

    extract_examples.py docs/man/gpt-x.1     the .EX/.EE and .nf/.fi blocks of the EXAMPLES section
    extract_examples.py README.md HEADING    the ```sh blocks below that heading
    extract_examples.py docs/x.md            all its ```sh blocks
"""
import re
import sys

ROFF_ESCAPES = [("\\-", "-"), ("\\e", "\\"), ("\\(aq", "'"), ("\\(dq", '"'), ("\\(ti", "~"), ("\\(ha", "^"), ("\\&", ""), ("\\\\", "\\")]


def man_blocks(lines):
    in_examples = in_block = False
    for line in lines:
        if line.startswith(".SH"):
            in_examples = "EXAMPLES" in line
        elif in_examples and line.split()[:1] in (["\x2eEX"], ["\x2enf"]):
            in_block = True
        elif in_block and line.split()[:1] in (["\x2eEE"], ["\x2efi"]):
            in_block = False
        elif in_block and not line.startswith("."):
            for escape, plain in ROFF_ESCAPES:
                line = line.replace(escape, plain)
            yield line


def markdown_blocks(lines, heading):
    below, in_block = heading is None, False
    for line in lines:
        if heading and re.match(r"#+ ", line) and not in_block:
            below = line.lstrip("# ") == heading
        elif line.startswith("```"):
            in_block = below and line == "```sh"
        elif in_block:
            yield line


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as page:
        lines = page.read().splitlines()
    commands = man_blocks(lines) if path.endswith(".1") else markdown_blocks(lines, sys.argv[2] if len(sys.argv) > 2 else None)
    print("\n".join(commands))


if __name__ == "__main__":
    main()
