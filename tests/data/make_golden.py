#!/usr/bin/env python3
"""Makes golden/ from corpus.txt and documents.jsonl with the programs that the toolkit must agree with.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install tokenizers==0.23.3 transformers==5.23.0 torch==2.11.0 numpy safetensors
    /tmp/peers/bin/pip install --no-deps megatron-core==0.16.1
    HF_HUB_OFFLINE=1 /tmp/peers/bin/python tests/data/make_golden.py [bpe] [encodings] [datasets] [samples] [model]

Without arguments all parts are made. golden/ has the layout of the larger reference data (GPT_TEST_DATA), so that the
same tests read both.
"""
import hashlib
import json
import os
import random
import sys
import tempfile
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "golden")
CORPUS = os.path.join(HERE, "corpus.txt")
DOCUMENTS = os.path.join(HERE, "documents.jsonl")

BPE_CASES = {
    "gpt2_1200": dict(vocab_size=1200, add_prefix_space=False, min_frequency=2,
                      special_tokens=["<|endoftext|>"], initial_alphabet=True),
    "prefix_900": dict(vocab_size=900, add_prefix_space=True, min_frequency=0,
                       special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], initial_alphabet=True),
    "noalphabet_700": dict(vocab_size=700, add_prefix_space=False, min_frequency=0,
                           special_tokens=["<|endoftext|>"], initial_alphabet=False),
    "exhausted": dict(vocab_size=60000, add_prefix_space=True, min_frequency=3,
                      special_tokens=["<|endoftext|>"], initial_alphabet=True),
}
VOCABULARY = "gpt2_1200"  # the one that the encodings and datasets use


