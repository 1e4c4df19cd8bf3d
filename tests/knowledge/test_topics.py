"""The graph of topics and the names that people use."""

from __future__ import annotations

import pytest

from knowledge.model import Article
from knowledge.topics import TopicGraph


def _article(article_id: str, title: str, *aliases: str, **fields: tuple[str, ...]) -> Article:
    return Article(article_id, title, (), f"{title} is a concept.", aliases, **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def graph() -> TopicGraph:
    return TopicGraph(
        [
            _article("attention", "Attention"),
            _article("self-attention", "Self-attention", "intra-attention"),
            _article(
                "mixture-of-experts", "Mixture of experts", "MoE", "sparse mixture of experts"
            ),
            _article("large-language-model", "Large language model", "LLM"),
            _article("bert", "BERT", "BERT model", related=("gpt",), prerequisites=("attention",)),
            _article("gpt", "GPT"),
            _article("rag", "Retrieval-augmented generation", "RAG"),
            _article("neural-network", "Neural network", "neural net"),
            _article(
                "survey", "A survey of everything that was ever written about language models"
            ),
            _article("untitled", ""),
        ]
    )


def _resolved(graph: TopicGraph, name: str) -> str | None:
    topic = graph.resolve(name)
    return topic.id if topic else None


def test_a_topic_carries_what_its_article_says(graph: TopicGraph) -> None:
    bert = graph.get("bert")

    assert bert is not None
    assert (bert.title, bert.aliases, bert.definition) == (
        "BERT",
        ("BERT model",),
        "BERT is a concept.",
    )
    assert (bert.prerequisites, bert.related) == (("attention",), ("gpt",))


def test_documents_without_a_name_of_a_concept_are_no_topics(graph: TopicGraph) -> None:
    assert {topic.id for topic in graph}.isdisjoint({"survey", "untitled"})
    assert len(graph) == 8


@pytest.mark.parametrize(
    ("name", "topic"),
    [
        ("Self-attention", "self-attention"),
        ("self attention", "self-attention"),
        ("SELF-ATTENTION", "self-attention"),
        ("intra attention", "self-attention"),
        ("moe", "mixture-of-experts"),
        ("MoEs", "mixture-of-experts"),
        ("mixtures of experts", "mixture-of-experts"),
        ("mixture-of-experts", "mixture-of-experts"),
        ("large language models", "large-language-model"),
        ("LLMs", "large-language-model"),
        ("retrieval augmented generation", "rag"),
        ("rag", "rag"),
        ("neural nets", "neural-network"),
        ("  attention?  ", "attention"),
    ],
)
def test_a_name_is_understood_in_each_of_its_spellings(
    graph: TopicGraph, name: str, topic: str
) -> None:
    assert _resolved(graph, name) == topic


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("atention", "attention"),
        ("self-atention", "self-attention"),
        ("mixture of exprets", "mixture-of-experts"),
        ("neural netwrok", "neural-network"),
        ("large langauge model", "large-language-model"),
    ],
)
def test_a_typing_error_is_forgiven(graph: TopicGraph, typed: str, topic: str) -> None:
    assert _resolved(graph, typed) == topic


@pytest.mark.parametrize(
    "name", ["sourdough", "BART", "quantum computing", "", "?!", "attention span"]
)
def test_an_unknown_name_is_nobodys(graph: TopicGraph, name: str) -> None:
    assert _resolved(graph, name) is None


def test_the_topics_that_look_like_a_name_come_nearest_first(graph: TopicGraph) -> None:
    nearest = [topic.id for topic in graph.nearest("self atentoin", 3)]

    assert nearest[0] == "self-attention"
    assert "attention" in nearest
    assert len(set(nearest)) == len(nearest) <= 3


def test_nothing_looks_like_a_name_from_elsewhere(graph: TopicGraph) -> None:
    assert graph.nearest("zzz", 3) == ()


def test_completion_puts_names_that_begin_with_the_letters_first(graph: TopicGraph) -> None:
    completed = [topic.id for topic in graph.complete("att", 3)]

    assert completed[0] == "attention"


def test_completion_puts_the_whole_name_before_longer_ones() -> None:
    graph = TopicGraph([_article("a", "Attention head"), _article("b", "Attention")])

    assert [topic.id for topic in graph.complete("attention", 2)] == ["b", "a"]


def test_completion_puts_names_with_such_a_word_after_names_that_begin_so(
    graph: TopicGraph,
) -> None:
    completed = [topic.id for topic in graph.complete("mo", 5)]

    assert completed == ["mixture-of-experts", "bert", "large-language-model"]


def test_completion_of_nothing_offers_as_many_as_asked_for(graph: TopicGraph) -> None:
    offered = graph.complete("", 4)

    assert len(set(offered)) == len(offered) == 4


def test_completion_forgives_a_typing_error(graph: TopicGraph) -> None:
    assert graph.complete("atten tion", 5)[0].id in {"attention", "self-attention"}


