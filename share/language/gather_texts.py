#!/usr/bin/env python3
"""Gathers texts of many languages from Debian packages, to train the language model on.

usage: gather_texts.py FOLDER [PACKAGE...]      (default: the packages of packages.txt beside this script)

The packages come by apt-get download into FOLDER/packages; nothing is installed. Read are translated manuals
(HTML, Mallard, DocBook, manual pages), gettext catalogues, MediaWiki's messages, Mozilla's language packs and word
lists. Written are
FOLDER/texts/CLASS.txt, each line once, and FOLDER/words/CLASS.txt; a class is a language of the model, or
"other" for all the rest that is written in Latin letters. A package that the archive lacks is named and left out.
"""
import collections
import concurrent.futures
import gzip
import html
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tarfile
import zipfile

CLASSES = "sv da nb nn fi de en is fo nl fr es it pt pl et se".split()
SAME = {"no": "nb", "nob": "nb", "nno": "nn", "sme": "se", "nds": None, "se": "se", "C": None, "x": None,
        "tlh": None, "eo": "other", "qqq": None}
LARGEST_FILE = 30_000_000
PAGES = (".html", ".xhtml", ".htm", ".page", ".docbook", ".xpi")

BLOCKS = re.compile(r"(?i)</?(p|div|br|li|tr|h[1-6]|td|th|dt|dd|pre|table|ul|ol|para|title|listitem|item|section"
                    r"|term|entry|row|cmd|note|desc)\b[^>]*>")
HIDDEN = re.compile(r"(?is)<(script|style|head|pre|screen|programlisting|code|literal)\b.*?</\1>|<!--.*?-->|<!DOCTYPE.*?\]>")
TAGS = re.compile(r"(?s)<[^>]*>")
FORMATS = re.compile(r"%[-0-9.$l]*[a-zA-Z]|\$\{?[A-Za-z_]+\}?|\{[^}]*\}|\\[nt]|https?://\S+|\S+@\S+|\S*/\S*/\S*|--?[a-zA-Z][\w-]+")
WIKI_MARKS = re.compile(r"\{\{[^{}]*\}\}|'{2,}|^[*#:;=]+|=+$|\[?https?://\S+")
WIKI_LINK = re.compile(r"\[\[(?:[^]|]*\|)?([^]|]*)\]\]")
ROFF = re.compile(r"\\f[A-Z]|\\f\[[^]]*\]|\\[-&|^/,:]|\\s[-+]?\d|\\\([a-z][a-z]|\\\*\[?\w+\]?")
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def class_of(code):
    base = re.split(r"[_.@-]", code)[0]
    if "@" in code and "latin" not in code.lower() and "valencia" not in code:
        return None
    base = SAME.get(base, base)
    return base if base in CLASSES or base is None else "other"


def lines_of_markup(page):
    page = BLOCKS.sub("\n", HIDDEN.sub(" ", re.sub(r"\s+", " ", page)))
    yield from html.unescape(TAGS.sub("", page)).split("\n")


def catalogue_entries(data):
    """The translations of a .mo file that differ from their originals, and the originals."""
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    count, originals, translations = struct.unpack(order + "3I", data[8:20])
    for i in range(count):
        size, at = struct.unpack(order + "2I", data[originals + 8 * i:originals + 8 * i + 8])
        original = data[at:at + size].split(b"\x04")[-1].split(b"\0")[0]
        size, at = struct.unpack(order + "2I", data[translations + 8 * i:translations + 8 * i + 8])
        translation = data[at:at + size].split(b"\0")[-1]
        if original and translation != original:
            yield original.decode("utf-8", "ignore"), translation.decode("utf-8", "ignore")


def without_accelerators(text):
    return re.sub(r"(?<![&\w])[&_~](?=\w)|(?<=\w)[&_~](?=\w)", "", text)


def lines_of_string(text):
    yield from lines_of_markup(without_accelerators(text).replace("\n\n", "<p>"))


def lines_of_manual(page):
    paragraph = []
    for line in page.split("\n"):
        if line.startswith((".", "'")) or not line.strip():
            if paragraph:
                yield " ".join(paragraph)
            paragraph = []
        else:
            paragraph.append(ROFF.sub("", line))
    yield " ".join(paragraph)


def lines_of_pack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith((".ftl", ".properties", ".dtd")):
                continue
            for line in archive.read(name).decode("utf-8", "ignore").split("\n"):
                if not line.startswith("#"):
                    text = re.sub(r"^\s*[\w.-]+\s*=|<!ENTITY\s+\S+", "", line).strip(' ">')
                    yield from lines_of_string(text)


def is_message_file(path):
    return "/mediawiki/" in path and "/i18n/" in path and path.endswith(".json")


def lines_of_messages(data):
    """MediaWiki's interface, a JSON object of messages."""
    messages = json.loads(data.decode("utf-8", "ignore"))
    for message in messages.values():
        if isinstance(message, str):
            yield from lines_of_markup(WIKI_LINK.sub(r"\1", WIKI_MARKS.sub(" ", message).replace("\n", "<p>")))


