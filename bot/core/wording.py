"""Everything that the bot says in its own words."""

from __future__ import annotations

GREETING = (
    "Hi! I explain AI concepts and cite my sources. Ask me something like “What is self-attention?”"
)
THANKS = "You're welcome!"
EMPTY = "I'm here. What would you like to have explained?"
FAREWELL = "See you!"

READING = "Looking through the articles…"
WRITING = "Reading {passages} passages and checking every sentence…"

NOT_COVERED = "My articles don't cover that, so I'd rather not guess."
NOT_SAID = "My articles treat {topics}, but don't say what you ask, so I'd rather not guess."
NO_SUBJECT = "Which concept do you mean? Name it, like in “How does self-attention work?”"
NEAREST = "The nearest topics I know: {topics}."
NOTHING_PROVEN = (
    "I found articles on the subject, but no sentence that I could prove from them, so I'd "
    "rather not answer."
)
PARTLY = "My articles don't cover {missing}."
MODEL_FAILED = (
    "The language model gave no answer that could be proven, so these are sentences from the "
    "articles."
)
ASK_NEXT = "You could ask next:"

EMPTY_QUESTION = "The question is empty. Ask something like: What is self-attention?"
TOO_LONG = "The question has {length:,} characters; please keep it under {limit:,}."

NO_TOPIC = "Which topic? For example: self-attention."
UNKNOWN_TOPIC = "I have no article about “{name}”."
DID_YOU_MEAN = "Did you mean {topics}?"
TOPICS_OF = "Prerequisites: {topics}."
RELATED_TO = "Related: {topics}."

PATH_TO = "What to learn before {topic}"
PATH_EMPTY = "{topic} needs no other topic first."
PATH_STEP = "{number}. {topic}"
PATH_STEP_OF_LEVEL = "{number}. {topic} ({level})"
PATH_ONWARDS = "It leads on to: {topics}."
PICTURE_APART = "The picture comes as a direct message."
PICTURE_LOST = "There is a picture, too, but it could not be sent."

NOT_YET_READY = "I haven't read my articles yet. Please ask me again in a minute."
OUT_OF_ORDER = "Something went wrong on my side, and it has been noted. Please try again later."
OPERATORS_ONLY = "Only the operators of this bot may reindex its articles."
REINDEX_STARTS = "Reading the sources…"
REINDEX_STEP = "Reindexing: {step}, {done:,} of {total:,}…"
REINDEX_PACE = "Reindexing: {step}, {done:,} of {total:,}, {rate:,.0f} a second, about {left} left…"
REINDEX_COUNTS = "Reindexing: {step}, {done:,} so far…"
REINDEX_UNCHANGED = "Nothing changed: {unchanged:,} articles are up to date ({seconds:.1f} s)."
REINDEX_DONE = (
    "Edition {edition} is published: {added:,} added, {changed:,} changed, {removed:,} removed, "
    "{unchanged:,} unchanged; {embedded:,} passages embedded in {seconds:.1f} s."
)
REINDEX_WOULD = (
    "Would be published: {added:,} added, {changed:,} changed, {removed:,} removed, "
    "{unchanged:,} unchanged."
)
REINDEX_WOULD_NOT = "Nothing would change: {unchanged:,} articles are up to date."
REINDEX_REPEATED = "Repetitions, found under the article that they repeat: {count:,}."
REINDEX_ADDED = "Added:"
REINDEX_CHANGED = "Changed:"
REINDEX_REMOVED = "Removed:"
AND_MORE = "… and {count:,} more"
REINDEX_HOW = "Behind the command may stand {choices}, or nothing."
REINDEX_FAILED = "The articles were not reindexed; the last edition still answers. {reason}"
REINDEX_PROBLEMS = "Could not be read ({count:,}):"
SAID_IN_A_CHAT = {
    "`explainer reindex --force`": "“/reindex force”",
    "`explainer reindex`": "“/reindex”",
}
"""What the knowledge advises to type into a terminal, as it is said in a chat."""

ENGLISH_ONLY = {
    "ar": "مقالاتي بالإنجليزية فقط في الوقت الحالي. من فضلك اطرح سؤالك بالإنجليزية.",
    "cs": "Mé články jsou zatím jen v angličtině. Zeptejte se prosím anglicky.",
    "da": "Mine artikler er indtil videre kun på engelsk. Stil venligst spørgsmålet på engelsk.",
    "de": "Meine Artikel gibt es bisher nur auf Englisch. Bitte stell deine Frage auf Englisch.",
    "el": "Τα άρθρα μου είναι προς το παρόν μόνο στα αγγλικά. Κάνε την ερώτησή σου στα αγγλικά.",
    "es": "Por ahora mis artículos están solo en inglés. Por favor, haz tu pregunta en inglés.",
    "fi": "Artikkelini ovat toistaiseksi vain englanniksi. Esitä kysymyksesi englanniksi.",
    "fr": "Mes articles ne sont pour l'instant qu'en anglais. Pose ta question en anglais, "
    "s'il te plaît.",
    "he": "המאמרים שלי הם בינתיים באנגלית בלבד. אפשר לשאול אותי באנגלית.",
    "hi": "मेरे लेख फ़िलहाल केवल अंग्रेज़ी में हैं। कृपया अपना सवाल अंग्रेज़ी में पूछें।",
    "hu": "A cikkeim egyelőre csak angolul vannak meg. Kérlek, angolul tedd fel a kérdésedet.",
    "id": "Artikel saya saat ini hanya dalam bahasa Inggris. Silakan bertanya dalam bahasa "
    "Inggris.",
    "it": "Per ora i miei articoli sono solo in inglese. Per favore, fai la domanda in inglese.",
    "ja": "今のところ記事は英語だけです。英語で質問してください。",
    "ko": "지금은 글이 영어로만 되어 있습니다. 영어로 질문해 주세요.",
    "nl": "Mijn artikelen zijn voorlopig alleen in het Engels. Stel je vraag in het Engels.",
    "no": "Artiklene mine finnes foreløpig bare på engelsk. Still spørsmålet på engelsk.",
    "pl": "Moje artykuły są na razie tylko po angielsku. Zadaj pytanie po angielsku.",
    "pt": "Por enquanto meus artigos estão só em inglês. Por favor, faça a pergunta em inglês.",
    "ro": "Deocamdată articolele mele sunt doar în engleză. Te rog, pune întrebarea în engleză.",
    "ru": "Мои статьи пока только на английском. Пожалуйста, задайте вопрос по-английски.",
    "sv": "Mina artiklar finns än så länge bara på engelska. Ställ gärna frågan på engelska.",
    "th": "ตอนนี้บทความมีเฉพาะภาษาอังกฤษ กรุณาถามเป็นภาษาอังกฤษ",
    "tr": "Makalelerim şimdilik yalnızca İngilizce. Lütfen sorunuzu İngilizce sorun.",
    "uk": "Мої статті поки що лише англійською. Будь ласка, поставте запитання англійською.",
    "vi": "Hiện các bài viết của tôi chỉ có tiếng Anh. Vui lòng hỏi bằng tiếng Anh.",
    "zh": "我的文章目前只有英文。请用英文提问。",
}
"""The honest word to a question in another language: the articles are English, for now."""


def listed(names: list[str], joint: str = "or") -> str:
    """Join names as people do: "a, b or c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"
