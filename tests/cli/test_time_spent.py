"""Time spent on the command line."""

from tests.cli.shell import Shell


def test_time_is_entered_listed_and_corrected(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "x", "--customer", "Contoso")
    found = shell.json("ticket", "time", "HD-1", "1h 30m", "--note", "phone")
    assert (found["minutes"], found["entries"][0]["note"]) == (90, "phone")
    entry = str(found["entries"][0]["entry"])
    assert shell.json("ticket", "time", "HD-1", "--correct", entry)["minutes"] == 0
    shell.json("ticket", "time", "HD-1", "20m", "--not-billable")
    assert shell.json("ticket", "show", "HD-1")["minutes_spent"] == 20
    text = shell.run("ticket", "time", "HD-1").stdout.decode()
    assert "HD-1: 20m, 0m of it billable" in text
    assert "cancels" in text
    assert b"spent 20m" in shell.run("ticket", "show", "HD-1").stdout
    assert shell.json("ticket", "time", "HD-1", "--start")["timer_started_at"]
    assert shell.json("ticket", "time", "HD-1", "--stop")["minutes"] == 21
    said = shell.refused(1, "ticket", "time", "HD-1", "--stop")
    assert "no timer of yours is running on HD-1" in said
    assert "is no time spent" in shell.refused(1, "ticket", "time", "HD-1", "soon")
    assert "do not go together" in shell.refused(1, "ticket", "time", "HD-1", "5m", "--start")


def test_the_report_names_every_customer(shell: Shell) -> None:
    shell.json("ticket", "new", "-s", "x", "--customer", "Contoso")
    shell.json("ticket", "time", "HD-1", "45m")
    found = shell.json("report", "time", "--last", "1d")
    assert [(one["customer"], one["minutes"]) for one in found["customers"]] == [("Contoso", 45)]
    assert found["customers"][0]["agents"] == [{"agent": shell.login, "minutes": 45}]
    assert b"Contoso" in shell.run("report", "time").stdout
    assert "no customer" in shell.refused(1, "report", "time", "--customer", "Nobody")
