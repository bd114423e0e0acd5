"""`santral lead`, `case` and `channel`: a lead from its first word to its end, on a real home and the real mock."""

from pathlib import Path
from xml.dom import minidom

from tests.e2e.santral import a_home, run

ANNA = ("--name", "Anna Schmidt", "--phone", "+49 151 23456789")
SALE = (
    *ANNA, "--check-in", "2027-07-10", "--nights", "3", "--adults", "2", "--room-type", "STD",
    "--rate-plan", "UAI-FLEX",
)  # fmt: skip


def test_a_lead_is_worked_on_sold_and_noted_in_the_pms(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    added = run("lead", "add", *ANNA, "--text", "Wir suchen ein Zimmer im Juli", "--json", home=home)
    assert (added.code, added.body["lead"], added.body["language"]) == (0, "open", "de")
    case_id = added.body["case_id"]
    assert run("lead", "start", case_id, "--json", home=home).body["assignee"] == "ayse"
    assert run("lead", "win", case_id, home=home).code == 3
    assert run("lead", "lose", case_id, home=home).code == 3
    call = run("call", "start", "--phone", "+49 151 23456789", "--json", home=home).body
    assert call["case_id"] == case_id
    one = run("reservation", "hold", *SALE, "--json", home=home).body
    assert one["case_id"] == case_id
    won = run("lead", "win", case_id, "--json", home=home).body
    assert (won["lead"], won["reservation_id"], won["in_pms"]) == ("won", one["reservation_id"], True)
    shown = run("lead", "show", case_id, "--lang", "tr", home=home)
    assert "Kazanıldı" in shown.out
    live = run("reservation", "show", one["reservation_id"], "--live", "--json", home=home).body
    assert any(case_id in text for text in live["in_pms"]["comments"])


def test_cases_are_listed_tagged_handed_over_and_resolved(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    case_id = run("lead", "add", *ANNA, "--channel", "web_form", "--json", home=home).body["case_id"]
    late = {"SANTRAL_AS_OF": "2027-05-04T12:00Z"}
    assert run("case", "list", "--breaching", "--json", home=home).body["cases"] == []
    (one,) = run("case", "list", "--breaching", "--json", home=home, **late).body["cases"]
    assert (one["case_id"], one["clock"]) == (case_id, "escalated")
    assert "74:59" in run("case", "clocks", home=home, **late).out
    over = run("case", "handoff", case_id, "--due", "+2h", "--json", home=home).body
    assert (over["state"], over["to_channel"]) == ("callback", "phone")
    handoff = over["handoff_id"]
    assert run("case", "handoff", handoff, "--state", "declined", home=home).code == 3
    assert run("case", "handoff", handoff, "--state", "connected", "--json", home=home).body["state"] == "connected"
    assert run("case", "handoff", handoff, "--state", "solved", home=home).code == 0
    assert handoff in run("case", "handoffs", home=home).out
    assert run("case", "resolve", case_id, home=home).code == 3
    assert run("case", "tag", case_id, "support", "--remove", "reservation", home=home).code == 0
    assert run("case", "assign", case_id, "--to", "nobody", "--json", home=home).body["assignee"] is None
    assert run("case", "resolve", case_id, "--json", home=home).body["status"] == "resolved"
    assert run("case", "show", case_id, home=home).code == 0
    assert run("case", "show", "cas_nothing", home=home).code == 4
    assert run("case", "tag", case_id, "honeymoon", home=home).code == 2


def test_channels_are_listed_set_and_drawn_in_both_languages(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    assert "Çözülmeyen yazışma" in run("channel", "list", "--lang", "tr", home=home).out
    done = run("channel", "set", "whatsapp", "--first-response", "5m", "--turns", "3", "--json", home=home)
    assert (done.code, done.body["first_response_s"]) == (0, 300.0), done.err
    assert "Versions" in run("channel", "show", "whatsapp", home=home).out
    later = {"SANTRAL_AS_OF": "2027-05-01T09:05Z"}
    assert "3 or more turns" in run("channel", "diagram", home=home, **later).out
    minidom.parseString(run("channel", "diagram", "--as", "svg", home=home).out.encode())
    assert run("channel", "diagram", "--as", "table", "--format", "markdown", home=home).out.startswith("| Channel")
    assert run("channel", "set", "whatsapp", home=home).code == 2
