"""Who the guests of a load test are, and what they write: names, telephone numbers that reach nobody, sentences.

Telephone numbers are of 555-0100 to 555-0199 in North American area codes, which are kept for drama; every numbering
plan takes them for real ones. The first area codes belong to regulars, who come back within a run and must be known
again; all other guests have a number of their own. Addresses are under the domains kept for examples.

Every message carries a word that occurs nowhere else (`mark_of`), so that it can be found again, in a case and by the
audit.
"""

from typing import TypeVar

from domain.signals import BITS, Signal
from loadtests.scripts.steps import Contact

Said = TypeVar("Said")
_AREAS = (
    "201202203205206207208209210212213214215216217218219224225228229231234239240248251252253254256260262267269270"
    "276281301302303304305307308309310312313314315316317318319320321323325330331334336337339347351352360361386401"
    "402404405406407408409410412413414415417419423424425430432434435440443469478479480484501502503504505507508509"
    "510512513515516517518520530540541551559561562563567570571573574580585586601602603605606607608609610612614615"
    "616617618619620623626630631636641646650651660661662678682701702703704706707708712713714715716717718719720724"
    "727731732734740754757760763765770772773774775781785786801802803804805806810812813814815816817818828830831832"
    "843845847848850856857858859860862863864865870901903904906907908909910912913914915916917918919920925928931936"
    "937940941947949951952954956970971972973978979980985"
)
_DIGITS = 3
_LINES = 100
_OF_REGULARS = 2
REGULARS = _OF_REGULARS * _LINES
OTHERS = (len(_AREAS) // _DIGITS - _OF_REGULARS) * _LINES

_GIVEN = {
    "tr": ("Ayşe", "Mehmet", "Elif", "Çağrı", "Zeynep", "Işıl", "Ömer", "Gül"),
    "en": ("Anna", "James", "Olivia", "Harry", "Emily", "George", "Grace", "Oscar"),
    "de": ("Jürgen", "Sabine", "Lena", "Björn", "Petra", "Jonas", "Heike", "Lukas"),
    "ru": ("Анна", "Иван", "Ольга", "Дмитрий", "Елена", "Сергей", "Ксения", "Юрий"),
}
_SURNAMES = {
    "tr": ("Yılmaz", "Şahin", "Öztürk", "Çelik", "Kılıç", "Güneş", "Aydın", "İlkışık"),
    "en": ("Clarke", "O'Neill", "Taylor", "Walker", "Hughes", "Wright", "Green", "Ward"),
    "de": ("Müller", "Weiß", "Schröder", "Köhler", "Krüger", "Vogel", "Jäger", "Groß"),
    "ru": ("Иванова", "Петров", "Смирнова", "Кузнецов", "Попова", "Волков", "Орлова", "Белов"),
}
_WISHES = {
    "tr": "Merhaba, {adults} kişi {nights} gece için oda fiyatı alabilir miyim?",
    "en": "Hello, what does a room for {adults} cost for {nights} nights?",
    "de": "Guten Tag, was kostet ein Zimmer für {adults} Personen und {nights} Nächte?",
    "ru": "Здравствуйте, сколько стоит номер для {adults} человек на {nights} ночей?",
}
_QUESTIONS = {
    "tr": "Merhaba, transfer saatimiz için yardım eder misiniz?",
    "en": "Hello, could you please help us with the transfer time?",
    "de": "Guten Tag, können Sie uns bitte mit der Uhrzeit für den Transfer helfen?",
    "ru": "Здравствуйте, помогите, пожалуйста, со временем трансфера.",
}
_MORE = {
    "tr": "Peki, bir de deniz manzarası var mı?",
    "en": "I see. And do you have one with a view of the sea?",
    "de": "Verstehe. Und haben Sie eines mit Blick auf das Meer?",
    "ru": "Понятно. А есть ли номер с видом на море?",
}
_CANCELS = {
    "tr": "Rezervasyonumu iptal etmek istiyorum.",
    "en": "I want to cancel my reservation.",
    "de": "Ich möchte meine Reservierung stornieren.",
    "ru": "Я хочу отменить бронирование.",
}
_ANSWERS = {
    "tr": "Elbette, hemen bakıyorum.",
    "en": "Of course, I am looking into it.",
    "de": "Gern, ich sehe sofort nach.",
    "ru": "Конечно, сейчас посмотрю.",
}


def name_of(contact: Contact) -> str:
    """A name in the contact's language; guests far apart may share one."""
    return _name(contact.number, contact.language)


def card_of(contact: Contact) -> dict[str, str]:
    """What an agent writes down of a guest: name, telephone number, address, language."""
    return {
        "name": name_of(contact),
        "phone": number_of(contact),
        "email": f"guest{contact.number}@example.com",
        "language": contact.language,
    }


def card_of_regular(place: int) -> dict[str, str]:
    """The same of a guest who comes again and again."""
    one = place % REGULARS
    return {"name": _name(one, "en"), "phone": _number(one), "email": f"regular{one}@example.com", "language": "en"}


def _name(number: int, language: str) -> str:
    given, surnames = _of(_GIVEN, language), _of(_SURNAMES, language)
    return f"{given[number % len(given)]} {surnames[number // len(given) % len(surnames)]}"


def number_of(contact: Contact) -> str:
    """His own telephone number, E.164."""
    place = _OF_REGULARS * _LINES + contact.number % OTHERS
    return _number(place)


def _number(place: int) -> str:
    area, line = divmod(place, _LINES)
    return f"+1{_AREAS[area * _DIGITS : (area + 1) * _DIGITS]}55501{line:02d}"


def mark_of(run_id: str, contact: Contact) -> str:
    """A word that stands in everything this contact writes and nowhere else."""
    return f"{run_id}-{contact.number}"


def first_words(contact: Contact, mark: str) -> str:
    """What he begins with."""
    if contact.signals & BITS[Signal.CANCELLATION]:
        said = _of(_CANCELS, contact.language)
    elif contact.intent == "sales":
        said = _of(_WISHES, contact.language).format(adults=contact.adults, nights=contact.nights)
    else:
        said = _of(_QUESTIONS, contact.language)
    return f"{said} ({mark})"


def more_words(contact: Contact, mark: str) -> str:
    """What he goes on with."""
    return f"{_of(_MORE, contact.language)} ({mark})"


def answer_words(contact: Contact) -> str:
    """What an agent answers."""
    return _of(_ANSWERS, contact.language)


def _of(table: dict[str, Said], language: str) -> Said:
    return table.get(language, table["en"])
