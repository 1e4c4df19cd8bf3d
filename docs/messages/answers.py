"""Answers, summaries, paths and demonstrations, written by hand in place of the real ones."""

from __future__ import annotations

from pathlib import Path

from bot.core.answers.answer import (
    Answer,
    Claim,
    Source,
    Status,
    TopicName,
    TopicSummary,
    Verdict,
    plain_text,
)
from bot.core.answers.terms import DEFINITIONS
from bot.core.demonstration import Demonstration, Step
from bot.core.messages import wording
from bot.core.messages.message import Picture
from knowledge.model import Reference
from knowledge.paths import LearningPath
from knowledge.paths import Step as PathStep
from knowledge.topics import Topic

PICTURES = Path(__file__).parent.parent / "demonstrations"

Sentence = tuple[str, int]
"""A sentence, and the number of the source that it is quoted from."""


def claims(*paragraphs: tuple[Sentence, ...]) -> tuple[Claim, ...]:
    """Sentences as claims, paragraph by paragraph."""
    return tuple(
        Claim(text, (number,), Verdict.QUOTED, paragraph=place)
        for place, paragraph in enumerate(paragraphs)
        for text, number in paragraph
    )


def source(number: int, title: str, heading: str, *works: Reference, url: str = "") -> Source:
    """A source of an answer."""
    article = title.lower().replace(" ", "-")
    return Source(number, article, title, heading, url or None, quote="", references=works)


def topic(title: str, level: str = "", theme: str = "") -> Topic:
    """A topic with the id that its title suggests."""
    id_ = title.lower().replace(" ", "-")
    return Topic(id_, title, (), "", level, (), (), (theme,) if theme else ())


def picture(name: str, alt: str) -> Picture:
    """A picture of the demonstrations' gallery."""
    return Picture((PICTURES / f"{name}.png").read_bytes(), f"{name}.png", alt)


ATTENTION_PAPER = Reference("Attention Is All You Need", 2017, arxiv="1706.03762")
LORA_PAPER = Reference("LoRA: Low-Rank Adaptation of Large Language Models", 2021, "2106.09685")
RAG_PAPER = Reference(
    "Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks", 2020, "2005.11401"
)
BPE_PAPER = Reference(
    "Neural Machine Translation of Rare Words with Subword Units", 2015, arxiv="1508.07909"
)

ATTENTION_CLAIMS = claims(
    (
        (
            "Self-attention is the operation by which each token of a sequence computes a new "
            "representation as a weighted average of value vectors from tokens of the same "
            "sequence.",
            1,
        ),
    ),
    (
        ("Self-attention lets the vector of a word depend on the other words of the text.", 2),
        (
            "The weights of self-attention are computed from the tokens themselves, so each input "
            "yields its own weights.",
            2,
        ),
    ),
)
ATTENTION_SOURCES = (
    source(1, "Self-attention", "", ATTENTION_PAPER),
    source(2, "Self-attention", "How it works", ATTENTION_PAPER),
)
ATTENTION = Answer(
    Status.ANSWERED,
    plain_text(ATTENTION_CLAIMS),
    ATTENTION_CLAIMS,
    ATTENTION_SOURCES,
    topics=(TopicName("self-attention", "Self-attention"),),
    followups=(
        "How does self-attention work?",
        "Is self-attention the same as attention in general?",
        "What is the difference between self-attention and multi-head attention?",
    ),
)

LORA_CLAIMS = claims(
    (
        (
            "LoRA (low-rank adaptation) is a fine-tuning method that freezes a model's weights "
            "and trains small low-rank matrices that are added to them.",
            1,
        ),
    ),
    (("LoRA adapts a large model to a new task with far less memory than full fine-tuning.", 2),),
)
LORA = Answer(
    Status.PARTLY,
    plain_text(LORA_CLAIMS),
    LORA_CLAIMS,
    (source(1, "LoRA", "", LORA_PAPER), source(2, "LoRA", "How it works", LORA_PAPER)),
    topics=(TopicName("lora", "LoRA"),),
    followups=("How does LoRA work?", "Does LoRA make a model smaller or faster?"),
    remark="My articles don't cover “who won the world cup 2022”.",
)

COMPARISON_CLAIMS = claims(
    (
        (
            "Retrieval-augmented generation is a technique that retrieves documents relevant to a "
            "query and gives them to a language model as context for its answer.",
            1,
        ),
    ),
    (
        (
            "Fine-tuning is the continued training of a pre-trained model on a smaller dataset, "
            "so that the model adapts to a particular task, domain or style.",
            2,
        ),
    ),
    (
        ("RAG and fine-tuning solve different problems.", 3),
        (
            "RAG changes what the model reads, and fine-tuning changes how the model behaves.",
            3,
        ),
    ),
)
COMPARISON = Answer(
    Status.ANSWERED,
    plain_text(COMPARISON_CLAIMS),
    COMPARISON_CLAIMS,
    (
        source(1, "Retrieval-augmented generation", "", RAG_PAPER),
        source(2, "Fine-tuning", "", url="https://example.org/ai/fine-tuning"),
        source(3, "Retrieval-augmented generation", "Strengths and limits", RAG_PAPER),
    ),
    topics=(
        TopicName("retrieval-augmented-generation", "Retrieval-augmented generation"),
        TopicName("fine-tuning", "Fine-tuning"),
    ),
    followups=(
        "How does Retrieval-augmented generation work?",
        "Does RAG eliminate hallucination?",
    ),
)