def test_topics_are_found_in_a_text_in_the_order_of_their_first_mention(graph: TopicGraph) -> None:
    mentions = graph.mentioned("Compare BERT with GPT, and say whether BERT is better.")

    assert [mention.topic.id for mention in mentions] == ["bert", "gpt"]


def test_the_longest_name_wins() -> None:
    graph = TopicGraph(
        [
            _article("network", "Neural network"),
            _article("quantization", "Quantization", "neural network quantization"),
            _article("search", "Neural network quantization search"),
        ]
    )

    (mention,) = graph.mentioned("Is neural network quantization hard?")

    assert (mention.topic.id, mention.words) == ("quantization", "neural network quantization")


def test_topics_beside_each_other_are_all_found(graph: TopicGraph) -> None:
    mentions = graph.mentioned("Does sparse mixture of experts self-attention exist?")

    assert [(mention.topic.id, mention.words) for mention in mentions] == [
        ("mixture-of-experts", "sparse mixture of experts"),
        ("self-attention", "self-attention"),
    ]


def test_a_mention_has_the_words_as_they_were_written(graph: TopicGraph) -> None:
    (mention,) = graph.mentioned("Why do LLMs need data?")

    assert (mention.topic.id, mention.words) == ("large-language-model", "LLMs")


def test_a_text_without_topics_mentions_none(graph: TopicGraph) -> None:
    assert graph.mentioned("How do I bake bread?") == ()


@pytest.mark.parametrize(
    ("question", "expanded"),
    [
        ("What is MoE?", "What is MoE (Mixture of experts)?"),
        ("Are LLMs big?", "Are LLMs (Large language model) big?"),
        ("MoE or RAG?", "MoE (Mixture of experts) or RAG (Retrieval-augmented generation)?"),
        (
            "Why is STORAGE cheap for RAG?",
            "Why is STORAGE cheap for RAG (Retrieval-augmented generation)?",
        ),
    ],
)
def test_abbreviations_are_written_out(graph: TopicGraph, question: str, expanded: str) -> None:
    assert graph.expand(question) == expanded


@pytest.mark.parametrize(
    "question",
    ["What is a mixture of experts?", "Is MoE short for mixture of experts?", "What is bread?"],
)
def test_what_is_written_out_already_stays_as_it_is(graph: TopicGraph, question: str) -> None:
    assert graph.expand(question) == question


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("What is atention?", "What is attention?"),
        ("What is atetntion?", "What is attention?"),
        ("Explain attentoin to me", "Explain attention to me"),
        ("mixture of exprets", "mixture of experts"),
        ("a large langauge modle", "a large language model"),
        ("nueral netwrok", "neural network"),
        ("Why retreival-augmentd generation?", "Why retrieval-augmented generation?"),
        ("NUERAL nets", "neural nets"),
    ],
)
def test_a_slip_in_the_name_of_a_topic_is_put_right(
    graph: TopicGraph, written: str, meant: str
) -> None:
    assert graph.corrected(written, lambda word: False) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What is self-attention?",
        "What is BRET?",  # four letters could be anything
        "Is retention attention?",
        "Does intention matter?",
        "What is an atenshun?",  # more than slips
        "What is quantum computing?",
        "Two  spaces, “naïve” quotes – and 3.14!",
    ],
)
def test_what_is_no_slip_stays_as_it_is_written(graph: TopicGraph, text: str) -> None:
    assert graph.corrected(text, lambda word: False) == text


def test_a_word_of_the_articles_is_no_slip(graph: TopicGraph) -> None:
    asked = "Does a nural modal pay atention?"

    assert graph.corrected(asked, {"modal"}.__contains__) == "Does a neural modal pay attention?"


def test_short_words_may_have_one_slip_and_long_ones_two(graph: TopicGraph) -> None:
    corrected = graph.corrected("mxitrue atntion retreval generatoin augmented", lambda word: False)

    assert corrected == "mxitrue atntion retrieval generation augmented"


@pytest.mark.parametrize(
    "question",
    [
        "What is self-attention?",
        "What are LLMs?",
        "MoE",
        "Explain retrieval-augmented generation, please",
        "How does a neural network work?",
        "What is the difference between BERT and GPT?",
        "pros and cons of RAG",
        "Give me an example of attention",
    ],
)
def test_a_question_for_a_topic_as_such_only_names_it(graph: TopicGraph, question: str) -> None:
    assert graph.only_named(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who invented self-attention?",
        "How many layers has BERT?",
        "Does RAG stop hallucinations?",
        "Is GPT better than a horse?",
        "What is sourdough?",
        "What is it?",
        "",
    ],
)
def test_a_question_that_asks_for_more_does_not_only_name_topics(
    graph: TopicGraph, question: str
) -> None:
    assert not graph.only_named(question)
