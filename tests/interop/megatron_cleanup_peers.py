#!/usr/bin/env python3
"""gpt-clean --preset megatron and gpt-dedup beside Megatron-LM's scripts for OpenWebText, in the folder it is run in.

  megatron_cleanup_peers.py OPENWEBTEXT_FOLDER TEST_DATA_FOLDER    environment: GPT_BIN

Every difference in what is kept has to be explained: a language that langdetect or ours gets wrong (the documents' are
known), a length within a few tokens of the limit (the script counts an end-of-document token, and text that ftfy
mended), or chance in the signatures of near duplicates.
"""
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict

DOCUMENTS = 2000
# What the scripts import and Megatron-LM no longer has, or what must not depend on chance.
STAND_INS = {
    "tokenizer.py": """import os
from tokenizers import ByteLevelBPETokenizer
class Tokenizer:
    def __init__(self, cache_dir=None):
        folder = os.environ["GPT2_FOLDER"]
        self.tokenizer = ByteLevelBPETokenizer(folder + "/vocab.json", folder + "/merges.txt")
    def tokenize_document(self, document):
        return self.tokenizer.encode(document).ids + [50256]
""",
    "sitecustomize.py": "from langdetect import DetectorFactory\nDetectorFactory.seed = 0\n",
}


def write(name, records):
    with open(name, "w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(name):
    with open(name, encoding="utf-8") as lines:
        return {record["url"]: record for record in map(json.loads, lines)}


def make(data):
    """Documents of all lengths, most of them English, some damaged, some with JavaScript."""
    draw = random.Random(3)
    by_language = defaultdict(list)
    with open(f"{data}/ud/sentences.jsonl") as lines:
        for sentence in map(json.loads, lines):
            by_language[sentence["lang"]].append(sentence["text"])
    foreign = sorted(set(by_language) - {"en"})
    documents = []
    for number in range(DOCUMENTS):
        language = "en" if draw.random() < 0.7 else draw.choice(foreign)
        sentences = draw.choices(by_language[language], k=draw.choice([1, 2, 3, 4, 5, 6, 8, 12, 30]))
        if draw.random() < 0.1:
            sentences.insert(draw.randint(0, len(sentences)), "Please turn on JavaScript.")
        text = sentences[0]
        for sentence in sentences[1:]:
            text += draw.choice([" ", " ", "  ", "\n", "\n\n", "\n "]) + sentence
        if draw.random() < 0.1:
            try:
                text = text.replace("'", "’").encode("utf-8").decode("windows-1252")
            except UnicodeDecodeError:
                pass
        documents.append({"url": f"http://example.org/{number}", "lang": language, "text": text})
    return documents


def run_script(folder, name, *arguments):
    environment = dict(os.environ, PYTHONPATH=os.getcwd())
    begin = time.time()
    done = subprocess.run(
        [sys.executable, os.path.join(folder, name), *arguments], capture_output=True, text=True, env=environment
    )
    if done.returncode != 0:
        sys.exit(f"{name}: {done.stderr[-2000:]}")
    return time.time() - begin


def run_ours(tool, *arguments):
    begin = time.time()
    subprocess.run([os.path.join(os.environ["GPT_BIN"], tool), *arguments, "-q", "--force", "--threads", "1"], check=True)
    return time.time() - begin


def clean(source, target, recipe, *arguments):
    with open("my.rules", "w") as out:
        out.write(recipe)
    return run_ours("gpt-clean", source, "-o", target, "--recipe", "my.rules", "--rejected", "gone.jsonl", *arguments)


def words(text):
    return " ".join(text.split())


def plain_quotes(text):
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def compare_cleanup_dataset(folder, documents, gpt2):
    """Repair, language, 128 tokens. Returns how many differences have no explanation."""
    their_seconds = run_script(folder, "cleanup_dataset.py", "documents.jsonl", "their_first.jsonl")
    vocabulary = ["--vocab-file", f"{gpt2}/vocab.json", "--merge-file", f"{gpt2}/merges.txt"]
    our_seconds = clean(
        "documents.jsonl", "our_first.jsonl", "preset repair\nlanguage keep=en\n", "--min-tokens", "128", *vocabulary
    )
    theirs, ours, gone = read("their_first.jsonl"), read("our_first.jsonl"), read("gone.jsonl")
    sys.path.insert(0, os.getcwd())
    from tokenizer import Tokenizer

    tokens = Tokenizer()
    reasons, unexplained, ours_right = Counter(), [], 0
    for document in documents:
        url, english = document["url"], document["lang"] == "en"
        if (url in theirs) == (url in ours):
            continue
        length = len(tokens.tokenize_document(document["text"]))
        if url in theirs and gone[url]["rejected"] == "language":
            reason = "langdetect takes other languages for English" if not english else None
        elif url in theirs:
            reason = "a length at the limit" if abs(length - 128) <= 12 else None
        else:
            reason = "langdetect takes English for another language" if english and length > 100 else None
            if english and abs(length - 128) <= 12:
                reason = "a length at the limit"
        reasons[reason] += 1
        if reason is None:
            unexplained.append((url, url in theirs, document["lang"], length, gone.get(url, {}).get("rejected"), document["text"][:200]))
    print(
        f"cleanup_dataset.py: {len(documents)} documents, it keeps {len(theirs)}, gpt-clean {len(ours)}; "
        f"{their_seconds:.2f} s and {our_seconds:.2f} s, {their_seconds / our_seconds:.0f} times"
    )
    both = [(theirs[url]["text"], ours[url]["text"]) for url in theirs if url in ours]
    for text, our_text in both:
        if words(text) == words(our_text):
            continue
        reason = "ftfy makes typewriter quotes" if words(plain_quotes(text)) == words(plain_quotes(our_text)) else None
        reasons[reason] += 1
        if reason is None:
            unexplained.append((text[:200], our_text[:200]))
    return report(reasons, unexplained)


def compare_cleanup_fix_dataset(folder, tasks, recipe):
    """All tasks but ftfy's on the same documents: the same verdicts and bytes, but for the language."""
    os.makedirs("fixed", exist_ok=True)
    arguments = ["--input-files", "documents.jsonl", "--output-path", "fixed", "--tasks", *tasks]
    their_seconds = run_script(folder, "cleanup_fix_dataset.py", *arguments)
    our_seconds = clean("documents.jsonl", "our_second.jsonl", recipe)
    theirs, ours = read("fixed/documents_cleaned.jsonl"), read("our_second.jsonl")
    reasons, unexplained = Counter(), []
    for url, document in read("documents.jsonl").items():
        if (url in theirs) != (url in ours):
            foreign = "remove_512_non_english" in tasks and len(document["text"]) < 512
            right = (url in ours) == (document["lang"] == "en")
            reason = (f"{'langdetect' if right else 'ours'} is wrong about a short text's language") if foreign else None
        elif url in ours and theirs[url]["text"] != ours[url]["text"]:
            reason = None
        else:
            continue
        reasons[reason] += 1
        if reason is None:
            unexplained.append((url, url in theirs, url in ours, document["text"][:200]))
    print(
        f"cleanup_fix_dataset.py {' '.join(tasks)}: it keeps {len(theirs)}, gpt-clean {len(ours)}; "
        f"{their_seconds:.2f} s and {our_seconds:.2f} s"
    )
    wrong = {who: sum(count for reason, count in reasons.items() if reason and reason.startswith(who)) for who in ("ours", "langdetect")}
    if wrong["ours"] > wrong["langdetect"]:
        unexplained.append(("ours is wrong about more languages", wrong))
    return report(reasons, unexplained)


def report(reasons, unexplained):
    for reason, count in sorted(reasons.items(), key=str):
        print(f"    {count:6} {reason or 'NO EXPLANATION'}")
    for difference in unexplained[:5]:
        print("   ", difference)
    return len(unexplained)


def jaccard(a, b):
    shingles = [{text[i : i + 5] for i in range(len(text) - 4)} for text in (a, b)]
    return len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])


