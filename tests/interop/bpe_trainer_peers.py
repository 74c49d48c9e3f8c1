#!/usr/bin/env python3
"""Vocabularies trained by gpt-bpe-train (from PATH) and by Hugging Face tokenizers, byte for byte.

usage: bpe_trainer_peers.py ROUNDS SEED
           ROUNDS generated corpora, each with options drawn at random: vocab.json, merges.txt and tokenizer.json must be
           the same bytes, and gpt-preprocess must read our tokenizer.json to the peer's ids
"""
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers  # noqa: E402

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + TAIL
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
PATTERNS = {
    "cl100k": CL100K,
    "qwen2": CL100K.replace("{1,3}", ""),
    "o200k": (r"[^\r\n\p{L}\p{N}]?" + UPPER + "*" + LOWER + "+" + CONTRACTIONS + "?|"
              r"[^\r\n\p{L}\p{N}]?" + UPPER + "+" + LOWER + "*" + CONTRACTIONS + "?|"
              r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL),
}
# Letters of several scripts, composed and not; digits; signs; white space of every kind; what NFKC changes.
POOLS = ["abcdefghijklmnopqrstuvwxyz", "abcABC", "åäöéæøÅÄÖ", "aeo\u030a\u0301\u0308", "абвгд", "的一是不了人我",
         "한국어", "कखगािी\u094d", "0123456789٣५²½", "'\"-.,:;!?()<>|[]{}#$%&*/\\_^~`@", "😀👍🏽\u200d🇸🇪",
         "ﬁﬀⅣ①ＡＢ\u3000…™", "\u00a0\u2009\u2028\u0085"]
SPECIAL = ["<|endoftext|>", "<pad>", "<s>", "</s>", "[UNK]", "a", "ab", "Ġthe", "Ġ", "th", "Ċ", "two words", "é", "<|å|>", "e"]
ENDS = ["\n", "\n", "\n", "\r\n", "\n\n", " \n", "\t\n"]


class Corpus:
    """Text of words that come again, as in a language."""

    def __init__(self, rng):
        self.rng = rng
        pools = rng.sample(POOLS, rng.randint(1, 6)) + ["the and of to in that", "abcdefghij"]
        self.words = []
        for _ in range(rng.choice([5, 50, 400])):
            pool = rng.choice(pools)
            self.words.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 9))))
        self.words += ["the", "don't", "we'LL", "<pad>", "<|endoftext|>", "12345678"]
        self.gaps = rng.choice([[" "], [" ", " ", "  ", ""], [" ", "\t", "\u00a0", "   "]])

    def line(self):
        count = self.rng.choice([0, 1, 3, 12, 40])
        words = [self.words[min(int(self.rng.expovariate(0.05)), len(self.words) - 1)] for _ in range(count)]
        return "".join(word + self.rng.choice(self.gaps) for word in words)

    def text(self, lines):
        out = "".join(self.line() + self.rng.choice(ENDS) for _ in range(lines))
        return out + (self.line() if self.rng.random() < 0.5 else "")


