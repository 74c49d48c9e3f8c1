#!/usr/bin/env python3
"""gpt-dedup --decontaminate beside Megatron-LM's filter_ngrams.py, in the folder it is run in.

  decontaminate_peers.py OPENWEBTEXT_FOLDER decontaminate_reference.py    environment: GPT_BIN

The original's tasks are read from files through a module `datasets` of our own. Not the same by design, and so left out
of what is compared (gpt-dedup's man page, Decontamination): texts of no more words than the longest n-gram, which the
original does not search; and, where frequent n-grams are left alone, those that overlap, which the original does not
count (it goes on behind the first): with `long` tasks every n-gram is taken for rare.
"""
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict

TASKS = {  # as filter_ngrams.py names them: the file, and the field of its text
    "lambada": ("lambada.jsonl", "text"),
    "squad": ("squad_v2.jsonl", "question"),
    "piqa": ("piqa.jsonl", "goal"),
    "coqa": ("coqa.jsonl", "questions"),
}
DATASETS = """import json
def load_dataset(name, *_, **__):
    return [json.loads(line) for line in open(name + ".jsonl")]
"""


def write(name, records):
    with open(name, "w", encoding="utf-8") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def read(name):
    with open(name, encoding="utf-8") as lines:
        return list(map(json.loads, lines))


def make(seed, kind, reference):
    """Documents with planted texts; the tasks that these are of; how many n-grams each may be seen in."""
    subprocess.run([sys.executable, reference, "generate", str(seed), "made.jsonl", "questions.jsonl"], check=True)
    draw = random.Random(seed)
    questions = [record["question"] for record in read("questions.jsonl")]
    if kind == "short":  # one n-gram each at most, so that none overlaps another of its text
        questions = [question for question in questions if len(question.split()) <= 13]
    by_task = defaultdict(list)
    for question in questions:
        by_task[draw.choice(list(TASKS))].append(question)
    for task, (file, key) in TASKS.items():
        texts = by_task[task]
        if task == "coqa":
            texts = [texts[i : i + 3] for i in range(0, len(texts), 3)]
        write(file, [{key: text} for text in texts])
    documents = [document for document in read("made.jsonl") if len(re.findall(r"\w+", document["text"])) > 13]
    write("corpus.jsonl", documents)
    return documents, {"short": 10, "long": 1_000_000}[kind]


def run_original(folder, frequent):
    with open("datasets.py", "w") as out:
        out.write(DATASETS)
    with open("nltk.py", "w"):
        pass  # imported by the script, not used
    arguments = [os.path.join(folder, "filter_ngrams.py"), "--tasks", *TASKS, "--lambada-path", "lambada.jsonl"]
    arguments += ["--dedup-dataset", "corpus.jsonl", "text", "--output", "original.jsonl", "--num-threads", "1"]
    arguments += ["--key-threshold", str(frequent)]
    environment = dict(os.environ, PYTHONPATH=os.getcwd())
    begin = time.time()
    log = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=environment)
    return log.stdout, time.time() - begin


def run_ours(frequent):
    program = os.path.join(os.environ["GPT_BIN"], "gpt-dedup")
    arguments = ["corpus.jsonl", "-o", "ours.jsonl", "--force", "-q", "--method", "none", "--report", "report.json"]
    arguments += ["--key-threshold", str(frequent), "--threads", "1", "--decontaminate", *(file for file, _ in TASKS.values())]
    for _, key in TASKS.values():
        arguments += ["--key", key]
    begin = time.time()
    subprocess.run([program, *arguments], check=True)
    return read("report.json")[0], time.time() - begin


def pieces(file):
    found = defaultdict(list)
    for document in read(file):
        found[document["id"]].append(document["text"])
    return found


def counted(pattern, log):
    return list(map(int, re.findall(pattern, log)[-1]))


def compare(seed, kind, folder, reference):
    documents, frequent = make(seed, kind, reference)
    log, their_seconds = run_original(folder, frequent)
    report, our_seconds = run_ours(frequent)
    ours, theirs = pieces("ours.jsonl"), pieces("original.jsonl")
    differing = [document["id"] for document in documents if ours[document["id"]] != theirs[document["id"]]]
    ngrams = int(re.findall(r"task coqa entities in ngrams (\d+)", log)[-1])
    below = int(re.findall(r"Ngrams below threshold (\d+)", log)[-1])
    total, several, nothing, too_many, trimmed = counted(
        r"Total docs (\d+) splitted (\d+) ignored (\d+) splits > theshold (\d+) trimmed (\d+)", log
    )
    reasons = report["reasons"]
    counts = {
        "documents": (report["documents_in"], total),
        "n-grams": (report["task_ngrams"], ngrams),
        "n-grams looked for": (report["task_ngrams"] - report["ngrams_left_alone"], below),
        "documents cut": (report["documents_cut"], several + nothing + trimmed),
        "documents of which nothing is left": (reasons["task_text_nothing_left"], nothing),
        "documents in too many pieces": (reasons["task_text_too_many_pieces"], too_many),
        "pieces": (report["documents_out"], sum(map(len, theirs.values()))),
    }
    differing += [f"{name}: {us}, not {them}" for name, (us, them) in counts.items() if us != them]
    print(
        f"seed {seed}, {kind} tasks: {total} documents, {report['documents_cut']} cut, {report['ngrams_left_alone']} n-grams left "
        f"alone; {len(differing)} differences; {their_seconds:.2f} s and {our_seconds:.3f} s"
    )
    for difference in differing[:5]:
        print("   ", difference)
    assert report["documents_cut"] > 50 and (kind == "long") == (report["ngrams_left_alone"] == 0), counts
    return len(differing)


def main():
    folder, reference = sys.argv[1:]
    differences = sum(compare(seed, kind, folder, reference) for seed in range(1, 7) for kind in ("short", "long"))
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
