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
OVER_BUDGET = (
    "I may not use the language model any more for now, so these are sentences from the articles."
)
STOPPED = "Stopped, as you asked."
ASK_NEXT = "You could ask next:"

EMPTY_QUESTION = "The question is empty. Ask something like: What is self-attention?"
TOO_LONG = "The question has {length:,} characters; please keep it under {limit:,}."

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

UNKNOWN_KIND = "I can't show “{kind}”. I can show {kinds}."
SHOW_HOW = "Which words shall I show? Give some, for example: /show {kind} {example}"
SHOW_FIRST = "Drawing it…"
SHOW_FAILED = "The picture could not be drawn in time. Please try a shorter text."
SHOW_BUSY = "Many pictures are being drawn right now. Please try again in a minute."
SHOW_EXAMPLE = "Shown on an example. Try it on words of your own."
OTHER_MODEL = "Another model searches the articles here; shown is the packaged one."
SHOW_CUT = "Only the first part of the words is shown."

TOO_BUSY = "I have more questions than I can answer right now. Please ask again in a few minutes."
TOO_MANY_IN_ALL = "I have answered as much as I may for now. Please ask again in a while."
TOO_MANY = "You have asked a lot in a short time. Please give me a little while."
TOO_MANY_HERE = "A lot was asked here in a short time. Please try again a little later."
NEVER_HERE = "An administrator has asked me not to answer in this channel."
QUIET = "I'll speak here only when I am addressed. Tell me “speak” to have me back."
NOT_QUIET = "I may speak here again."
GOOD_RATING = "Thank you!"
BAD_RATING = "Thank you. It helps those who take care of the articles."
NOTHING_LEFT = "I don't remember what this button was about. Please ask me again."
NO_TERMS = "I know none of the terms in it."

SIMPLER = "Simpler"
DEEPER = "Deeper"
SHOW_ME = "Show me"
ASK = "Ask"
ASK_MORE = "Ask more"
SHARE = "Share with the channel"
STOP = "Stop"
BE_QUIET = "Quiet here"
OTHER_TEXT = "Another text"
REINDEX = "Reindex"
REINDEX_NOW = "Reindex now"
FORCE_NOW = "Publish all the same"
ROLL_BACK_TO = "Edition {edition} of {created}"
RELEASE = "End the rollback"

ASK_MORE_LABEL = "Your question"
ASK_MORE_HINT = "For example: why is it scaled?"
BAD_TITLE = "It didn't help"
BAD_LABEL = "What was wrong or missing?"
BAD_HINT = "For example: it doesn't say why"
OTHER_TEXT_LABEL = "Your words"
OTHER_TEXT_HINT = "Put | between several texts"

PRIVACY = "What I keep of you"
KEEPS = (
    "I keep what people ask me, what I answer and where, and their thumbs: buttons and follow-ups "
    "need it, and those who take care of the articles see what is missing."
)
KEPT_FOR = "It is deleted after {days} days."
KEPT = "It is kept until you have it deleted."
KNOWN_BY_ID = "You are known by the id that this platform gives you; your name isn't kept."
KNOWN_BY_HASH = "Your id is kept as a keyed hash, which doesn't tell who you are."
MODEL_SEES = "Questions go to the language model {model}, without a word about whose they are."
NOBODY_SEES = "No language model gets your words."
KEEPS_NOT = "Messages that are neither for me nor questions aren't kept."
OF_YOU = "Of you I keep"
NOTHING = "nothing"
KNOWS_NOTHING = "I keep nothing of you."
FORGET_ME = "Forget me"
FORGET_ASK = (
    "Shall I delete {known} of yours for good? What I said in channels stays there; if you want it "
    "gone, delete your questions first, and I take my answers away."
)
FORGOTTEN = (
    "I have deleted {known} of yours. Only how much you asked lately counts on, until the time of "
    "the limits is over."
)