def language_of_path(path, package):
    found = (re.search(r"/(?:locale|l10n|resource|translations?)/([A-Za-z_@]+)/(?:LC_MESSAGES/)?", path) or
             re.search(r"/help/([A-Za-z_@]+)/", path) or re.search(r"/HTML/([A-Za-z_@]+)/", path) or
             re.search(r"/mediawiki/.*/i18n/(?:[\w-]+/)*([a-z]+[a-z-]*)\.json$", path) or
             re.search(r"/man/([A-Za-z_.@8-]+)/man\d", path) or re.search(r"langpack-([A-Za-z-]+)@", path) or
             re.search(r"/help/([a-z]{2}(?:-[A-Z]{2})?)/", path) or
             re.search(r"[./-]([a-z]{2}(?:[-_][A-Za-z]{2})?)(?:/|\.html?)", path[path.find("/doc/"):] if "/doc/" in path else ""))
    if found and class_of(found.group(1)):
        return class_of(found.group(1))
    found = re.search(r"-([a-z]{2})(-[a-z]{2})?$", package)
    return class_of(found.group(1)) if found else None


DICTIONARIES = {"bokmaal": "nb", "nynorsk": "nn", "swedish": "sv", "danish": "da", "faroese": "fo", "finnish": "fi",
                "ngerman": "de", "american-english": "en", "dutch": "nl", "french": "fr", "spanish": "es",
                "italian": "it", "polish": "pl", "portuguese": "pt"}


def decoded(data):
    """A word list's text: UTF-8, or else Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def words_of_dictionary(path, data):
    """(class, words) of a plain or a hunspell word list."""
    name = pathlib.PurePath(path).name
    if "/share/dict/" in path and name in DICTIONARIES:
        return DICTIONARIES[name], decoded(data).split("\n")
    if path.endswith(".dic") and "/hunspell/" in path and not name.startswith("hyph"):
        return class_of(name[:-4]), [line.split("/")[0].split("\t")[0] for line in decoded(data).split("\n")[1:]]
    return None, []


def texts_of_file(path, package, data):
    """(class, lines) of one file."""
    if path.endswith(".gz") and "/man/" in path:
        return language_of_path(path, package) or "en", lines_of_manual(gzip.decompress(data).decode("utf-8", "ignore"))
    if path.endswith((".html", ".xhtml", ".htm", ".page", ".docbook")):
        return language_of_path(path, package), lines_of_markup(data.decode("utf-8", "ignore"))
    if is_message_file(path):
        return language_of_path(path, package), lines_of_messages(data)
    if path.endswith(".xpi"):
        return language_of_path(path, package), lines_of_pack(data)
    return None, []


class Texts:
    def __init__(self):
        self.lines = collections.defaultdict(dict)
        self.words = collections.defaultdict(dict)

    def add(self, language, line):
        if language is None:
            return
        line = " ".join(FORMATS.sub(" ", line).split())
        letters = sum(len(word) for word in WORD.findall(line))
        if len(WORD.findall(line)) >= 2 and len(line) < 3000 and letters > 0.7 * len(line) - line.count(" "):
            if len(LATIN.findall(line)) > 0.9 * letters:
                self.lines[language][line] = None


def read_package(archive):
    package = pathlib.PurePath(archive).name.split("_")[0]
    texts = Texts()
    unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", archive], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as tar:
        for member in tar:
            if not member.isfile() or member.size > LARGEST_FILE:
                continue
            path = member.name
            if path.endswith(".mo"):
                language = language_of_path(path, package)
                for original, translation in catalogue_entries(tar.extractfile(member).read()):
                    for line in lines_of_string(original):
                        texts.add("en" if language else None, line)
                    for line in lines_of_string(translation):
                        texts.add(language, line)
            elif path.endswith(PAGES) or "/man/" in path or is_message_file(path):
                try:
                    language, lines = texts_of_file(path, package, tar.extractfile(member).read())
                    for line in lines if language else []:
                        texts.add(language, line)
                except (OSError, ValueError, zipfile.BadZipFile) as error:
                    print(f"{package}: {path}: {error}", file=sys.stderr)
            elif "/share/dict/" in path or path.endswith(".dic"):
                language, words = words_of_dictionary(path, tar.extractfile(member).read())
                for word in words if language else []:
                    if WORD.fullmatch(word) and len(word) > 1:
                        texts.words[language][word] = None
    return package, dict(texts.lines), dict(texts.words)


def download(folder, packages):
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if not list(folder.glob(package + "_*.deb")):
            done = subprocess.run(["apt-get", "download", "-q", package], cwd=folder, capture_output=True)
            if done.returncode != 0:
                print(f"{package}: the archive has no such package", file=sys.stderr)
    return sorted(str(path) for package in packages for path in folder.glob(package + "_*.deb"))


def main():
    folder = pathlib.Path(sys.argv[1])
    listed = (pathlib.Path(__file__).parent / "packages.txt").read_text()
    packages = sys.argv[2:] or [word for line in listed.split("\n") for word in line.split("#")[0].split()]
    lines = collections.defaultdict(dict)
    words = collections.defaultdict(dict)
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        for package, some_lines, some_words in pool.map(read_package, download(folder / "packages", packages)):
            counts = {language: len(found) for language, found in some_lines.items()}
            print(package, counts, file=sys.stderr)
            for language, found in some_lines.items():
                lines[language].update(found)
            for language, found in some_words.items():
                words[language].update(found)
    english = lines["en"]
    for kind, of_language in (("texts", lines), ("words", words)):
        (folder / kind).mkdir(exist_ok=True)
        for language, found in of_language.items():
            with open(folder / kind / (language + ".txt"), "w") as out:
                for line in sorted(found):
                    if language == "en" or kind == "words" or line not in english:
                        out.write(line + "\n")
            print(kind, language, len(found))


if __name__ == "__main__":
    main()