def path_of(*parts):
    path = os.path.join(GOLDEN, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def write_json(value, *parts):
    with open(path_of(*parts), "w", encoding="utf-8", newline="") as out:
        json.dump(value, out, ensure_ascii=True, separators=(",", ":"))
        out.write("\n")


def make_bpe():
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    for name, case in BPE_CASES.items():
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=case["add_prefix_space"])
        trainer = trainers.BpeTrainer(
            vocab_size=case["vocab_size"], min_frequency=case["min_frequency"], show_progress=False,
            special_tokens=case["special_tokens"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if case["initial_alphabet"] else [])
        tokenizer.train([CORPUS], trainer)
        os.makedirs(path_of("bpe_" + name, ""), exist_ok=True)
        tokenizer.model.save(path_of("bpe_" + name))
    write_json({name: dict(case, input=["corpus.txt"]) for name, case in BPE_CASES.items()}, "bpe.json")


def bare_tokenizer():
    """The vocabulary's byte-level BPE; no special tokens, as Megatron's GPT2BPETokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    tokenizer = Tokenizer(models.BPE.from_file(path_of("bpe_" + VOCABULARY, "vocab.json"),
                                               path_of("bpe_" + VOCABULARY, "merges.txt")))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def texts_of_documents():
    with open(DOCUMENTS, encoding="utf-8", newline="") as lines:
        return [json.loads(line)["text"] for line in lines]


def lines_of_corpus():
    with open(CORPUS, encoding="utf-8", newline="") as corpus:
        lines = corpus.read().removesuffix("\n").split("\n")
    return [line.removesuffix("\r") for line in lines]


def make_encodings():
    tokenizer = bare_tokenizer()
    texts = texts_of_documents()
    # pieces that begin and end anywhere, also inside words and runs of white space
    rng = random.Random(5)
    for _ in range(60):
        text = rng.choice(texts)
        begin = rng.randrange(len(text) + 1)
        texts.append(text[begin:begin + rng.randrange(30)])
    write_json([{"text": text, "ids": tokenizer.encode(text).ids} for text in texts], "encodings.json")


def make_datasets():
    import numpy
    from megatron.core.datasets.indexed_dataset import IndexedDatasetBuilder
    tokenizer = bare_tokenizer()
    end = tokenizer.token_to_id("<|endoftext|>")
    for name, texts in (("documents", texts_of_documents()), ("corpus", lines_of_corpus())):
        prefix = path_of(name + "_text_document")
        builder = IndexedDatasetBuilder(prefix + ".bin", dtype=numpy.uint16)
        for text in texts:
            ids = tokenizer.encode(text).ids
            if ids:
                builder.add_document(ids + [end], [len(ids) + 1])
        builder.finalize(prefix + ".idx")


SAMPLE_RUNS = {
    "documents_epochs": dict(prefixes=["documents"], weights=None, samples=[400, 20, None], seq_length=40, seed=1234,
                             split="80,20,0"),
    "corpus_one_epoch": dict(prefixes=["corpus"], weights=None, samples=[150, 20, 4], seq_length=48, seed=7,
                             split="80,15,5"),
    "blend": dict(prefixes=["documents", "corpus"], weights=[0.6, 0.4], samples=[200, 20, 4], seq_length=32,
                  seed=42, split="80,15,5"),
}


def describe_part(dataset, wanted):
    import numpy
    part = {"len": len(dataset)}
    if hasattr(dataset, "datasets"):
        part["dataset_index"] = dataset.dataset_index.tolist()
        part["dataset_sample_index"] = dataset.dataset_sample_index.tolist()
    else:
        part["document_index"] = dataset.document_index.tolist()
        part["shuffle_index"] = dataset.shuffle_index.tolist()
        samples = numpy.ascontiguousarray(dataset.sample_index.astype("<i4"))
        part["sample_index_sha256"] = hashlib.sha256(samples.tobytes()).hexdigest()
    over = min(wanted, len(dataset))
    digest = hashlib.sha256()
    for i in range(over):
        sample = dataset[i]
        tokens = sample["tokens"].tolist() + [int(sample["labels"][-1])]
        digest.update(numpy.asarray(tokens, dtype="<u2").tobytes())
    part["tokens_sha256"] = digest.hexdigest()
    part["tokens_sha256_over_samples"] = over
    return part


def make_samples():
    import torch
    from megatron.core.datasets.blended_megatron_dataset_builder import BlendedMegatronDatasetBuilder
    from megatron.core.datasets.gpt_dataset import GPTDataset, GPTDatasetConfig

    class Tokenizer:
        eod, pad, vocab_size = 0, 0, BPE_CASES[VOCABULARY]["vocab_size"]
        unique_identifiers = {"class": "small"}

    os.environ.update(RANK="0", WORLD_SIZE="1", MASTER_ADDR="127.0.0.1", MASTER_PORT="29511")
    torch.distributed.init_process_group("gloo")
    runs = {}
    for name, run in SAMPLE_RUNS.items():
        with tempfile.TemporaryDirectory() as cache:
            config = GPTDatasetConfig(
                random_seed=run["seed"], sequence_length=run["seq_length"],
                blend=([path_of(prefix + "_text_document") for prefix in run["prefixes"]], run["weights"]),
                split=run["split"], path_to_cache=cache, reset_position_ids=False, reset_attention_mask=False,
                eod_mask_loss=False, create_attention_mask=False, tokenizer=Tokenizer(),
                mid_level_dataset_surplus=0.005)
            datasets = BlendedMegatronDatasetBuilder(GPTDataset, run["samples"], lambda: True, config).build()
            parts = {}
            for part, dataset, wanted in zip(("train", "valid", "test"), datasets, run["samples"]):
                if dataset is not None and wanted is not None:
                    parts[part] = describe_part(dataset, wanted)
            runs[name] = dict(run, parts=parts)
    write_json(runs, "samples.json")
    torch.distributed.destroy_process_group()


def make_model():
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel
    torch.manual_seed(3)
    torch.set_num_threads(1)
    vocabulary, positions = 300, 64
    config = GPT2Config(vocab_size=vocabulary, n_positions=positions, n_embd=32, n_layer=2, n_head=4, resid_pdrop=0.0,
                        embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0)
    model = GPT2LMHeadModel(config).float()
    with torch.no_grad():  # weights far from their initial values, so that no error hides in small numbers
        for name, parameter in model.named_parameters():
            scale = 0.4 if "wpe" in name else 0.25 if parameter.dim() > 1 else 0.1
            parameter.copy_(torch.randn(parameter.shape) * scale + (1.0 if "ln" in name and "weight" in name else 0.0))
    folder = path_of("tiny_gpt2", "")
    model.save_pretrained(folder)
    os.remove(path_of("tiny_gpt2", "generation_config.json"))
    os.chmod(path_of("tiny_gpt2", "model.safetensors"), 0o644)

    generator = torch.Generator().manual_seed(9)
    batches = [torch.randint(vocabulary, (4, positions + 1), generator=generator) for _ in range(20)]

    def loss_of(batch):
        # the mean of all next-token losses, positions with their targets given apart
        logits = model(batch[:, :-1]).logits
        return torch.nn.functional.cross_entropy(logits.reshape(-1, vocabulary), batch[:, 1:].reshape(-1)), logits

    loss, logits = loss_of(batches[0])
    loss.backward()
    gradients = {name: p.grad.norm().item() for name, p in model.named_parameters()}
    golden = {
        "batches": [batch.tolist() for batch in batches],
        "loss": loss.item(),
        "logits_sequence0_last_position": logits[0, -1].tolist(),
        "logits_mean": logits.mean().item(),
        "logits_std": logits.std().item(),
        "grad_l2": gradients,
        "grad_norm": torch.sqrt(sum(p.grad.pow(2).sum() for p in model.parameters())).item(),
    }
    prompt = torch.randint(vocabulary, (1, 10), generator=generator)
    greedy = prompt.clone()
    with torch.no_grad():
        while greedy.shape[1] < 60:
            greedy = torch.cat([greedy, model(greedy).logits[:, -1].argmax(-1, keepdim=True)], 1)
    golden["greedy"] = {"prompt": prompt[0].tolist(), "tokens": greedy[0].tolist()}

    decayed = [p for p in model.parameters() if p.dim() >= 2]
    others = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
                                  lr=1e-3, betas=(0.9, 0.95), eps=1e-8)
    losses, norms = [], []
    for batch in batches:
        optimizer.zero_grad()
        loss, _ = loss_of(batch)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        optimizer.step()
        losses.append(loss.item())
    golden["adamw"] = {
        "lr": 1e-3, "betas": [0.9, 0.95], "eps": 1e-8, "weight_decay": 0.1,
        "decayed": "tensors of two or more dimensions (wpe and wte too)", "clip": 1.0,
        "losses": losses, "grad_norms": norms,
        "param_l2_after": {name: p.norm().item() for name, p in model.named_parameters()},
    }
    write_json(golden, "tiny_gpt2", "golden.json")


PARTS = {"bpe": make_bpe, "encodings": make_encodings, "datasets": make_datasets, "samples": make_samples,
         "model": make_model}


def main():
    warnings.filterwarnings("ignore")
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    main()
