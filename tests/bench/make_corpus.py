#!/usr/bin/env python3
"""Makes a corpus for the benchmarks from Debian's documentation: FOLDER/corpus.jsonl and FOLDER/corpus.txt.

usage: make_corpus.py FOLDER [LANGUAGE...]     (default: sv da de fi en-us nl fr es pl cs, 53 MB)

The packages come by apt-get download; a page is a document, its tags stripped, its paragraphs kept as lines.
"""
import html
import json
import pathlib
import re
import subprocess
import sys

DEFAULT = "sv da de fi en-us nl fr es pl cs".split()
BLOCKS = re.compile(r"(?i)</?(p|div|br|li|tr|h[1-6]|td|th|dt|dd|pre|table|ul|ol)\b[^>]*>")
HIDDEN = re.compile(r"(?is)<(script|style|head)\b.*?</\1>")
TAGS = re.compile(r"(?s)<[^>]*>")


def text_of(page):
    page = BLOCKS.sub("\n", HIDDEN.sub(" ", page))
    lines = (" ".join(line.split()) for line in html.unescape(TAGS.sub("", page)).split("\n"))
    return "\n".join(line for line in lines if line)


def pages(folder, packages):
    for package in packages:
        unpacked = folder / package
        if not unpacked.exists():
            subprocess.run(["apt-get", "download", package], cwd=folder, check=True)
            archive = next(folder.glob(package + "_*.deb"))
            subprocess.run(["dpkg-deb", "-x", archive, unpacked], check=True)
        for path in sorted(unpacked.rglob("*.html")):
            yield text_of(path.read_text(encoding="utf-8", errors="replace"))


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    packages = ["libreoffice-help-" + language for language in sys.argv[2:] or DEFAULT]
    documents = size = 0
    with open(folder / "corpus.jsonl", "w") as jsonl, open(folder / "corpus.txt", "w") as lines:
        for text in pages(folder, packages):
            if len(text) < 200:
                continue
            jsonl.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            lines.write(text + "\n")
            documents += 1
            size += len(text.encode())
    print(f"{documents} documents, {size / 1e6:.1f} MB of text in {folder}")


if __name__ == "__main__":
    main()
