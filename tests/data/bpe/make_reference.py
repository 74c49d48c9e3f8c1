#!/usr/bin/env python3
"""Makes the reference files of this folder with Hugging Face tokenizers (pip install tokenizers==0.23.3).

The tests hold our encoder and trainer to these bytes. Run it in this folder after a change of corpus.txt.
"""
import json
import random

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

CASES = {
    "plain": dict(vocab_size=600, add_prefix_space=False, min_frequency=2, special_tokens=["<|endoftext|>"],
                  initial_alphabet=True),
    "prefix": dict(vocab_size=500, add_prefix_space=True, min_frequency=0,
                   special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], initial_alphabet=True),
    "noalphabet": dict(vocab_size=400, add_prefix_space=False, min_frequency=0,
                       special_tokens=["<|endoftext|>"], initial_alphabet=False),
    "exhausted": dict(vocab_size=60000, add_prefix_space=False, min_frequency=0,
                      special_tokens=["<|endoftext|>"], initial_alphabet=True),
}


def train(case):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=case["add_prefix_space"])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=case["vocab_size"], min_frequency=case["min_frequency"], show_progress=False,
        special_tokens=case["special_tokens"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if case["initial_alphabet"] else [])
    tokenizer.train(["corpus.txt"], trainer)
    return tokenizer


def strings():
    fixed = [
        "", " ", "  ", "\n", "\n\n", " \n ", "\r\n", "a", " a", "  a", "a ", "a  ", "a\n", "a \n b", "\t\ta",
        "'s", "'S", "don't", "DON'T", "we'll've", "'", "''", "'re're", " 'd", "'l", "'ll", "x'mx", "'\u017f",
        "1a2", " 12 34", "½²Ⅷ", "١٢٣ ४५६", "e\u0301", " \u0301", "\u0301a", "नमस्ते", "👩‍👩‍👧‍👦", "❤️", "🇸🇪",
        "\u00a0", "a\u00a0b", "a \u00a0 b", "\u2003x", "\u3000\u3000x", "\u0085", "\u200b", "\u180e", "\ufeffx",
        "\x00\x1f\x7f", "\x1c\x1d", "\x0b\x0c", "\ue000", "\ufffd", "\U000e0001", "\U0010ffff", "<|endoftext|>",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Ġ", "Ċ", "_a_", "a\u2028b", "\u2029", "12³", "Ⅷb", "你好，世界",
    ]
    rng = random.Random(7)
    letters = "aåbéЖ文१1² '\n\t\r \u00a0\u0301-!👍nsde"
    made = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 40))) for _ in range(200)]
    with open("corpus.txt", encoding="utf-8", newline="") as corpus:
        return fixed + made + corpus.read().split("\n")


def main():
    for name, case in CASES.items():
        tokenizer = train(case)
        tokenizer.model.save(".", name)
        if name == "plain":
            bare = Tokenizer(models.BPE.from_file("plain-vocab.json", "plain-merges.txt"))
            bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
            cases = [{"text": text, "ids": bare.encode(text).ids,
                      "pieces": [text[begin:end] for _, (begin, end) in
                                 pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(text)]}
                     for text in strings()]
            with open("encodings.json", "w", encoding="utf-8") as out:
                json.dump(cases, out, ensure_ascii=True, separators=(",", ":"))


if __name__ == "__main__":
    main()
