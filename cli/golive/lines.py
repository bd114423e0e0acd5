"""The readiness list: 35 lines a hotel must be able to say yes to before the season, in seven parts.

Each line has a slug that never changes (it stands in results, in `golive.toml` and in docs/golive.md), and its text in
both languages. How a line is looked at is in the `probes_...` modules, one function a line; nothing is ready because a
list says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from integration.usecases.marks import N_


class Part(StrEnum):
    """What a line is about."""

    INTEGRATION = "integration"
    SCREEN = "screen"
    RESERVATION = "reservation"
    LEADS = "leads"
    REPORTING = "reporting"
    TEMPLATE = "template"
    INBOX = "inbox"


class State(StrEnum):
    """How a line stands. `waived`: not ready, and somebody answers for it by name and with a reason."""

    READY = N_("ready")
    NOT_READY = N_("not_ready")
    WAIVED = N_("waived")


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `tr` and `en`: what is true when it is ready."""

    slug: str
    part: Part
    tr: str
    en: str

    def text(self, language: str) -> str:
        """In a language of the screens."""
        return self.tr if language == "tr" else self.en


@dataclass(frozen=True, slots=True)
class Stands:
    """A line as it stands, and what shows it: ids, counts, values from the live product."""

    line: Line
    state: State
    evidence: str


_I, _S, _R, _L, _K, _T, _B = Part
LINES: tuple[Line, ...] = (
    Line("live_price", _I, "Ekran PMS'teki canlı müsaitliği ve fiyatı gösteriyor",
         "The screen shows the PMS's live availability and price"),
    Line("guest_history", _I, "Misafirin geçmişi ve notları görünüyor", "The guest's past stays and notes are shown"),
    Line("status_mapping", _I, "Hold, opsiyon ve onaylı durumlarının PMS karşılıkları doğru",
         "Hold, option and confirmed mean the same here and in the PMS"),
    Line("one_record_in_call", _I, "Görüşme bitmeden PMS'te tek bir kayıt oluşuyor",
         "One PMS record is there before the call ends"),
    Line("rollback_and_log", _I, "Yanlış giriş geri alınıyor ve kaydı tutuluyor",
         "A wrong entry is rolled back, and the log tells it"),
    Line("one_screen", _S, "Müsaitlik ve fiyat aynı ekranda", "Availability and price stand on the same screen"),
    Line("warnings", _S, "Stop-sale ve minimum konaklama uyarıları kendiliğinden çıkıyor",
         "Stop-sale and minimum stay warn by themselves"),
    Line("repeat_guest", _S, "Geçmiş görünüyor, tekrar gelen misafir öne çıkıyor",
         "History is shown, repeat guests before all"),
    Line("offer_one_click", _S, "Teklif tek tıkla gidiyor (WhatsApp, SMS, e-posta)",
         "An offer leaves with one click (WhatsApp, SMS, e-mail)"),
    Line("masked_data", _S, "Kişisel veriler maskeli (KVKK)", "Personal data is masked (KVKK)"),
    Line("made_on_one_screen", _R, "Rezervasyon tek ekrandan yapılıyor", "A reservation is made from one screen"),
    Line("hold_time", _R, "Hold ve opsiyon süreleri belli (15-30 dakika)",
         "Hold and option times are clear (15 to 30 minutes)"),
    Line("confirms_itself", _R, "Ödeme veya garanti gelince kendiliğinden onaylanıyor",
         "Payment or guarantee confirms by itself"),
    Line("cancel_no_show", _R, "İptal ve no-show senaryoları denendi", "Cancellation and no-show have been tried"),
    Line("rollback_reservation", _R, "Yanlış rezervasyon geri alındı ve geri alma da geri alındı",
         "A wrong reservation was rolled back, and that undone"),
    Line("one_lead_queue", _L, "Bütün talepler tek kuyrukta", "All leads are in one queue"),
    Line("lead_matched", _L, "Talep misafir profiliyle eşleşiyor", "A lead finds its guest's profile"),
    Line("lead_status", _L, "Takip durumu kaydediliyor (açık, işlemde, kazanıldı, kaybedildi)",
         "Follow-up is recorded: open, in progress, won, lost"),
    Line("lost_reason", _L, "Kayıp nedeni alanı var ve boş geçilemiyor", "A lost reason is asked for, and kept"),
    Line("consents", _L, "İzinler ve aydınlatma metinleri yönetiliyor (KVKK)",
         "Consents and notices are kept (KVKK)"),
    Line("kpis_match_pms", _K, "KPI'lar PMS'teki rezervasyonlarla tutuyor", "KPIs match the PMS's reservations"),
    Line("reasons_recorded", _K, "Kazanma ve kaybetme nedenleri kayıtlı",
         "Calls and leads end with a result and reason"),
    Line("dashboard", _K, "Göstergeler tek ekranda", "The dashboard is one screen"),
    Line("role_access", _K, "Yetkiler role göre, maskeleme ile", "Rights go by role, with masking"),
    Line("training", _K, "Geri alma ve kayıt eğitimin parçası", "Rollback and log are part of the training"),
    Line("roles_defined", _T, "Roller tanımlı (operatör, süpervizör, yönetici)",
         "Roles are filled: operator, supervisor, admin"),
    Line("masking_retention", _T, "Maskeleme ve saklama politikası yazılı", "Masking and retention policy is written"),
    Line("hold_confirmed_mapping", _T, "Hold ile onaylının PMS'teki farkı açık",
         "A hold and a confirmed stay differ in the PMS as agreed"),
    Line("rollback_mechanism", _T, "Geri alma düzeni ve kaydı çalışıyor",
         "Rollback works, and its log cannot be altered"),
    Line("kpi_dashboard", _T, "KPI panosu hazır, tek ekranda", "The KPI board is ready, on one screen"),
    Line("one_case_id", _B, "Her kanal aynı dosya numarasına düşüyor", "One case id for all channels"),
    Line("first_response_clock", _B, "Her kanalın ilk yanıt saati çalışıyor",
         "Every channel's first-response clock runs"),
    Line("tags", _B, "Etiketler: Rezervasyon, Destek, VIP, OTA", "Tags: Reservation, Support, VIP, OTA"),
    Line("duplicates_merged", _B, "Aynı misafirin kanallardaki kopyaları birleşiyor",
         "One guest's duplicates across channels are merged"),
    Line("targets_calibrated", _B, "Kanal çözüm hedefleri 30 günlük veriyle güncellendi",
         "Resolution targets per channel come from 30 days of data"),
)  # fmt: skip
BY_SLUG = {one.slug: one for one in LINES}
