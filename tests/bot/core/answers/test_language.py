"""In which language was it asked?"""

from __future__ import annotations

import pytest

from bot.core.answers.language import LANGUAGES, language_of
from bot.core.messages.wording import ENGLISH_ONLY


@pytest.mark.parametrize(
    "question",
    [
        "What is BERT?",
        "Explain GPT, LoRA, Gemma, Mixtral and Stable Diffusion 3",
        "Who are Ashish Vaswani, Noam Shazeer, Niki Parmar and Jakob Uszkoreit?",
        "Did Bahdanau, Cho and Bengio compare GRU and LSTM?",
        "How does Kaplan et al. differ from Chinchilla?",
        "explain quantization error",
        "Word2Vec GloVe BERT ELMo",
        "LoRA vs QLoRA",
        "self-attention",
        "KV-Cache",
        "token probability",
        "RAG",
        "512 x 512?",
    ],
)
def test_a_question_full_of_names_is_english(question: str) -> None:
    assert language_of(question) == "en"


@pytest.mark.parametrize("question", ["gradient descent momentum", "Gemma Mistral Mixtral Llama"])
def test_names_of_topics_do_not_tell_the_language(question: str) -> None:
    assert language_of(question, ("gradient descent", "Gemma", "Mixtral", "Mistral")) == "en"


def test_an_english_question_about_a_foreign_word_is_english() -> None:
    assert language_of("What does the word 注意 mean?") == "en"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("es", "¿Cómo funciona el mecanismo de atención en los transformers?"),
        ("de", "Wie funktioniert Backpropagation in neuronalen Netzen?"),
        ("fr", "Comment fonctionne un réseau de neurones ?"),
        ("it", "Che cos'è la retropropagazione?"),
        ("pt", "O que é uma rede neural?"),
        ("nl", "Wat is een neuraal netwerk?"),
        ("da", "Hvad er et neuralt netværk?"),
        ("sv", "Vad är ett neuralt nätverk?"),
        ("fi", "Mikä on neuroverkko?"),
        ("pl", "Co to jest sieć neuronowa?"),
        ("cs", "Co je to neuronová síť?"),
        ("hu", "Mi az a neurális háló?"),
        ("ro", "Ce este o rețea neuronală?"),
        ("tr", "Sinir ağı nedir?"),
        ("id", "Apa itu jaringan saraf tiruan?"),
        ("vi", "Mạng nơ-ron là gì?"),
    ],
)
def test_a_language_in_latin_letters_is_recognised(language: str, question: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("ru", "Что такое нейронная сеть?"),
        ("uk", "Що таке нейронна мережа?"),
        ("el", "Τι είναι ένα νευρωνικό δίκτυο;"),
        ("ar", "ما هي الشبكة العصبية؟"),
        ("he", "מהי רשת נוירונים?"),
        ("hi", "न्यूरल नेटवर्क क्या है?"),
        ("th", "โครงข่ายประสาทเทียมคืออะไร"),
        ("ja", "自己注意機構とは何ですか"),
        ("ko", "셀프 어텐션이 무엇인가요?"),
        ("zh", "自注意力机制是什么？"),
    ],
)
def test_a_language_in_another_script_is_recognised(language: str, question: str) -> None:
    assert language_of(question) == language


def test_a_foreign_question_about_an_english_name_is_foreign() -> None:
    assert language_of("¿Qué es el self-attention y para qué sirve?", ["self-attention"]) == "es"


@pytest.mark.parametrize("question", ["¿Qué es LoRA?", "¿LoRA?", "Cómo LoRA?"])
def test_spanish_marks_tell_spanish_however_short(question: str) -> None:
    assert language_of(question, ["LoRA"]) == "es"


def test_there_is_a_word_for_every_language_but_english() -> None:
    assert set(ENGLISH_ONLY) == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("language", sorted(ENGLISH_ONLY))
def test_the_word_for_a_language_is_in_that_language(language: str) -> None:
    assert language_of(ENGLISH_ONLY[language]) == language
