#!/usr/bin/env python3
"""Tokenizers of Hugging Face and tiktoken beside ours, with vocabularies trained here.

usage: tokenizer_peers.py golden
           writes tests/data/golden/tokenizers: tokenizer.json files, WordPiece vocabularies, and what they make of texts
       tokenizer_peers.py fuzz COUNT SEED
           COUNT generated strings through gpt-preprocess (from PATH) and through the peers; every id must be equal

Run it with a Python that has tokenizers and tiktoken:
    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install tokenizers==0.23.3 tiktoken==0.14.0 numpy unicodedata2==15.0.0
    HF_HUB_OFFLINE=1 /tmp/peers/bin/python tests/interop/tokenizer_peers.py golden
"""
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import unicodedata2 as unicodedata  # of the version of Unicode that ICU 72 has

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy  # noqa: E402
from tokenizers import (AddedToken, BertWordPieceTokenizer, Regex, Tokenizer, decoders, models,  # noqa: E402
                        normalizers, pre_tokenizers, trainers)

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
TAIL = r"\s*[\r\n]+|\s+(?!\S)|\s+"
CL100K = (CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + TAIL)
CL100K_NOW = (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]"
              r"|\s+(?!\S)|\s")
QWEN2 = CL100K.replace("{1,3}", "")
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
O200K = (r"[^\r\n\p{L}\p{N}]?" + UPPER + "*" + LOWER + "+" + CONTRACTIONS + "?|"
         r"[^\r\n\p{L}\p{N}]?" + UPPER + "+" + LOWER + "*" + CONTRACTIONS + "?|"
         r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + TAIL)
# name: the split pattern, whether pieces that are tokens are taken whole, the normaliser
CASES = {"gpt2": (None, False, None), "cl100k": (CL100K, False, None), "llama3": (CL100K, True, None),
         "qwen2": (QWEN2, False, "NFC"), "o200k": (O200K, False, None)}
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def new_tokenizer(pattern, normalizer):
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = getattr(normalizers, normalizer)()
    if pattern is None:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def trained(name, texts, size):
    pattern, whole, normalizer = CASES[name]
    tokenizer = new_tokenizer(pattern, normalizer)
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=size, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in SPECIALS])
    tokenizer.add_tokens([AddedToken("<fim>", normalized=False), AddedToken("tvåord", single_word=True)])
    document = json.loads(tokenizer.to_str())
    if whole:
        document["model"]["ignore_merges"] = True
    return Tokenizer.from_str(json.dumps(document)), document


def bytes_of_symbols(token):
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    table = {chr(byte): byte for byte in printable}
    table.update({chr(256 + i): byte for i, byte in enumerate(others)})
    return bytes(table[symbol] for symbol in token)


def hand_written():
    return [
        "", " ", "  ", "\n", "\r\n", "\n\n", " \n", "\n ", " \n  \n ", "a\n", "a \n b", "x  y", "x\t\ty", "x \t\n", "\u00a0\u00a0a",
        "a\u2003b", "\u2028ls\u2029", "\u0085nel", "I'm we'LL they'Re it'S o'clock 'tis d'accord '\u017f a'\u017f", "'", "''", "'s", " 's", "'\u017fa",
        "1", "12", "123", "1234", "12345678", "x123y", "3.1415", "\u0661\u0662\u0663\u0664", "\u00bd\u00b2\u2167\u2460", "1\u20e3", "HelloWorld", "HELLOworld", "HTTPServer", "iPhone",
        "McDonald's", "ABCdefGHI", "\u01c5abc", "a\u01c5", "\u02b0\u02b0", "A\u02b0B", "AB\u02b0CD", "\u00aa\u00baa", "e\u0301a", "E\u0301A", "\u0301abc", "\u0301ABC",
        "\u0301\u0301", ".\u0301A", "A\u0301\u0302B", "\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e", "\u65e5\u672c\u8a9eABC\u30c6\u30ad\u30b9\u30c8", "\ud55c\uad6d\uc5b4", "\u0e44\u0e17\u0e22", "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1f8\U0001f1ea",
        "path/to/file", "//comment\n//more", "a/b\n/c", "...\n\n", "...\r\n\r\nx", "!?/\n/", " ...", "  ...", "\t...", "(word)", "\"word\"", "_x_", "#tag @at",
        "a\x00b", "\x7f", "\ufeffa", "a\u200bb", "\U0010ffff", "\ufffd", "<|endoftext|>", "a<|im_start|>b", "<fim>", "x<fim>y <fim> z", "tv\u00e5ord",
        "tv\u00e5ord-tv\u00e5ordet", "\u212bngstr\u00f6m A\u030angstr\u00f6m", "\u1e9b\u0323", "a" * 300, " " * 300, "1" * 300, "\n" * 300, "ab" * 200, "!" * 300,
    ]


