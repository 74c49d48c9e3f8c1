#!/usr/bin/env python3
"""WordPiece vocabularies trained by gpt-bpe-train (from PATH) and by Hugging Face tokenizers.

usage: wordpiece_trainer_peers.py ROUNDS SEED
           ROUNDS generated corpora, each with options drawn at random
       wordpiece_trainer_peers.py golden FOLDER
           the peer's vocabularies of FOLDER/corpus.txt into FOLDER/golden

Hugging Face's trainer numbers the characters that continue words ("##a") as its hash table lies in memory, so that no
two runs give the same file. Given the numbers that are ours (as special tokens, which come first) its vocabulary must be
ours, line for line; left alone, it must have the same characters. tokenizer.json must be what BertWordPieceTokenizer
saves, and gpt-preprocess must read vocab.txt to its ids.
"""
import collections
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
from tokenizers import BertWordPieceTokenizer, Tokenizer, models, normalizers, pre_tokenizers, trainers  # noqa: E402

from bpe_trainer_peers import Corpus, write_corpus  # noqa: E402

BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def is_character(token):
    return len(token) == 1 or (len(token) == 3 and token.startswith("##"))


class Setting:
    """The options of a round, for both trainers."""

    def __init__(self, rng):
        self.lowercase = rng.random() < 0.5
        self.min_frequency = rng.choice([0, 0, 1, 2, 3, 7])
        self.special = BERT if rng.random() < 0.5 else ["[UNK]"] + rng.sample(["[EOD]", "a", "ab", "##b", "é", "<|x|>"], 3)
        self.initial = "".join(rng.sample("zqåΩ的😀A", 3)) if rng.random() < 0.3 else ""
        self.limit = rng.choice([1000, 1000, 1000, 40, 12])
        self.size = rng.choice([400, 700, 2000, 20000])
        self.threads = rng.randint(1, 3)

    def prepare(self):
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=self.lowercase)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokenizer

    def avoid_ties(self, files):
        """Lowers the limit of the alphabet until no tie decides what is kept: the peer breaks those by chance."""
        tokenizer = self.prepare()
        counts = collections.Counter()
        for path in files:
            with open(path, encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(line)):
                        counts.update(word)
        counts.update({c: 1 << 60 for c in self.initial})
        ranked = sorted(counts.values(), reverse=True)
        while 0 < self.limit < len(ranked) and ranked[self.limit - 1] == ranked[self.limit]:
            self.limit -= 1
        self.limit = self.limit or 1000

    def arguments(self):
        options = ["--algorithm", "wordpiece", "--lowercase" if self.lowercase else "--no-lowercase",
                   "--min-frequency", str(self.min_frequency), "--special-tokens", ",".join(self.special),
                   "--limit-alphabet", str(self.limit), "--vocab-size", str(self.size), "--threads", str(self.threads)]
        return options + (["--initial-characters", self.initial] if self.initial else [])

    def peer(self, files, first):
        tokenizer = self.prepare()
        tokenizer.train(files, trainers.WordPieceTrainer(
            vocab_size=self.size, min_frequency=self.min_frequency, special_tokens=self.special + first, show_progress=False,
            limit_alphabet=self.limit, initial_alphabet=list(self.initial), continuing_subword_prefix="##"))
        vocabulary = json.loads(tokenizer.to_str())["model"]["vocab"]
        return sorted(vocabulary, key=vocabulary.get)


def check_folder(folder, setting, corpus):
    """What reads the folder: the peer's class, and gpt-preprocess."""
    reader = BertWordPieceTokenizer.from_file(str(folder / "vocab.txt"), lowercase=setting.lowercase)
    reader.save(str(folder / "theirs.json"), pretty=True)
    assert (folder / "theirs.json").read_bytes() == (folder / "tokenizer.json").read_bytes(), "tokenizer.json differs"
    texts = [text for text in (corpus.line() for _ in range(5)) if text.strip()]
    if not texts:
        return
    (folder / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    subprocess.run(["gpt-preprocess", "--input", str(folder / "documents.jsonl"), "--output-prefix", str(folder / "data"),
                    "--tokenizer-type", "BertWordPieceLowerCase" if setting.lowercase else "BertWordPieceCase",
                    "--vocab-file", str(folder / "vocab.txt"), "-q", "--force"], check=True)
    raw = (folder / "data_text_document.bin").read_bytes()
    theirs = [token for text in texts for token in reader.encode(text, add_special_tokens=False).ids]
    assert list(struct.unpack("<%dH" % (len(raw) // 2), raw)) == theirs, f"ids differ for {texts!r}"


def round_of(seed):
    rng = random.Random(seed)
    corpus, setting = Corpus(rng), Setting(rng)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = write_corpus(rng, corpus, folder, "line")
        setting.avoid_ties(files)
        command = ["gpt-bpe-train", *files, "-o", str(folder / "ours"), "-q", *setting.arguments()]
        ran = subprocess.run(command, capture_output=True, text=True)
        assert ran.returncode == 0, f"seed {seed}: {' '.join(command)}\n{ran.stderr}"
        ours = (folder / "ours" / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
        characters = [token for token in ours if is_character(token) and token not in setting.special]
        where = f"seed {seed}: the vocabulary differs with {' '.join(setting.arguments())}"
        assert setting.peer(files, characters) == ours, where
        alone = setting.peer(files, [])
        assert {t for t in alone if is_character(t)} == {t for t in ours if is_character(t)}, where + " (characters)"
        if setting.special == BERT:
            check_folder(folder / "ours", setting, corpus)


def golden(folder):
    """The characters numbered by code point, as gpt-bpe-train does."""
    files = [str(folder / "corpus.txt")]
    for name, lowercase, size, min_frequency, limit in (("lowercase_1000", True, 1000, 2, 1000), ("cased_700", False, 700, 0, 59)):
        setting = Setting(random.Random(0))
        setting.lowercase, setting.size, setting.min_frequency, setting.limit = lowercase, size, min_frequency, limit
        setting.special, setting.initial = BERT, ""
        characters = [token for token in setting.peer(files, []) if is_character(token)]
        tokens = setting.peer(files, sorted(characters, key=lambda token: (len(token), token)))
        (folder / "golden" / f"wordpiece_{name}.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")


def main():
    if sys.argv[1] == "golden":
        return golden(pathlib.Path(sys.argv[2]))
    rounds, seed = int(sys.argv[1]), int(sys.argv[2])
    failures = 0
    for number in range(rounds):
        try:
            round_of(seed * 1000003 + number)
        except (AssertionError, subprocess.CalledProcessError) as error:
            failures += 1
            print(error)
    print(f"{rounds - failures} of {rounds} rounds are the same")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
