"""The words of the channel plan, Turkish and English: channels, roles, triggers, signals, headings.

A code without words is given back as it is, so a new one shows itself instead of failing; a test asks for all of them.
"""

from collections.abc import Callable

_WORDS: dict[str, tuple[str, str]] = {
    "phone": ("Telefon", "Telephone"),
    "whatsapp": ("WhatsApp", "WhatsApp"),
    "instagram": ("Instagram", "Instagram"),
    "web_chat": ("Web sohbeti", "Web chat"),
    "web_form": ("Web formu", "Web form"),
    "partner": ("İş ortağı", "Partner"),
    "email": ("E-posta", "E-mail"),
    "ota": ("OTA mesajı", "OTA message"),
    "sms": ("SMS", "SMS"),
    "hybrid": ("Rezervasyon soruları ve hızlı destek", "Reservation questions and quick support"),
    "sales_and_leads": ("Satış, anında bilgi, talep toplama", "Sales, instant information, lead capture"),
    "awareness": ("Tanıtım ve hızlı sorular", "Awareness and quick questions"),
    "closing": ("İkna ve satışı kapatma", "Persuasion and closing"),
    "written_offers": ("Yazılı teklif ve özet", "Written offers and summaries"),
    "inside_platform": ("Platform içinde yanıt, talep kaydı", "Answered inside the platform, lead kept"),
    "urgent_signal": ("Acil sinyal, hemen", "Urgent signal, at once"),
    "unsolved_turns": ("Çözülmeyen yazışma", "Turns without a solution"),
    "phone_sale": ("Telefonda satış, yazılı özet", "Sold on the telephone, written summary"),
    "by_hand": ("Temsilcinin kararı", "An agent's decision"),
    "cancellation": ("iptal", "cancellation"),
    "crisis": ("kriz, şikâyet", "crisis, complaint"),
    "last_minute": ("son dakika", "last minute"),
    "sold_by_phone": ("telefonda satıldı", "sold on the telephone"),
    "arrival_soon": ("48 saat içinde giriş", "arrival within 48 hours"),
    "repeat_guest": ("eski misafir", "repeat guest"),
    "stays_here": ("burada yanıtlanır", "answered here"),
    "turns": ("veya daha çok çözülmemiş tur", "or more turns without a solution"),
    "seconds": ("sn", "s"),
    "minutes": ("dk", "min"),
    "hours": ("sa", "h"),
    "flow_title": ("Kanallar arası devir akışı", "Handoff flow between channels"),
    "heading_channel": ("Kanal", "Channel"),
    "heading_scenario": ("Senaryo", "Scenario"),
    "heading_when": ("Ne zaman", "When"),
    "heading_to": ("Nereye", "To"),
    "heading_first_response": ("İlk yanıt", "First response"),
    "heading_resolution": ("Çözüm", "Resolution"),
    "triggered": ("tetiklendi", "triggered"),
    "offered": ("önerildi", "offered"),
    "accepted": ("kabul edildi", "accepted"),
    "connected": ("bağlandı", "connected"),
    "solved": ("çözüldü", "solved"),
    "declined": ("reddedildi", "declined"),
    "callback": ("geri aranacak", "to be called back"),
}


def plan_words(language: str) -> Callable[[str], str]:
    """Turn codes into words: Turkish for `tr`, else English."""
    place = 0 if language == "tr" else 1
    return lambda code: _WORDS[code][place] if code in _WORDS else str(code)
