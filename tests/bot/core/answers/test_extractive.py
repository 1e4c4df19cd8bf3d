"""The extractive composer: which sentences it picks, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.core.answers.answer import Draft
from bot.core.answers.extractive import (
    MAX_SENTENCES,
    MAX_WORDS,
    Role,
    _abbreviates,
    compose,
    role_of,
    stands_alone,
)
from bot.core.conversation import Level
from knowledge.model import Article, FoundAnswer, Passage
from tests.bot.core.making import ATTENTION, HEADS, LORA, QUANTIZATION, RNN, brief, passage

DEFINITION = passage("LoRA is a method of fine-tuning that trains two small matrices.", LORA)
WHAT = passage(
    "LoRA freezes the weights of a model. It was introduced in 2021.", LORA, ("What it is",)
)
INTUITION = passage(
    "LoRA resembles a sticky note on a page. The note changes how the page is read.",
    LORA,
    ("Intuition",),
)
MECHANISM = passage(
    "LoRA adds the product of two small matrices to each weight matrix of the model. "
    "The rank of the two matrices is a small number. Gradients flow into both matrices.",
    LORA,
    ("How it works",),
)
NUMBERS = passage(
    "A matrix of 1,000 by 1,000 has 1,000,000 weights. Rank 4 trains 8,000 of these.",
    LORA,
    ("In numbers",),
)
LIMITS = passage(
    "LoRA needs little memory, because most weights stay frozen. "
    "Distant tasks may ask for full fine-tuning.",
    LORA,
    ("Strengths and limits",),
)
DEPTH = passage("The update of LoRA is scaled by alpha.", LORA, ("Going deeper",))
LORA_ARTICLE = (DEFINITION, WHAT, INTUITION, MECHANISM, NUMBERS, LIMITS, DEPTH)

BITS = passage("Quantization is the use of fewer bits for each number.", QUANTIZATION)
INTEGERS = passage(
    "Quantization maps weights to integers. Unlike quantization, LoRA keeps all bits.",
    QUANTIZATION,
    ("How it works",),
)


def composed(question: str, *passages: Passage, level: Level | None = None) -> Draft:
    return compose(brief(question, *passages, level=level))


def told(question: str, *passages: Passage, level: Level | None = None) -> list[str]:
    return [sentence.text for sentence in composed(question, *passages, level=level)]


def sections(draft: Draft, passages: Sequence[Passage]) -> list[Passage]:
    """The passages that a draft cites, in order."""
    numbers = dict.fromkeys(number for sentence in draft for number in sentence.citations)
    return [passages[number - 1] for number in numbers]


def test_a_definition_comes_first() -> None:
    assert told("What is LoRA?", *LORA_ARTICLE)[0] == DEFINITION.text


def test_a_definition_is_followed_by_mechanism_and_caveat() -> None:
    cited = sections(composed("What is LoRA?", *LORA_ARTICLE), LORA_ARTICLE)
    assert [p for p in cited if p is not WHAT] == [DEFINITION, MECHANISM, LIMITS]


def test_a_question_for_the_mechanism_tells_it_whole_after_one_sentence_of_definition() -> None:
    assert told("How does LoRA work?", *LORA_ARTICLE) == [
        DEFINITION.text,
        *(sentence for sentence in MECHANISM.text.replace(". ", ".\n").split("\n")),
    ]


def test_a_question_for_an_example_is_answered_with_numbers() -> None:
    cited = sections(composed("Give me an example of LoRA", *LORA_ARTICLE), LORA_ARTICLE)
    assert cited == [DEFINITION, NUMBERS]


def test_a_question_for_limits_is_answered_with_strengths_and_limits() -> None:
    cited = sections(composed("What are the limits of LoRA?", *LORA_ARTICLE), LORA_ARTICLE)
    assert cited == [DEFINITION, LIMITS]


def test_a_question_for_the_purpose_gives_a_reason() -> None:
    reason = "LoRA needs little memory, because most weights stay frozen."
    assert reason in told("Why LoRA?", *LORA_ARTICLE)


def test_a_comparison_holds_both_sides_in_the_order_of_the_question() -> None:
    answer = told("quantization vs LoRA", *LORA_ARTICLE, BITS, INTEGERS)
    assert answer.index(BITS.text) < answer.index(DEFINITION.text)


def test_a_comparison_tells_what_sets_the_two_apart() -> None:
    answer = told("LoRA vs quantization", *LORA_ARTICLE, BITS, INTEGERS)
    assert answer[-1] == "Unlike quantization, LoRA keeps all bits."


def test_the_sides_of_a_comparison_are_paragraphs() -> None:
    draft = composed("LoRA vs quantization", *LORA_ARTICLE, BITS, INTEGERS)
    paragraphs = {sentence.text: sentence.paragraph for sentence in draft}
    assert paragraphs[DEFINITION.text] != paragraphs[BITS.text]


def test_a_comparison_of_which_a_side_is_not_found_is_answered_all_the_same() -> None:
    assert told("LoRA vs quantization", *LORA_ARTICLE) != []


def test_a_comparison_with_an_unknown_side_defines_the_known_one() -> None:
    assert told("LoRA vs QLoRA", *LORA_ARTICLE)[0] == DEFINITION.text


def test_a_beginner_is_told_the_intuition() -> None:
    draft = composed("What is LoRA?", *LORA_ARTICLE, level=Level.BEGINNER)
    assert sections(draft, LORA_ARTICLE) == [DEFINITION, INTUITION]


def test_an_expert_is_told_the_depths() -> None:
    draft = composed("What is LoRA?", *LORA_ARTICLE, level=Level.EXPERT)
    assert sections(draft, LORA_ARTICLE) == [DEFINITION, MECHANISM, DEPTH]


def test_a_practitioner_is_told_what_everybody_is_told() -> None:
    question = "What is LoRA?"
    practitioner = told(question, *LORA_ARTICLE, level=Level.PRACTITIONER)
    assert practitioner == told(question, *LORA_ARTICLE)


def test_a_specific_question_is_answered_with_the_sentence_that_holds_its_words() -> None:
    answer = told("By what is the update of LoRA scaled?", *LORA_ARTICLE)
    assert answer[0] == "The update of LoRA is scaled by alpha."


def test_a_sentence_that_answers_keeps_what_follows_it() -> None:
    answer = told("Which weights does LoRA freeze?", *LORA_ARTICLE)
    assert answer[:2] == ["LoRA freezes the weights of a model.", "It was introduced in 2021."]


def test_a_sentence_cites_the_passage_that_it_stands_in() -> None:
    for sentence in composed("What is LoRA?", *LORA_ARTICLE):
        [number] = sentence.citations
        assert sentence.text in LORA_ARTICLE[number - 1].text


@pytest.mark.parametrize(
    "question",
    [
        "What is LoRA?",
        "How does LoRA work?",
        "Why LoRA?",
        "LoRA example",
        "limits of LoRA",
        "LoRA vs quantization",
        "Who introduced LoRA in 2021?",
    ],
)
def test_no_paragraph_begins_with_a_pronoun(question: str) -> None:
    passages = [
        passage(f"It is old. Such a thing is rare. {p.text}", LORA, p.headings)
        for p in LORA_ARTICLE
    ]
    draft = composed(question, *passages, BITS, INTEGERS)
    first = {sentence.paragraph: sentence.text for sentence in reversed(draft)}
    assert first
    assert all(stands_alone(text) for text in first.values())


@pytest.mark.parametrize(
    "sentence",
    [
        "It freezes weights.",
        "This is cheap.",
        "These are small.",
        "However, it is slow.",
        "For example, rank 4 is common.",
        "The former is slower.",
        "As a result, less memory is needed.",
        "The formula above shows why.",
        "The following list names three.",
    ],
)
def test_what_leans_on_its_surroundings_does_not_stand_alone(sentence: str) -> None:
    assert not stands_alone(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["LoRA freezes weights.", "Italy is a country.", "Softmax turns scores into weights."],
)
def test_a_complete_sentence_stands_alone(sentence: str) -> None:
    assert stands_alone(sentence)


def test_a_sentence_that_stands_in_several_passages_is_told_once() -> None:
    again = passage(DEFINITION.text, LORA, ("Overview",))
    answer = told("What is LoRA?", DEFINITION, again, MECHANISM)
    assert len(answer) == len(set(answer))


def test_a_definition_that_is_a_reason_too_is_told_once() -> None:
    lets = passage("LoRA is a method that lets people train a model without much memory.", LORA)
    assert told("Why LoRA?", lets, LIMITS).count(lets.text) == 1


def test_the_same_definition_in_other_words_is_not_told_twice() -> None:
    again = passage("LoRA is a technique that adapts a model.", LORA, ("What it is",))
    assert again.text not in told("What is LoRA?", DEFINITION, again, MECHANISM)


@pytest.mark.parametrize(
    "question", ["What is LoRA?", "How does LoRA work?", "limits of LoRA", "Which rank has LoRA?"]
)
def test_an_answer_has_at_most_seven_sentences(question: str) -> None:
    many = " ".join(f"Rank {number} of LoRA suits layer {number * 7}." for number in range(40))
    passages = [passage(many, LORA, p.headings) for p in LORA_ARTICLE]
    assert 0 < len(told(question, DEFINITION, *passages)) <= MAX_SENTENCES == 7


def test_a_sentence_too_long_for_a_chat_is_left_out() -> None:
    long = "LoRA is " + "very " * MAX_WORDS + "useful."
    assert told("What is LoRA?", passage(long, LORA), MECHANISM) != []
    assert long not in told("What is LoRA?", passage(long, LORA), MECHANISM)


def test_a_question_in_an_article_is_no_answer() -> None:
    asking = passage("What is LoRA? LoRA is a method of fine-tuning.", LORA)
    assert told("What is LoRA?", asking) == ["LoRA is a method of fine-tuning."]


def test_an_article_without_known_headings_is_answered_from() -> None:
    foreign = [
        passage("LoRA adapts a model with small matrices.", LORA, ("Chapter 1",)),
        passage("Baking needs flour.", LORA, ("Chapter 2",)),
    ]
    assert told("What is LoRA?", *foreign)[0] == "LoRA adapts a model with small matrices."


def test_an_article_without_any_headings_is_answered_from() -> None:
    foreign = passage("Adam keeps two averages. Adam was introduced in 2014.", Article("7", "", ()))
    assert told("When was Adam introduced?", foreign)[0] == "Adam was introduced in 2014."


@pytest.mark.parametrize("text", ["", "```\ncode()\n```", "| a | b |\n|---|---|", "no full stop"])
def test_without_a_sentence_there_is_no_answer(text: str) -> None:
    assert told("What is LoRA?", passage(text, LORA)) == []


def test_without_passages_there_is_no_answer() -> None:
    assert told("What is LoRA?") == []


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("What it is", Role.DEFINITION),
        ("Introduction", Role.DEFINITION),
        ("Intuition", Role.INTUITION),
        ("How it works", Role.MECHANISM),
        ("In numbers", Role.EXAMPLE),
        ("A worked example", Role.EXAMPLE),
        ("Strengths and limits", Role.TRADEOFFS),
        ("Going deeper", Role.DEPTH),
        ("Common misconceptions", Role.MISCONCEPTION),
        ("History", Role.OTHER),
    ],
)
def test_a_heading_tells_what_its_section_is_for(heading: str, role: Role) -> None:
    assert role_of((heading,)) is role


def test_a_section_has_the_role_of_the_heading_above_its_own() -> None:
    assert role_of(("Common misconceptions", "What is LoRA?")) is Role.MISCONCEPTION


def test_text_above_all_headings_defines() -> None:
    assert role_of(()) is Role.DEFINITION


HISTORY = passage(
    "The update is scaled by alpha. Hu published the method in June. It spread at once. "
    "Microsoft employed the authors of LoRA.",
    LORA,
    ("History",),
)
ELSEWHERE = passage("Hu published the method in June.", QUANTIZATION, ("History",))
ASKED = "By what is the update of LoRA scaled?"


def answered(sentence: str, holder: Passage, *passages: Passage) -> Draft:
    """What is composed where a reader found the answer in a sentence of a passage."""
    answer = FoundAnswer(holder.id, sentence, 3.0)
    return compose(brief(ASKED, *passages, answer=answer))


def test_the_sentence_that_the_reader_found_comes_first() -> None:
    sentence = "Hu published the method in June."
    draft = answered(sentence, HISTORY, *LORA_ARTICLE, HISTORY)

    assert told(ASKED, *LORA_ARTICLE, HISTORY)[0] != sentence
    assert (draft[0].text, draft[0].citations) == (sentence, (len(LORA_ARTICLE) + 1,))


def test_the_sentence_that_the_reader_found_keeps_what_it_points_back_to() -> None:
    texts = [sentence.text for sentence in answered("It spread at once.", HISTORY, HISTORY)]

    assert texts[:2] == ["Hu published the method in June.", "It spread at once."]


def test_after_what_the_reader_found_the_question_is_answered_by_its_words() -> None:
    texts = [
        sentence.text
        for sentence in answered("Hu published the method in June.", HISTORY, DEPTH, HISTORY)
    ]

    assert DEPTH.text in texts[1:]


def test_of_equal_sentences_the_one_in_the_passage_that_was_read_is_cited() -> None:
    draft = answered("Hu published the method in June.", HISTORY, ELSEWHERE, HISTORY)

    assert draft[0].citations == (2,)


def test_what_the_reader_found_elsewhere_is_not_told() -> None:
    draft = answered("Hu published the method in June.", HISTORY, *LORA_ARTICLE)

    assert draft == compose(brief(ASKED, *LORA_ARTICLE))


def test_a_sentence_that_leans_on_too_much_is_not_put_first() -> None:
    leaning = passage("It is old. This is rare. They know. Those agree.", LORA, ("History",))
    draft = answered("Those agree.", leaning, DEPTH, leaning)

    assert draft[0].text == DEPTH.text


@pytest.mark.parametrize(
    ("name", "article"),
    [
        ("RNN", RNN),
        ("RNNs", RNN),
        ("rnn", RNN),
        ("MHA", HEADS),
        ("LoRA", LORA),
        ("Self attention", ATTENTION),
    ],
)
def test_an_abbreviation_of_a_topic_is_another_name_for_it(name: str, article: Article) -> None:
    """It is answered with the whole article, not with the sentences that begin with it."""
    lead = passage(f"The {article.title} is a concept.", article)
    aside = passage(f"{name} is an abbreviation.", article, ("Common misconceptions",))

    assert told(f"What is {name}?", lead, aside)[0] == lead.text


def test_what_is_only_a_part_of_a_topic_is_answered_with_what_is_said_about_it() -> None:
    lead = passage("The LoRA is a concept.", LORA)
    part = passage("Low-rank adaptation has a rank.", LORA, ("How it works",))

    assert told("What is low-rank adaptation?", lead, part) == [part.text]


@pytest.mark.parametrize(
    ("name", "title", "abbreviates"),
    [
        ("RAG", "Retrieval-augmented generation", True),
        ("MoE", "Mixture of experts", True),
        ("LLMs", "Large language model", True),
        ("RLHF", "Reinforcement learning from human feedback", True),
        ("GAR", "Retrieval-augmented generation", False),
        ("RAGS2", "Retrieval-augmented generation", False),
        ("Word2Vec", "Word embedding", False),
    ],
)
def test_an_abbreviation_has_the_initials_in_order(
    name: str, title: str, abbreviates: bool
) -> None:
    assert _abbreviates(name, title) is abbreviates
