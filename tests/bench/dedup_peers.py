"""Near-duplicate candidates by rensa or datasketch, for tests/bench/dedup.sh: prints MB of text a processor second.

Usage: dedup_peers.py rensa|datasketch DOCUMENTS.jsonl [BYTES]
Reads JSON Lines, makes sets of character 5-grams, 100 permutations, 20 bands, and puts all signatures into an LSH
index. BYTES: stop after that much text (datasketch is slow).
"""

import json
import sys
import time

PERMUTATIONS, BANDS = 100, 20


def texts(path, limit):
    total = 0
    with open(path, encoding="utf-8") as file:
        for line in file:
            text = json.loads(line)["text"]
            total += len(text.encode())
            yield text
            if total >= limit:
                return


def shingles(text):
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


def rensa_signer():
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.8, num_perm=PERMUTATIONS, num_bands=BANDS)

    def add(key, text):
        signature = RMinHash(num_perm=PERMUTATIONS, seed=42)
        signature.update(list(shingles(text)))
        lsh.insert(key, signature)

    return add


def datasketch_signer():
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, PERMUTATIONS // BANDS))

    def add(key, text):
        signature = MinHash(num_perm=PERMUTATIONS)
        signature.update_batch([shingle.encode() for shingle in shingles(text)])
        lsh.insert(key, signature)

    return add


def main():
    peer, path = sys.argv[1:3]
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 1 << 62
    add = {"rensa": rensa_signer, "datasketch": datasketch_signer}[peer]()
    total = 0
    started = time.process_time()
    for key, text in enumerate(texts(path, limit)):
        add(key, text)
        total += len(text.encode())
    print(f"{total / 1e6 / (time.process_time() - started):.2f}")


main()
