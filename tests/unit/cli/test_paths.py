import pytest

from exotherm.cli.main import run

FILES = [
    ["screen", "PATH"],
    ["operate", "decode", "mbus", "PATH"],
    ["plan", "network", "PATH"],
    ["store", "restore", ".", "PATH"],
]
WRITTEN = [
    ["plan", "run", ".", "--report", "PATH"],
    ["plan", "run", ".", "--workbook", "PATH"],
    ["plan", "risk", ".", "--report", "PATH"],
    ["plan", "proposal", ".", "--out", "PATH"],
    ["contract", "render", ".", "--out", "PATH"],
    ["store", "backup", ".", "PATH"],
    ["store", "export", ".", "PATH"],
]
FOLDERS = [
    ["check", "PATH"],
    ["new", "PATH"],
    ["new", "next", "--like", "PATH"],
    ["demo", "--no-serve", "--out", "PATH"],
    ["plan", "compare", ".", "PATH"],
    ["bill", "list", "PATH"],
]


def told(command, path, capsys):
    """Run a command on a path that it refuses, and give what it says."""
    assert run([str(path) if word == "PATH" else word for word in command]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("command", FILES, ids=" ".join)
def test_a_folder_where_a_file_is_read_is_said(command, tmp_path, capsys):
    assert "is a folder, and a file is wanted" in told(command, tmp_path, capsys)


@pytest.mark.parametrize("command", WRITTEN, ids=" ".join)
def test_a_folder_where_a_file_is_written_is_said_before_the_work(command, tmp_path, capsys):
    said = told(command, tmp_path, capsys)
    assert f"“{tmp_path}” is a folder" in said
    assert "simulating" not in said


@pytest.mark.parametrize("command", [*WRITTEN, ["new", "PATH"]], ids=" ".join)
def test_nothing_is_written_below_a_file(command, tmp_path, capsys):
    file = tmp_path / "file"
    file.write_text("a", encoding="utf-8")
    said = told(command, file / "deep" / "report.pdf", capsys)
    assert f"“{file}” is a file, and nothing can lie in it" in said


@pytest.mark.parametrize("command", FOLDERS, ids=" ".join)
def test_a_file_where_a_folder_is_wanted_names_its_folder(command, tmp_path, capsys):
    file = tmp_path / "site.toml"
    file.write_text("a", encoding="utf-8")
    said = told(command, file, capsys)
    assert "is a file, and a folder is wanted" in said
    assert f"It lies in “{tmp_path}”" in said


def test_a_device_profile_that_is_no_text_is_said(tmp_path, capsys):
    profile = tmp_path / "meter.toml"
    profile.write_bytes(b"\xff\xfe\xfa")
    assert run(["operate", "probe", "modbus", "127.0.0.1", "--profile", str(profile)]) == 1
    assert "is not text in UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "ending"),
    [
        (["plan", "run", ".", "--report", "PATH"], ".html, .htm or .pdf"),
        (["plan", "run", ".", "--workbook", "PATH"], ".xlsx"),
        (["plan", "risk", ".", "--report", "PATH"], ".html, .htm or .pdf"),
        (["plan", "network", "site.toml", "--report", "PATH"], ".html, .htm or .pdf"),
        (["plan", "proposal", ".", "--out", "PATH"], ".html, .htm or .pdf"),
    ],
)
def test_a_name_that_is_no_pages_is_refused_before_the_work(
    command, ending, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.toml").touch()
    said = told(command, tmp_path / "study.docx", capsys)
    assert f"does not end in {ending}" in " ".join(said.split())
