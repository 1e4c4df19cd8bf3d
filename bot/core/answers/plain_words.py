"""Words by their part in a statement: those that carry no fact, and those that turn it round."""

from __future__ import annotations

from knowledge.words import terms

NEGATIONS = frozenset(
    "not no never none neither nor cannot without lack lacks fail fails hardly".split()
)

TURNING = frozenset(
    "two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand "
    "million billion trillion half third quarter double triple twice none few several less fewer "
    "more most least always never first second last all both some only before after above below "
    "under down higher lower larger smaller".split()
)
"""Words that retrieval passes over, but that turn a statement into another one."""

LIGHT = frozenset(
    terms(
        "able about accord according accordingly achieve across act actual actually add added "
        "addition additional additionally again alike allow allows almost alone along already "
        "also although among amount another anybody anyone anything apart appear apply applied "
        "approach around arrive ask aspect assign attach available away back based basically "
        "become becoming begin behave being belong beside besides better between beyond bring "
        "bypass call called can carry carried case cause certain choose chosen clear clearly "
        "collect come commonly complete completely concern consider consist contain continue "
        "could deal decide depend describe describes described determine different do easily "
        "easy else enable enables end enough ensure enter entire entirely especially even "
        "everybody everyone everything exactly example exist explain extra face fact fairly far "
        "favor favour favoured favored find first fit fix follow following form found frequently "
        "fully further furthermore general generally get gets getting give given gives giving go "
        "goes going gone good got great handle happen have help helps hence hold holds idea "
        "important importantly in include includes including indeed indicate inside instead into "
        "involve involves it itself join just keep keeps kept kind know known largely later lead "
        "leads leave leaving left let lets letting like likewise little look made main mainly "
        "make makes making manner many may mean meaning means meant merely method might model "
        "moreover mostly move much must name namely natural near nearby nearly need needed needs "
        "new next notably note notice now number numerous obtain occur off offer often on open "
        "operate order ordinary other otherwise outside overall own part particular particularly "
        "perform perhaps person piece place play point possible practice practically precisely "
        "present presents previously price process produce produces properly provide provides "
        "purpose put quite rather reach read ready really receive refer refers regard relate "
        "remain remains repeat report represent require required requires rest result resulting "
        "roughly run same say says saying see seem seen send serve set sets several shall share "
        "should show shown shows simply since single sit situation small so someone something "
        "somewhat sort stand start state stay step still stop store such suit suited take taken "
        "takes task technique tell thanks thereby therefore thing think though through throughout "
        "thus together total toward towards treat tries try turn turns type typical typically "
        "undergo understand unlike until upon use used useful uses using usual usually various "
        "very via view want way well went whatever when whenever whereas wherever whether which "
        "while whole whose will with within word work works would write written yet yield"
    )
)
"""Words that carry no fact of their own: a sentence may use them though its passage doesn't."""
