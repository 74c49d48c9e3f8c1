"""A vocabulary of GPT-2's size without GPT-2's files, for measuring: 256 bytes, pairs of them, the end of text."""
import json


def byte_vocabulary(folder):
    """vocab.json and merges.txt of 50257 entries, so that every id can be written; prompts are single bytes."""
    symbols = [chr(c) for c in list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))]
    symbols += [chr(256 + i) for i in range(68)]
    vocabulary = {symbol: i for i, symbol in enumerate(symbols)}
    merges = []
    for left in symbols:
        for right in symbols:
            if len(vocabulary) == 50256:
                break
            vocabulary[left + right] = len(vocabulary)
            merges.append(f"{left} {right}")
    vocabulary["<|endoftext|>"] = 50256
    with open(f"{folder}/vocab.json", "w", encoding="utf-8") as out:
        json.dump(vocabulary, out, ensure_ascii=False)
    with open(f"{folder}/merges.txt", "w", encoding="utf-8") as out:
        out.write("#version: 0.2\n" + "\n".join(merges) + "\n")
