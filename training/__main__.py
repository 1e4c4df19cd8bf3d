"""``python -m training FOLDER``: train the packaged reader."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from sklearn.metrics import roc_auc_score

from training.examples import Example, read
from training.reader import Encoder, Reader

BATCH = 32
POOL = 64 * BATCH
"""Examples of which batches of like length are made."""

RATE = 8e-4
WARM_UP = 0.04
REPORT_SECONDS = 420


def main() -> None:
    """Train and save; the last line tells how good it is on what was held out."""
    options = _options()
    chance = random.Random(options.seed)
    torch.manual_seed(options.seed)
    avoided = [json.loads(line)["text"] for file in options.avoid for line in file.open()]
    examples = read(options.folder, avoided, chance)
    print(f"{len(examples.learned):,} examples to learn, {len(examples.held_out):,} held out")
    reader, encoder = Reader(), Encoder()
    if options.resume:
        reader.restore(options.resume)
    trained = [parameter for parameter in reader.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    started = reported = time.monotonic()
    seen, total = 0, 0.0
    reader.train()
    for batch in _batches(examples.learned, chance):
        done = (time.monotonic() - started) / (options.minutes * 60)
        if done >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
        with torch.autocast("cpu", torch.bfloat16):
            loss = reader.loss(encoder.batch(batch))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen, total = seen + 1, total + loss.item()
        if time.monotonic() - reported > REPORT_SECONDS:
            print(f"{done:.0%} {seen * BATCH:,} seen, loss {total / seen:.3f}", end=" ")
            print(_report(reader, encoder, examples.held_out[:: len(examples.held_out) // 1200]))
            reader.save(options.out)
            reported, seen, total = time.monotonic(), 0, 0.0
    reader.save(options.out)
    print(_report(reader, encoder, examples.held_out), flush=True)


def _batches(examples: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Batches without end, of texts about as long as each other."""
    while True:
        order = chance.sample(examples, len(examples))
        for start in range(0, len(order), POOL):
            pool = sorted(order[start : start + POOL], key=lambda e: len(e.question) + len(e.text))
            groups = [pool[i : i + BATCH] for i in range(0, len(pool), BATCH)]
            yield from chance.sample(groups, len(groups))


@torch.inference_mode()
def _report(reader: Reader, encoder: Encoder, examples: Sequence[Example]) -> str:
    """How well answered questions are told from others."""
    reader.eval()
    scores: list[float] = []
    for start in range(0, len(examples), BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            spans, answered = reader(encoder.batch(examples[start : start + BATCH]))
        gain = spans[:, 1:].amax(dim=1).sum(dim=1) - spans[:, 0].sum(dim=1)
        scores += (answered + gain).tolist()
    reader.train()
    return f"AUC {roc_auc_score([example.answered for example in examples], scores):.3f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m training", description=__doc__)
    add = parser.add_argument
    add("folder", type=Path, help="qa.jsonl.gz, squad11_train_full.json.xz")
    add("--avoid", type=Path, nargs="*", default=[], help="corpora that must not be learned")
    add("--out", type=Path, default=Path("knowledge/reader.safetensors"))
    add("--resume", type=Path, help="go on with what was trained before")
    add("--minutes", type=float, default=120)
    add("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
