"""The words of a contact log: names of its columns and of what stands in them, in English and Turkish.

Names are compared without case, accents and spaces, as everywhere where files come in. Columns that the call records of
telephone systems have anyway keep the names those use.
"""

from collections.abc import Mapping

from scenarios.schema.season_words import CHANNELS, INTENTS, LANGUAGES
from sim.fit.log import Seen
from sim.plan import Leg

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "started": (
        *("start_stamp", "start", "calldate", "bas", "baslangic", "started_at", "arrived", "arrived_at", "created_at"),
        *("gelis", "gelis_zamani", "zaman", "tarih_saat", "tarih"),
    ),
    "channel": ("kanal",),
    "direction": ("yon", "call_direction", "cagri_yonu"),
    "language": ("dil",),
    "intent": ("niyet", "konu", "subject", "topic", "tur"),
    "leg": ("asama", "stage"),
    "outcome": ("sonuc", "disposition", "answered", "sondurum", "son_durum", "durum", "status", "hangup_cause"),
    "answered_at": ("answer_stamp", "answer", "cevaplanma"),
    "ended": ("end_stamp", "end", "bitis", "ended_at"),
    "wait_s": ("wait", "waiting", "queue_time", "bekleme", "bekleme_suresi", "bekleme_sn"),
    "talk_s": ("talk", "talktime", "billsec", "handle_time", "konusma", "konusma_suresi", "islem_suresi"),
    "wrap_s": ("wrap", "wrap_up", "acw", "toparlama", "toparlama_suresi", "cagri_sonrasi"),
    "handed_over": ("handoff", "transferred", "devredildi", "aktarildi"),
    "turns": ("tur_sayisi", "karsilikli_mesaj"),
    "unsolved": ("unsolved_after_two_turns", "cozulmedi"),
    "bought": ("booked", "sold", "satis", "satildi", "rezervasyon"),
    "check_in": ("arrival", "giris", "giris_tarihi"),
    "nights": ("gece", "gece_sayisi"),
    "caller": (
        *("caller_id_number", "src", "arayan", "from", "callerid", "guest", "customer", "misafir", "musteri"),
        *("phone", "telefon"),
    ),
}
WRITTEN = (
    *("started", "channel", "language", "intent", "leg", "outcome", "wait_s", "talk_s", "wrap_s", "handed_over"),
    *("turns", "unsolved", "bought", "check_in", "nights", "caller"),
)
CHANNEL: Mapping[str, int] = {
    **{name: place for place, name in enumerate(CHANNELS)},
    **dict.fromkeys(("call", "voice", "telefon", "cagri", "arama", "telephone"), CHANNELS.index("phone")),
    **dict.fromkeys(("wa",), CHANNELS.index("whatsapp")),
    **dict.fromkeys(("webchat", "chat", "web_sohbet", "sohbet", "canli_destek"), CHANNELS.index("web_chat")),
    **dict.fromkeys(("dm", "insta"), CHANNELS.index("instagram")),
    **dict.fromkeys(("e_mail", "mail", "e_posta", "eposta", "web_form"), CHANNELS.index("email")),
    **dict.fromkeys(("booking", "booking_com", "expedia"), CHANNELS.index("ota")),
}
LANGUAGE: Mapping[str, int] = {
    **{name: place for place, name in enumerate(LANGUAGES)},
    **dict.fromkeys(("turkish", "turkce"), LANGUAGES.index("tr")),
    **dict.fromkeys(("english", "ingilizce"), LANGUAGES.index("en")),
    **dict.fromkeys(("german", "deutsch", "almanca"), LANGUAGES.index("de")),
    **dict.fromkeys(("russian", "rusca"), LANGUAGES.index("ru")),
}
INTENT: Mapping[str, int] = {
    **{name: place for place, name in enumerate(INTENTS)},
    **dict.fromkeys(("sale", "satis", "yeni_rezervasyon"), INTENTS.index("sales")),
    **dict.fromkeys(("konaklama_oncesi", "pre_arrival"), INTENTS.index("prearrival")),
    **dict.fromkeys(("ota_mesaji",), INTENTS.index("ota_message")),
    **dict.fromkeys(("degisiklik", "iptal", "degisiklik_iptal"), INTENTS.index("change_or_cancel")),
    **dict.fromkeys(("konaklama_sonrasi", "post_stay"), INTENTS.index("poststay")),
    **dict.fromkeys(("yanlis", "yanlis_numara"), INTENTS.index("misdirected")),
}
SERVICE = frozenset({"service", "servis", "hizmet", "other", "diger", "destek"})
LEG: Mapping[str, int] = {
    **{one.name.lower(): one for one in Leg},
    "ilk": Leg.FIRST,
    "tekrar": Leg.REDIAL,
    "devir": Leg.HANDOFF,
    "geri_arama": Leg.CALL_BACK,
    "takip": Leg.FOLLOW_UP,
}
OUTCOME: Mapping[str, int] = {
    **dict.fromkeys(
        (
            *("answered", "answer", "served", "true", "1", "yes", "evet", "cevaplandi", "cevapli", "konusuldu"),
            "normal_clearing",
        ),
        Seen.ANSWERED,
    ),
    **dict.fromkeys(
        (
            *(
                "abandoned",
                "gave_up",
                "no_answer",
                "noanswer",
                "missed",
                "false",
                "0",
                "no",
                "hayir",
                "cevapsiz",
                "kacan",
            ),
            *("cancel", "cancelled", "originator_cancel", "vazgecti", "terk"),
        ),
        Seen.GAVE_UP,
    ),
    **dict.fromkeys(("silent", "sessiz"), Seen.SILENT),
    **dict.fromkeys(("closed", "out_of_hours", "kapali", "mesai_disi"), Seen.CLOSED),
    **dict.fromkeys(
        ("unknown", "bilinmiyor", "busy", "mesgul", "failed", "congestion", "basarisiz", "user_busy", "ulasilamadi"),
        Seen.UNKNOWN,
    ),
}
INBOUND = frozenset({"in", "inbound", "incoming", "gelen", "inbound_call"})
PASSED_OVER = frozenset(
    {"out", "outbound", "outgoing", "giden", "outbound_call", "internal", "local", "dahili", "ic", "inboundtopbx"}
)
YES = frozenset({"1", "true", "yes", "evet", "x", "var"})
NO = frozenset({"0", "false", "no", "hayir", "yok"})
NO_ROOM = frozenset({"no_room", "oda_yok", "dolu"})