class Setting:
    """The options of a round, for both trainers."""

    def __init__(self, rng):
        self.pattern = rng.choice(["gpt2", "gpt2", "gpt2", "cl100k", "o200k", "qwen2"])
        self.prefix_space = self.pattern == "gpt2" and rng.random() < 0.5
        self.normalization = rng.choice(["none", "none", "nfc", "nfkc"])
        self.alphabet = rng.choice(["all", "all", "none"])
        self.min_frequency = rng.choice([0, 0, 1, 2, 3, 7])
        self.special = rng.sample(SPECIAL, rng.choice([0, 1, 1, 3, 6]))
        self.size = 256 + len(self.special) + rng.choice([0, 1, 30, 300, 300, 1500, 20000])
        self.threads = rng.randint(1, 3)
        self.unit = rng.choice(["line", "line", "document"])
        # Inputs at once, or counted in shares, or in memory that holds little.
        self.route = rng.choice(["whole", "whole", "shares", "runs"])

    def word_arguments(self):
        return ["--split-pattern", self.pattern, "--add-prefix-space" if self.prefix_space else "--no-add-prefix-space",
                "--normalization", self.normalization, "--unit", self.unit, "--threads", str(self.threads)]

    def arguments(self):
        return [*self.word_arguments(), "--initial-alphabet", self.alphabet, "--min-frequency", str(self.min_frequency),
                "--special-tokens", ",".join(self.special), "--vocab-size", str(self.size)]

    def train(self, files, folder):
        """With our program, by the way that was drawn."""
        ways = {"whole": [], "shares": [["--rank", str(rank), "--world", "3"] for rank in range(3)],
                "runs": [["--memory", "100K"]]}[self.route]
        for way in ways:
            run(["gpt-bpe-train", *files, "--counts-out", str(folder / "words.counts"), *way, *self.word_arguments()])
        inputs = ["--from-counts", *map(str, folder.glob("words.*counts"))] if ways else files
        run(["gpt-bpe-train", *inputs, "-o", str(folder / "ours"), *self.arguments()])

    def peer(self, files):
        tokenizer = Tokenizer(models.BPE())
        if self.normalization != "none":
            tokenizer.normalizer = {"nfc": normalizers.NFC, "nfkc": normalizers.NFKC}[self.normalization]()
        if self.pattern == "gpt2":
            tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=self.prefix_space)
        else:
            tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
                pre_tokenizers.Split(Regex(PATTERNS[self.pattern]), "isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet() if self.alphabet == "all" else []
        trainer = trainers.BpeTrainer(vocab_size=self.size, min_frequency=self.min_frequency, initial_alphabet=alphabet,
                                      special_tokens=self.special, show_progress=False)
        if self.unit == "line":
            tokenizer.train(files, trainer)
        else:
            texts = (json.loads(line)["text"] for file in files for line in open(file, encoding="utf-8"))
            tokenizer.train_from_iterator(texts, trainer)
        return tokenizer


def run(command):
    ran = subprocess.run([*command, "-q"], capture_output=True, text=True)
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stderr}"


def write_corpus(rng, corpus, folder, unit):
    """Text by lines, JSON Lines where documents count."""
    files = []
    for number in range(rng.choice([1, 1, 2, 4])):
        text = corpus.text(rng.choice([0, 3, 60, 300])) + ("\nthe <pad> ab\n" if number == 0 else "")  # never nothing at all
        if unit == "line":
            path = folder / f"text{number}.txt"
            path.write_bytes(text.encode())
        else:
            path = folder / f"text{number}.jsonl"
            cuts = sorted(rng.randint(0, len(text)) for _ in range(rng.choice([0, 1, 5]))) + [len(text)]
            parts = [text[begin:end] for begin, end in zip([0] + cuts, cuts)]
            path.write_text("".join(json.dumps({"text": part}) + "\n" for part in parts))
        files.append(str(path))
    return files


def check_ids(folder, corpus, tokenizer):
    """gpt-preprocess reads our tokenizer.json to the ids of the peer."""
    texts = [corpus.line() for _ in range(5)]
    texts = [text for text in texts if text]
    if not texts:
        return
    (folder / "documents.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    run(["gpt-preprocess", "--input", str(folder / "documents.jsonl"), "--output-prefix", str(folder / "data"),
         "--tokenizer-type", "HFTokenizer", "--vocab-file", str(folder / "ours" / "tokenizer.json"), "--allow-special"])
    raw = (folder / "data_text_document.bin").read_bytes()
    ours = list(struct.unpack("<%dH" % (len(raw) // 2), raw))
    theirs = [token for text in texts for token in tokenizer.encode(text).ids]
    assert ours == theirs, f"ids differ for {texts!r}"


def round_of(seed):
    rng = random.Random(seed)
    corpus, setting = Corpus(rng), Setting(rng)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        files = write_corpus(rng, corpus, folder, setting.unit)
        tokenizer = setting.peer(files)
        (folder / "theirs").mkdir()
        tokenizer.model.save(str(folder / "theirs"))
        tokenizer.save(str(folder / "theirs" / "tokenizer.json"))
        setting.train(files, folder)
        for file in ("vocab.json", "merges.txt", "tokenizer.json"):
            same = (folder / "ours" / file).read_bytes() == (folder / "theirs" / file).read_bytes()
            assert same, f"seed {seed}: {file} differs with {' '.join(setting.arguments())} by way of {setting.route}"
        if setting.alphabet == "all" and len(tokenizer.get_vocab()) <= 65500:
            check_ids(folder, corpus, tokenizer)


def main():
    rounds, seed = int(sys.argv[1]), int(sys.argv[2])
    failures = 0
    for number in range(rounds):
        try:
            round_of(seed * 1000003 + number)
        except AssertionError as error:
            failures += 1
            print(error)
    print(f"{rounds - failures} of {rounds} rounds are the same")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