def pieces(texts, count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        text = rng.choice(texts)
        begin = rng.randrange(len(text) + 1)
        yield text[begin:begin + rng.randrange(40)]


def own_texts():
    with open(DATA / "documents.jsonl", encoding="utf-8", newline="") as lines:
        documents = [json.loads(line)["text"] for line in lines]
    with open(DATA / "corpus.txt", encoding="utf-8", newline="") as corpus:
        return documents, corpus.read()


def train_wordpiece(texts, size, lower):
    tokenizer = BertWordPieceTokenizer(lowercase=lower)
    tokenizer.train_from_iterator(texts, vocab_size=size, min_frequency=1, show_progress=False)
    by_id = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return [token for token, _ in by_id]


def wordpiece(vocabulary, lower):
    tokenizer = BertWordPieceTokenizer(vocab={token: i for i, token in enumerate(vocabulary)}, lowercase=lower)
    tokenizer._tokenizer.encode_special_tokens = True
    return tokenizer


def write_json(value, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as out:
        json.dump(value, out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")


def golden():
    folder = DATA / "golden" / "tokenizers"
    documents, corpus = own_texts()
    lines = corpus.splitlines(keepends=True)
    texts = documents[:12] + hand_written() + list(pieces(documents, 40, 6))
    for name in CASES:
        tokenizer, document = trained(name, lines, 700)
        write_json(document, folder / (name + ".json"))
        cases = []
        for text in texts:
            tokenizer.encode_special_tokens = True
            plain = tokenizer.encode(text).ids
            tokenizer.encode_special_tokens = False
            cases.append({"text": text, "ids": plain, "ids_with_special": tokenizer.encode(text).ids})
        write_json(cases, folder / (name + "_encodings.json"))
    for name, lower in (("lower", True), ("cased", False)):
        vocabulary = train_wordpiece(lines, 600, lower)
        with open(folder / f"wordpiece_{name}.txt", "w", encoding="utf-8", newline="") as out:
            out.write("".join(token + "\n" for token in vocabulary))
        tokenizer = wordpiece(vocabulary, lower)
        write_json([{"text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids} for text in texts],
                   folder / f"wordpiece_{name}_encodings.json")


def code_points_by_category():
    by_category = {}
    for point in range(0x110000):
        if not 0xD800 <= point < 0xE000:
            by_category.setdefault(unicodedata.category(chr(point)), []).append(point)
    return by_category


def generated(count, seed, documents):
    """Strings of every general category, unassigned code points too, of runs, signs and pieces of real text."""
    rng = random.Random(seed)
    by_category = code_points_by_category()
    categories = sorted(by_category)
    common = "  \n\r\t''.,!?/-_0123456789abcdefgstmvrlABCSTMDeEåäöÅÄÖéß\u017f\u00a0\u0301\u2019"
    for i in range(count):
        parts = []
        for _ in range(rng.randrange(1, 12)):
            kind = rng.random()
            if kind < 0.45:
                parts.append(rng.choice(common) * rng.choice((1, 1, 1, 2, 3)))
            elif kind < 0.55:
                parts.append(rng.choice(("'s", "'LL", "'re", "'\u017f", " 12345", "\r\n", "  \n ", "HTTPServer", "//\n", "\u01c5", "\u0345")))
            elif kind < 0.75:
                parts.append(next(pieces(documents, 1, rng.randrange(1 << 30)))[:12])
            else:
                parts.append(chr(rng.choice(by_category[rng.choice(categories)])))
        if i % 5000 == 0:
            parts.append(rng.choice(common) * 5000)
        yield "".join(parts)


def read_dataset(prefix):
    index = open(prefix + ".idx", "rb").read()
    code, sequences, entries = struct.unpack_from("<BQQ", index, 17)
    ids = numpy.fromfile(prefix + ".bin", dtype={8: "<u2", 4: "<i4"}[code])
    sizes = numpy.frombuffer(index, "<i4", sequences, 34)
    documents = numpy.frombuffer(index, "<i8", entries, 34 + 12 * sequences)
    ends = numpy.concatenate([[0], numpy.cumsum(sizes)])
    return ids, ends[documents]


def of_another_unicode():
    """Code points that the peer's tables, which are of several older versions of Unicode, class or decompose in another
    way than Unicode 15 does: strings with one of them are left out where that matters (WordPiece, NFC)."""
    clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    accents = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
    lower = normalizers.Lowercase()
    nfc = normalizers.NFC()
    words = pre_tokenizers.BertPreTokenizer()
    others = set()
    for point in range(0x80, 0x110000):
        character = chr(point)
        category = "Cs" if 0xD800 <= point < 0xE000 else unicodedata.category(character)
        if category in ("Cs", "Zs", "Zl", "Zp") or point == 0xFFFD:
            continue
        decomposed = unicodedata.normalize("NFD", character)
        bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
        isolated = len(words.pre_tokenize_str("a" + character + "b")) == 3
        framed = "a\u0323\u0301" + character + "\u0323\u0345"  # orders of marks that their classes decide
        same = ((clean.normalize_str("a" + character) == "a") == (category in ("Cc", "Cf", "Co"))
                and isolated == category.startswith("P") and accents.normalize_str(character) == bare
                and (point == 0x130 or lower.normalize_str(character) == character.lower())
                and nfc.normalize_str(framed) == unicodedata.normalize("NFC", framed))
        if not same:
            others.add(character)
    return others


def of_a_newer_unicode():
    """Code points that Unicode 15 leaves unassigned and the peer's expressions know as letters, marks or numbers: they
    are other characters to us, so strings with one of them are cut in another way."""
    unassigned = "".join(chr(point) for point in range(0x110000)
                         if not 0xD800 <= point < 0xE000 and unicodedata.category(chr(point)) == "Cn")
    return set(normalizers.Replace(Regex(r"\p{Cn}"), "").normalize_str(unassigned))


def compare(name, texts, expected, prefix, left_out=frozenset()):
    ids, bounds = read_dataset(prefix)
    wrong = []
    compared = 0
    for i, (text, wanted) in enumerate(zip(texts, expected, strict=True)):
        if not left_out.isdisjoint(text):
            continue
        compared += 1
        found = ids[bounds[i]:bounds[i + 1]]
        if len(found) != len(wanted) or not numpy.array_equal(found, wanted):
            wrong.append((text, wanted, found.tolist()))
    print(f"{name}: {compared} of {len(texts)} strings compared, {len(wrong)} differ", flush=True)
    for text, wanted, found in wrong[:12]:
        print(f"  {text!r}\n    theirs {wanted}\n    ours   {found}")
    return len(wrong)


def encode_with_ours(scratch, name, texts_file, arguments):
    prefix = str(scratch / name)
    subprocess.run(["gpt-preprocess", "--input", texts_file, "--output-prefix", prefix, "--keep-empty", "-q", *arguments],
                   check=True)
    return prefix + "_text_document"


def with_all_merges(document):
    """The vocabulary as tiktoken would merge it: every pair that makes a token, in the order of the tokens."""
    ranks = {bytes_of_symbols(token): i for token, i in document["model"]["vocab"].items()}
    symbols = {bytes_of_symbols(token): token for token in document["model"]["vocab"]}
    merges = []
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        pairs = [(ranks[token[:i]], ranks[token[i:]], token[:i], token[i:]) for i in range(1, len(token))
                 if token[:i] in ranks and token[i:] in ranks]
        merges += [[symbols[left], symbols[right]] for _, _, left, right in sorted(pairs)]
    document["model"].update(merges=merges, ignore_merges=True)
    document["added_tokens"] = []
    return ranks


def fuzz_tiktoken(scratch, texts, texts_file, lines, left_out):
    import tiktoken
    wrong = 0
    for name, pattern in (("cl100k", CL100K_NOW), ("o200k", O200K)):
        _, document = trained(name, lines, 4000)
        ranks = with_all_merges(document)
        if name == "cl100k":
            document["pre_tokenizer"]["pretokenizers"][0]["pattern"] = {"Regex": CL100K_NOW}
        write_json(document, scratch / f"tiktoken_{name}.json")
        encoding = tiktoken.Encoding(name="trained", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})
        prefix = encode_with_ours(scratch, "tiktoken_" + name, texts_file,
                                  ["--tokenizer-type", "HFTokenizer", "--vocab-file", scratch / f"tiktoken_{name}.json"])
        wrong += compare("tiktoken " + name, texts, [encoding.encode_ordinary(text) for text in texts], prefix, left_out)
    return wrong


def fuzz(count, seed):
    documents, corpus = own_texts()
    texts = list(generated(count, seed, documents))
    lines = corpus.splitlines(keepends=True) + texts[:20000]
    wrong = 0
    newer = of_a_newer_unicode()
    others = of_another_unicode() | newer
    print(f"{len(newer)} code points are of a newer Unicode, {len(others - newer)} are decomposed or classed otherwise")
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        texts_file = scratch / "texts.jsonl"
        with open(texts_file, "w", encoding="utf-8", newline="") as out:
            out.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        for name in CASES:
            tokenizer, document = trained(name, lines, 4000)
            tokenizer.encode_special_tokens = True
            write_json(document, scratch / (name + ".json"))
            prefix = encode_with_ours(scratch, name, texts_file,
                                      ["--tokenizer-type", "HFTokenizer", "--vocab-file", scratch / (name + ".json")])
            expected = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
            wrong += compare(name, texts, expected, prefix, others if CASES[name][2] else newer)
        for name, lower in (("BertWordPieceLowerCase", True), ("BertWordPieceCase", False)):
            vocabulary = train_wordpiece(lines, 4000, lower)
            (scratch / f"{name}.txt").write_text("".join(token + "\n" for token in vocabulary), encoding="utf-8", newline="")
            prefix = encode_with_ours(scratch, name, texts_file,
                                      ["--tokenizer-type", name, "--vocab-file", scratch / f"{name}.txt", "--longest-word", "100"])
            expected = [e.ids for e in wordpiece(vocabulary, lower).encode_batch(texts, add_special_tokens=False)]
            wrong += compare(name, texts, expected, prefix, others)
        wrong += fuzz_tiktoken(scratch, texts, texts_file, lines, newer)
    sys.exit(1 if wrong else 0)


def main():
    if sys.argv[1:] == ["golden"]:
        golden()
    elif len(sys.argv) == 4 and sys.argv[1] == "fuzz":
        fuzz(int(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
