"""`santral sim report`: one file that can be handed on, its plots beside it; what cannot be written is said at once."""

from pathlib import Path

from tests.e2e.santral import run

SMALL = ("smoke", "-n", "2", "--workers", "1", "--seed", "7")


def test_a_season_becomes_one_file_with_its_plots_beside_it(tmp_path: Path) -> None:
    out, png = tmp_path / "season.html", tmp_path / "plots"
    words = ("sim", "report", *SMALL, "--out", str(out), "--png", str(png), "--staff", "--json")
    body = run(*words, "--versus", "team.phone.ru+=1", home=tmp_path).body
    first = out.read_bytes()
    assert (body["file"], body["bytes"], body["replications"]) == (str(out), len(first), 2)
    assert sorted(body["pictures"]) == sorted(str(one) for one in png.iterdir())
    assert b"team.phone.ru+=1" in first
    refused = run(*words, home=tmp_path)
    assert refused.code == 3
    assert "is there already" in refused.out
    assert run(*words, "--versus", "team.phone.ru+=1", "--force", home=tmp_path).code == 0
    assert out.read_bytes() == first


def test_what_cannot_be_written_or_asked_is_said_before_anything_is_simulated(tmp_path: Path) -> None:
    cases = {
        ("--out", str(tmp_path / "season.pdf")): "must end in .html",
        ("--out", str(tmp_path / "none" / "season.html")): "cannot be written",
        ("--out", str(tmp_path / "a.html"), "--png", str(tmp_path / "none" / "plots")): "cannot be written",
        ("--out", str(tmp_path / "a.html"), "--tornado", "luck"): "There is no metric luck",
        (
            "--out",
            str(tmp_path / "a.html"),
            "--png",
            str(tmp_path / "p"),
            "--tornado",
            "frt_s",
        ): "There is no metric frt_s",
        ("--out", str(tmp_path / "a.html"), "--versus", "team.phone.xx=1"): "team.phone.xx",
        ("--out", str(tmp_path / "a.html"), "--set", "team.phone.ru=many"): "team.phone.ru",
    }
    for words, said in cases.items():
        ended = run("sim", "report", "smoke", *words, home=tmp_path)
        assert (ended.code, said in ended.err) == (2, True), ended.err
    assert list(tmp_path.iterdir()) == []
