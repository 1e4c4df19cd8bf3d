"""A person's words -> what is to be shown; and what can be shown for a topic."""

from __future__ import annotations

import re
import unicodedata

from bot.core.demonstration import Kind, Options, Showing
from bot.core.errors import DemonstrationRefused
from bot.core.messages import wording
from knowledge.embedding import PACKAGED

MAX_CHARACTERS = 2_000
"""The rest of a longer text is cut off, and the picture says so."""

MAX_TEXTS = 8

_OPTION = re.compile(r"(?P<name>layer|head|view|word|matrix|rate|temperature|top_p)=(?P<value>\S+)")
_BETWEEN = re.compile(r"\s*[|\n]\s*")
_NAMES = re.compile(r"^[a-z_]+$")

_BANKS = ("She sat on the bank of the river.", "The bank approved the loan.")
_PRONOUN = ("The animal didn't cross the street because it was too tired.",)
_RARE = ("Tokenization splits unbelievably rare words.",)
_PAIRS = (
    "How do I reset my password?",
    "I forgot my login details.",
    "The cat sleeps on the sofa.",
    "A kitten naps on the couch.",
)

EXAMPLES: dict[Kind, tuple[str, ...]] = {
    Kind.TOKENS: _RARE,
    Kind.ATTENTION: _PRONOUN,
    Kind.SIMILARITY: _PAIRS,
    Kind.LAYERS: _BANKS,
    Kind.RETRIEVAL: ("Why do transformers need positions?",),
    Kind.PATH: ("Transformer",),
    Kind.TRAINING: ("0.3",),
    Kind.QUANTIZATION: _PRONOUN,
    Kind.SAMPLING: ("How do models pick the next word?",),
}
"""What is shown where nobody gave words of their own."""

_OF_TOPICS: dict[Kind, str] = {
    Kind.TOKENS: "tokenization byte-pair-encoding context-window large-language-model",
    Kind.ATTENTION: "self-attention multi-head-attention transformer bert cross-attention "
    "grouped-query-attention flash-attention masked-language-modeling vision-transformer "
    "interpretability",
    Kind.SIMILARITY: "cosine-similarity sentence-embeddings word-embeddings semantic-search "
    "vector-database contrastive-learning approximate-nearest-neighbor-search hnsw",
    Kind.LAYERS: "contextual-embeddings residual-stream residual-connection layer-normalization "
    "feed-forward-layer",
    Kind.RETRIEVAL: "retrieval-augmented-generation hybrid-retrieval bm25 reranking chunking "
    "rag-evaluation ranking-metrics",
    Kind.TRAINING: "gradient-descent learning-rate stochastic-gradient-descent loss-function "
    "linear-regression",
    Kind.QUANTIZATION: "quantization mixed-precision-training model-pruning",
    Kind.SAMPLING: "temperature nucleus-sampling softmax language-model beam-search "
    "speculative-decoding",
}
_KINDS = {topic: kind for kind, topics in _OF_TOPICS.items() for topic in topics.split()}


def understood(kind: str, words: str) -> Showing:
    """Read what somebody wants to see.

    Options such as ``layer=3`` may stand at either end; "|" or a new line parts several texts.

    Args:
        kind: the name of a demonstration.
        words: the person's own words.

    Raises:
        DemonstrationRefused: there is no such demonstration, or nothing to show in the words.
    """
    if kind not in list(Kind):
        kinds = wording.listed(list(Kind))
        raise DemonstrationRefused(wording.UNKNOWN_KIND.format(kind=kind[:40], kinds=kinds))
    chosen = Kind(kind)
    rest, options = _without_options(_cleaned(words))
    cut = len(rest) > MAX_CHARACTERS
    texts = tuple(text for text in _BETWEEN.split(rest[:MAX_CHARACTERS]) if _legible(text))
    if not texts and (chosen not in (Kind.TRAINING, Kind.QUANTIZATION) or rest):
        raise DemonstrationRefused(_how(chosen))
    return Showing(chosen, texts[:MAX_TEXTS], options, cut or len(texts) > MAX_TEXTS)


def example(kind: Kind) -> Showing:
    """A demonstration on words of our own."""
    return Showing(kind, EXAMPLES[kind])


def demonstration_of(topic_id: str, question: str = "") -> Showing | None:
    """What shows a topic, if anything does.

    Args:
        topic_id: the topic's id.
        question: what was asked about it; its own retrieval is shown where that is the subject.
    """
    kind = _KINDS.get(topic_id)
    if kind is None:
        return None
    return Showing(kind, (question,)) if kind is Kind.RETRIEVAL and question else example(kind)


def remark_on(kind: Kind, embedding_model: str) -> str:
    """What to say where the model that is shown isn't the one that searches the articles.

    Args:
        kind: what is shown.
        embedding_model: as it is set.
    """
    shows_the_model = kind not in (Kind.RETRIEVAL, Kind.PATH, Kind.TRAINING, Kind.SAMPLING)
    return wording.OTHER_MODEL if shows_the_model and embedding_model != PACKAGED else ""


def step_code(options: Options) -> str:
    """Options as a short text, which fits into a button."""
    return ",".join(f"{name}={value}" for name, value in options.items())


def step_options(code: str) -> Options:
    """The options that a button's text stands for."""
    pairs = (part.partition("=") for part in code.split(",") if part)
    return {name: value for name, _, value in pairs if _NAMES.match(name)}


def _without_options(words: str) -> tuple[str, Options]:
    options: Options = {}
    for end in (0, -1):
        while parts := words.split():
            match = _OPTION.fullmatch(parts[end].lower())
            if match is None or match["name"] in options:
                break
            options[match["name"]] = match["value"]
            word = parts[end]
            words = (words.removeprefix(word) if end == 0 else words.removesuffix(word)).strip()
    return words, options


def _cleaned(words: str) -> str:
    """Words without control characters and what is no character at all; lines stay lines."""
    kept = (
        letter
        for letter in words.replace("\t", " ")
        if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs", "Co")
    )
    return "".join(kept).strip()


def _legible(text: str) -> bool:
    return any(not letter.isspace() and letter.isprintable() for letter in text)


def _how(kind: Kind) -> str:
    separator = " | "
    return wording.SHOW_HOW.format(kind=kind, example=separator.join(EXAMPLES[kind][:2]))
