"""Words that say little about an issue: they never prove that two texts are about the same one."""

from helpdesk.domain.text_words import words

#: Words that say nothing about the issue; they are searched only if the query has no others.
STOP_WORDS = frozenset(
    words(
        "a an and any are as at be been but by can could can't did do does don't for from get had "
        "has have how i if in into is it its me my no not of on or our please so some that the "
        "their them then there these this to up use was we were what when where which who why "
        "will with would you your "
        "der die das ein eine ist nicht und ich zu mit le la les un une est pas je de et"
    )
)
_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand first "
    "second third fourth fifth last next once twice half both each every all none many several few "
    "eins zwei drei vier fünf sechs sieben acht neun zehn erste zweite dritte zweiten dritten "
    "deux trois quatre cinq sept huit neuf dix premier première deuxième troisième"
)
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january "
    "february march april may june july august september october november december "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli "
    "oktober dezember lundi mardi mercredi jeudi vendredi samedi dimanche janvier février avril "
    "juin juillet août septembre octobre novembre décembre"
)
_TIMES = (
    "today tomorrow "
    "yesterday tonight morning noon afternoon evening night day days daily week weeks weekly month "
    "months monthly year years hour hours hourly minute minutes second seconds time times now then "
    "since until before after again still always never sometimes often ago late early soon already "
    "yet am pm oclock between during while "
    "heute morgen gestern abend nacht tag tage woche wochen monat monate jahr "
    "jahre stunde stunden minuten uhr seit bis wieder immer "
    "mars aujourd'hui demain hier matin soir nuit jour jours "
    "semaine mois an ans heure heures minute toujours encore"
)
_PLACES = (
    "floor floors room rooms building buildings office offices desk desks seat seats level house "
    "hall corridor kitchen lobby basement ground site area place here there street city town ward "
    "entrance door stairs lift elevator meeting left right upstairs downstairs north south east "
    "west stock etage raum räume zimmer gebäude büro büros platz halle flur keller eingang küche "
    "standort hier dort étage salle salles bureau bureaux bâtiment place ici là couloir"
)
_MANNERS = (
    "hi hello dear thanks thank regards kind kindly best team all sir madam hey good urgent asap "
    "help need needs needed want wants like make makes made go goes going got give gives take "
    "takes see look looks know problem problems issue issues question something anything nothing "
    "everything someone anyone somebody nobody thing things way just only also very really too "
    "much more most same other another new old big small about because however about out off over "
    "under back down he she him her his us they than am im ive cannot doesnt isnt wont should must "
    "test asked said says "
    "hallo bitte danke hilfe problem frage der dem den des im am auf für von wir ihr sie er es "
    "kann mein meine meinen neu neue neuer bonjour merci aide problème nous vous il elle mon ma "
    "mes du des sur dans pour ne plus"
)
#: Days of the week and months.
TIMES = frozenset(words(_DAYS))
#: Words of a subject that do not change what it is about.
COURTESIES = (STOP_WORDS - frozenset(("not", "no", "nicht", "pas", "cant", "dont"))) | frozenset(
    words(
        "re fw fwd aw wg hi hello dear please thanks thank regards urgent asap help need needs "
        "want wants bitte danke hilfe merci"
    )
)
#: Words that say nothing of what an issue is about; see :func:`carries_meaning`.
PLAIN = STOP_WORDS | TIMES | frozenset(words(f"{_NUMBERS} {_TIMES} {_PLACES} {_MANNERS}"))
#: The fewest characters of a code (``0x80070643``, ``kb5034441``) that names one thing.
_CODE = 5


def carries_meaning(word: str) -> bool:
    """Whether a folded word says what an issue is about.

    Numbers, places, times and polite words do not; a long code does.
    """
    if any(char.isdigit() for char in word):
        return len(word) >= _CODE
    return len(word) > 1 and word not in PLAIN