TERMS_CLAIMS = claims(((COMPARISON_CLAIMS[1].text, 1),), ((LORA_CLAIMS[0].text, 2),))
TERMS = Answer(
    Status.ANSWERED,
    plain_text(TERMS_CLAIMS),
    TERMS_CLAIMS,
    (source(1, "Fine-tuning", ""), source(2, "LoRA", "", LORA_PAPER)),
    topics=(TopicName("fine-tuning", "Fine-tuning"), TopicName("lora", "LoRA")),
    model=DEFINITIONS,
)

SUMMARY = TopicSummary(
    TopicName("tokenization", "Tokenization"),
    Claim(
        "Tokenization is the step that splits text into units from a fixed vocabulary, called "
        "tokens, and replaces each unit by its integer identifier.",
        (1,),
        Verdict.QUOTED,
    ),
    claims(
        (
            (
                "Most language models use subword tokens: frequent words stay whole, and rare "
                "words are cut into shorter pieces.",
                2,
            ),
            (
                "Byte-pair encoding (BPE), WordPiece and the unigram model are the three classic "
                "ways to learn a subword vocabulary.",
                2,
            ),
            (
                "A token can be a whole word, a piece of a word, a punctuation mark, a space with "
                "letters, or a single byte.",
                3,
            ),
        )
    ),
    prerequisites=(),
    related=(
        TopicName("byte-pair-encoding", "Byte-pair encoding"),
        TopicName("word-embeddings", "Word embeddings"),
        TopicName("language-model", "Language model"),
    ),
    sources=(
        source(1, "Tokenization", "", BPE_PAPER),
        source(2, "Tokenization", "How it works", BPE_PAPER),
        source(3, "Tokenization", "Misconceptions", BPE_PAPER),
    ),
    edition=12,
)

_BEGINNERS = (
    "Vectors and matrices",
    "Machine learning",
    "Neural network",
    "Tokenization",
    "Word embeddings",
    "Activation function",
)
_PRACTITIONERS = (
    "Softmax",
    "Self-attention",
    "Multi-head attention",
    "Positional encoding",
    "Transformer",
)
PATH = LearningPath(
    tuple(
        PathStep(topic(title, level), (), 0)
        for level, titles in (("beginner", _BEGINNERS), ("practitioner", _PRACTITIONERS))
        for title in titles
    ),
    onwards=tuple(map(topic, ("GPT", "BERT", "KV cache", "Vision transformer"))),
)
PATH_PICTURE = picture("path", f"What to learn before Transformer: {', '.join(_BEGINNERS)} …")

ATTENTION_SHOWN = Demonstration(
    title="“it” looks most at “tired” (71 %)",
    picture=b"",
    alt="Attention of layer 3, head 2 as a heat map and as arcs. “it” looks most at “tired” "
    "(71 %).",
    findings=(
        "“it” gives 71 % of its attention to “tired”, “the” 60 % to “street”, “was” 54 % to "
        "“tired”. On average 38 % of the attention goes to [CLS] and 0 % to [SEP]: they mean "
        "nothing by themselves, and take the attention that a head has no use for.",
    ),
    words=(),
    question="How does self-attention work?",
    note=f"{wording.SHOW_EXAMPLE} Model: all-MiniLM-L6-v2. The head was chosen for contrast: its "
    "words look at certain others.",
    steps=(
        Step("Next head", {"layer": "3", "head": "3"}),
        Step("Next layer", {"layer": "4", "head": "2"}),
        Step("All heads", {"layer": "3", "head": "2", "view": "all"}),
    ),
)
BECAUSE_CLAIMS = claims(((ATTENTION_CLAIMS[1].text, 1),))
ATTENTION_BECAUSE = Answer(
    Status.ANSWERED,
    plain_text(BECAUSE_CLAIMS),
    BECAUSE_CLAIMS,
    (source(1, "Self-attention", "How it works", ATTENTION_PAPER),),
)

TOKENS_SHOWN = Demonstration(
    title="“unbelievably” becomes 5 tokens: it isn't in the vocabulary",
    picture=b"",
    alt="“unbelievably” becomes 5 tokens: it isn't in the vocabulary. The tokens: token "
    "##ization splits un ##bel ##ie ##va ##bly rare words ..",
    findings=(
        "The model reads 11 tokens for 5 words and 1 sign (44 characters), and adds [CLS] and "
        "[SEP]. “unbelievably” was too rare in the training text to be one of the 30,522 entries "
        "of the vocabulary, so the longest entries that fit build it from left to right: un + "
        "##bel + ##ie + ##va + ##bly. ## marks the continuation of a word.",
    ),
    words=(),
    question="How does tokenization work?",
    note="Model: all-MiniLM-L6-v2.",
)