HELP = (
    "I explain AI concepts from articles, and I prove every sentence before I post it. "
    "Mention me with a question, write to me directly, or use a command:"
)
HELP_BUTTONS = (
    "Under an answer there are buttons to have it simpler, deeper, or shown on a real model. "
    "Thumbs down tells those who take care of the articles what is missing."
)
TOPICS = "Topics that I know ({count:,})"
NO_THEME = "I know no theme “{theme}”. The themes are {themes}."
COMPARING = "What is the difference between {a} and {b}?"
COMMAND_USE = "That's not how I understand it. Type: {usage}"
COMMANDS_OF = "I understand:"
CHOICES_OF = "“{name}” may be {choices}."

RELEASED = "Reindexes may publish again."
ROLLED_BACK = (
    "Edition {edition} of {created} serves and is pinned: no reindex publishes over it until the "
    "rollback is ended."
)
ROLL_BACK_WHICH = "Which edition shall serve? It is pinned then, until the rollback is ended."
NO_EARLIER_EDITION = "There is no earlier edition."
SOURCES = "Sources"
SOURCE_LINE = "{name} ({kind}): {articles:,} articles, read {read}"
NEVER_READ = "never"
STALE_LINE = "{name}: as it was on {since}, since {reason}"
EDITIONS = "Editions"
EDITION_LINE = (
    "Edition {edition} of {created}, {state}: {articles:,} articles, {passages:,} passages "
    "({added:,} added, {changed:,} changed, {removed:,} removed)"
)
EDITION_SERVES = "serving"
EDITION_PINNED = "serving, pinned since {since}"
EDITION_KEPT = "kept"
TROUBLED_SOURCES = "Not all could be read of: {sources}. The list of sources says why."
SOURCES_READ = "All sources were read ({count:,})."
NO_SOURCE = "There is no source “{name}”. The sources are {sources}."
CHANNEL = "In this channel:"
CHANNEL_ANSWERS = {
    "always": "I answer every question that I can answer",
    "addressed": "I answer when I am addressed",
    "never": "I don't answer",
}
CHANNEL_QUIET = "I answer when I am addressed; somebody asked me to be quiet"
CHANNEL_LEVEL = "Answers are written for: {level}"
CHANNEL_NO_LEVEL = "anybody"
CHANNEL_SOURCES = "Answers come from: {sources}"
CHANNEL_ALL_SOURCES = "all sources"
GAPS = "Asked here and not answered well"
GAP_LINE = "{question} ({times}×, {why})"
GAP_DECLINED = "not covered"
GAP_BAD = "thumbs down"
NO_GAPS = "Nothing was asked here in the last 90 days that I could not answer."

HOME = "Ask me about AI"
HOME_RECENT = "Ask again:"
HOME_STATE = "How the index is doing"

NOT_YET_READY = "I haven't read my articles yet. Please ask me again in a minute."
OUT_OF_ORDER = "Something went wrong on my side, and it has been noted. Please try again later."
OPERATORS_ONLY = "Only the operators of this bot may do that: it changes everybody's articles."
ADMINISTRATORS_ONLY = "Only those who administer this place may do that."
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
REINDEX_ASK = "Shall I read them now?"
REINDEX_FAILED = "The articles were not reindexed; the last edition still answers. {reason}"
REINDEX_PROBLEMS = "Could not be read ({count:,}):"
SAID_IN_A_CHAT = {
    "run `explainer reindex --force`": "press “Publish all the same”",
    "`explainer reindex --force`": "“Publish all the same”",
    "`explainer reindex`": "“reindex”",
    "`explainer rollback --release`": "“explainer rollback release”",
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


def counted(number: int, thing: str) -> str:
    """A number of things: "1 question", "2 questions"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def listed(names: list[str], joint: str = "or") -> str:
    """Join names as people do: "a, b or c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


HELPED = "It helped"
DID_NOT_HELP = "It didn't help"
ASK_SHORTCUT = "Ask Explainer"
SEND = "Send"
CANCEL = "Cancel"


COMMAND_GROUP = "See how the bot is doing, and set it up"
NOT_INSTALLED = "I am not installed in this workspace any more. Ask whoever runs me how to add me."
