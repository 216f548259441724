import os

import pytest

from exotherm.usecases.files import WorkspaceFiles, write_whole


def test_a_text_has_plain_line_ends_and_bytes_stay_what_they_are(tmp_path):
    (tmp_path / "a.csv").write_bytes("ä\r\nb\rc\n".encode())
    files = WorkspaceFiles(tmp_path)
    assert files.text("a.csv") == "ä\nb\nc\n"
    assert files.content("a.csv") == "ä\r\nb\rc\n".encode()
    assert files.findings == []


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path):
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf{}")
    assert WorkspaceFiles(tmp_path).text("a.json") == "{}"


def test_what_would_lie_in_a_file_is_not_written(tmp_path):
    (tmp_path / "file").write_text("a", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match="is a file, and nothing can lie in it"):
        write_whole(tmp_path / "file" / "report.html", b"a")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("absent.csv", "is not there"),
        ("../outside.csv", "lies outside the workspace"),
        ("/etc/hostname", "lies outside the workspace"),
        ("folder", "is a folder, and a file is wanted"),
        ("", "is a folder, and a file is wanted"),
        ("pipe", "is no plain file"),
        ("utf16.csv", "is text in UTF-16, and UTF-8 is wanted"),
        ("zeros.csv", "is no text: it holds bytes of nought"),
        ("latin.csv", "is not text in UTF-8"),
        ("nu\0ll.csv", "is no name that a file can have"),
        ("large.csv", "is larger than 64 MiB"),
    ],
)
def test_what_cannot_be_read_becomes_a_finding(tmp_path, name, problem):
    folder = tmp_path / "site"
    (folder / "folder").mkdir(parents=True)
    os.mkfifo(folder / "pipe")
    (folder / "latin.csv").write_bytes("ä".encode("latin-1"))
    (folder / "utf16.csv").write_bytes("a,b".encode("utf-16"))
    (folder / "zeros.csv").write_bytes(bytes(1000))
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