def near_duplicates(documents):
    """Long documents, some of them again with a few words changed."""
    draw = random.Random(4)
    out = [document for document in documents if len(document["text"]) > 300]
    for number, document in enumerate(draw.choices(out, k=300)):
        words = document["text"].split()
        for _ in range(draw.choice([0, 1, 2, 4, 8])):
            words[draw.randrange(len(words))] = "changed"
        out.append({"url": f"http://example.net/{number}", "of": document["url"], "text": " ".join(words)})
    return out


def compare_find_duplicates(folder, documents):
    """find_duplicates.py, group_duplicate_url.py, remove_group_duplicates.py, and gpt-dedup with their settings."""
    write("many.jsonl", near_duplicates(documents))
    many = read("many.jsonl")
    their_seconds = run_script(
        folder, "find_duplicates.py", "--inputs", "many.jsonl", "url", "--output", "pairs.jsonl", "--num-bands", "10"
    )
    their_seconds += run_script(folder, "group_duplicate_url.py", "pairs.jsonl", "their_groups.jsonl", "0.7")
    their_seconds += run_script(folder, "remove_group_duplicates.py", "their_groups.jsonl", "many.jsonl", "their_unique.jsonl")
    our_seconds = run_ours(
        "gpt-dedup", "many.jsonl", "-o", "our_unique.jsonl", "--seeds", "100", "--bands", "10", "--threshold", "0.7"
    )
    theirs, ours = read("their_unique.jsonl"), read("our_unique.jsonl")
    # Which of a group stays is a set's order in the script, so that groups are compared by how many of each stay.
    source = {url: record.get("of", url) for url, record in many.items()}
    stay = [Counter(source[url] for url in kept) for kept in (theirs, ours)]
    reasons, unexplained = Counter(), []
    for first in set(source.values()):
        if stay[0][first] == stay[1][first]:
            continue
        group = [url for url in many if source[url] == first]
        least = min(jaccard(many[a]["text"], many[b]["text"]) for a in group for b in group if a < b)
        # Ten bands of ten numbers: at .95 a pair is missed once in 60,000, at .9 in 70, at .7 three times in four.
        reason = f"chance in signatures of a group with a pair below .93" if least < 0.93 else None
        reasons[reason] += 1
        if reason is None:
            unexplained.append((first, stay[0][first], stay[1][first], least))
    print(
        f"find_duplicates.py: of {len(many)} documents, 300 of them made of others, it keeps {len(theirs)}, gpt-dedup {len(ours)}; "
        f"{their_seconds:.2f} s and {our_seconds:.2f} s, {their_seconds / our_seconds:.0f} times"
    )
    return report(reasons, unexplained)


def main():
    folder, data = sys.argv[1:]
    gpt2 = os.environ["GPT2_FOLDER"] = os.path.abspath(f"{data}/gpt2")
    for name, text in STAND_INS.items():
        with open(name, "w") as out:
            out.write(text)
    documents = make(data)
    write("documents.jsonl", documents)
    unexplained = compare_cleanup_dataset(folder, documents, gpt2)
    unexplained += compare_cleanup_fix_dataset(
        folder, ["remove_512", "general_cleaning"], "min-chars min=512\ngeneral-cleaning\n"
    )
    unexplained += compare_cleanup_fix_dataset(
        folder,
        ["remove_256_javascript", "remove_512_non_english", "general_cleaning"],
        "language\nshort-javascript below=256\nshort-foreign below=512\ngeneral-cleaning\n",
    )
    try:
        import lsh.minhash  # noqa: F401
    except ImportError:
        print("SKIPPED: this Python has no lsh (github.com/mattilyra/LSH), so find_duplicates.py is not tried")
    else:
        unexplained += compare_find_duplicates(folder, documents)
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
