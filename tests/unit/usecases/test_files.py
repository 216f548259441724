import pytest

from exotherm.usecases.files import WorkspaceFiles


def test_a_text_has_plain_line_ends_and_bytes_stay_what_they_are(tmp_path):
    (tmp_path / "a.csv").write_bytes("ä\r\nb\rc\n".encode())
    files = WorkspaceFiles(tmp_path)
    assert files.text("a.csv") == "ä\nb\nc\n"
    assert files.content("a.csv") == "ä\r\nb\rc\n".encode()
    assert files.findings == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("absent.csv", "is not there"),
        ("../outside.csv", "lies outside the workspace"),
        ("/etc/hostname", "lies outside the workspace"),
        ("folder", "is no plain file"),
        ("", "is no plain file"),
        ("latin.csv", "is not text in UTF-8"),
        ("nu\0ll.csv", "is no name that a file can have"),
        ("large.csv", "is larger than 64 MiB"),
    ],
)
def test_what_cannot_be_read_becomes_a_finding(tmp_path, name, problem):
    folder = tmp_path / "site"
    (folder / "folder").mkdir(parents=True)
    (folder / "latin.csv").write_bytes("ä".encode("latin-1"))
    with (folder / "large.csv").open("wb") as large:
        large.truncate(64 * 2**20 + 1)
    (tmp_path / "outside.csv").write_text("a")
    files = WorkspaceFiles(folder)
    assert files.text(name) is None
    (finding,) = files.findings
    assert finding.code == "workspace.file-unreadable"
    assert problem in finding.message


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path):
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "outside.csv").write_text("a")
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    files = WorkspaceFiles(folder)
    assert files.content("link.csv") is None
    assert "outside" in files.findings[0].message
