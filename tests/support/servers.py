"""Real servers for the tests of devices: each is started by the test that needs it, on loopback.

Where a program is missing the test is skipped loudly, and fails where ``CI`` is set.
"""

import contextlib
import json
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PATIENT_S = 20.0


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def missing(what: str, how: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not there; in CI these tests must run ({how})")
    pytest.skip(f"NOT TESTED against {what}: {how}")


def program(name: str, *, package: str) -> str:
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name, path=f"{os.defpath}:/usr/sbin")
    if found is None:
        missing(name, f"install {package}")
    assert found is not None
    return found


def wait_until(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Try until a server answers; its own words are shown where it does not come."""
    until = time.monotonic() + PATIENT_S
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            pytest.fail(f"the server did not come: {log.read_text('utf-8')[-2000:]}")
        # Waiting for the process, as far as it goes, is no sleep: it ends early with the process.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)


@contextlib.contextmanager
def running(
    command: list[str], ready: Callable[[], bool], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as out:
        # Ctrl-C is for who started it, and ends it when it is time.
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            wait_until(ready, process, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextlib.contextmanager
def mosquitto(
    folder: Path, *, users: dict[str, str] | None = None, port: int | None = None
) -> Iterator[int]:
    """Run a broker, on a free port if none is given; with ``users`` it takes only those."""
    broker = program("mosquitto", package="Debian's `mosquitto`")
    port = port or free_port()
    lines = [f"listener {port} 127.0.0.1", "persistence false", "user root"]
    if users:
        entry = program("mosquitto_passwd", package="Debian's `mosquitto`")
        passwords = folder / "passwords"
        passwords.touch()
        for name, password in users.items():
            subprocess.run([entry, "-b", str(passwords), name, password], check=True)
        lines += ["allow_anonymous false", f"password_file {passwords}"]
    else:
        lines.append("allow_anonymous true")
    config = folder / "mosquitto.conf"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with running([broker, "-c", str(config)], lambda: listens(port), folder / "mosquitto.log"):
        yield port


@contextlib.contextmanager
def postgres() -> Iterator[Callable[[str], str]]:
    """Run a PostgreSQL of its own on a socket; give what runs a script and tells its answer."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        missing("postgres", "install Debian's `postgresql`")
    # It refuses to run as root, and a folder of pytest's own is not open to others.
    user = "postgres" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if user:
            shutil.chown(folder, user)
        data, bin_ = folder / "data", binaries[-1]

        def run(*command: str, given: str = "") -> str:
            done = subprocess.run(
                command, input=given, capture_output=True, text=True, check=False, user=user
            )
            assert done.returncode == 0, done.stderr[-2000:]
            return done.stdout

        run(f"{bin_}/initdb", "-D", f"{data}", "-U", "exotherm", "-E", "UTF8", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        control = (f"{bin_}/pg_ctl", "-D", f"{data}", "-w", "-l", f"{folder}/log")
        run(*control, "-o", settings, "start")
        psql = (f"{bin_}/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", f"{folder}")
        try:
            yield lambda script: run(*psql, "-U", "exotherm", "-d", "postgres", given=script)
        finally:
            run(*control, "-m", "immediate", "stop")


@contextlib.contextmanager
def snmpsim(folder: Path, records: dict[str, str], *, v3: tuple[str, str, str]) -> Iterator[int]:
    """Run an SNMP agent whose communities, and v3 contexts, are the names of the records."""
    responder = program("snmpsim-command-responder", package="the group `dev`")
    starts = [sys.executable, "-c", "import snmpsim.commands.responder"]
    if subprocess.run(starts, capture_output=True, check=False).returncode:
        missing("snmpsim", "it does not start; install pysmi, which it needs")
    data = folder / "data"
    data.mkdir()
    for name, text in records.items():
        (data / f"{name}.snmprec").write_text(text, encoding="utf-8")
    port = free_port(socket.SOCK_DGRAM)
    user, auth_key, priv_key = v3
    command = [
        responder,
        f"--data-dir={data}",
        f"--cache-dir={folder / 'cache'}",
        f"--agent-udpv4-endpoint=127.0.0.1:{port}",
        f"--v3-user={user}",
        "--v3-auth-proto=SHA256",
        f"--v3-auth-key={auth_key}",
        "--v3-priv-proto=AES",
        f"--v3-priv-key={priv_key}",
    ]
    if hasattr(os, "getuid") and os.getuid() == 0:
        command += ["--process-user=root", "--process-group=root"]
    log = folder / "snmpsim.log"
    with running(command, lambda: _is_bound(port), log):
        yield port


def _is_bound(port: int) -> bool:
    """Tell whether somebody has the UDP port: then it cannot be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


class _Mockup(BaseHTTPRequestHandler):
    """Serves a tree of index.json files as a Redfish service does, to its user alone."""

    def __init__(
        self, *args: object, folder: Path, user: tuple[str, str] | None, sessions: set[str]
    ) -> None:
        self._folder, self._user, self._sessions = folder, user, sessions
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self._user and self.headers.get("X-Auth-Token") not in self._sessions:
            self._answer(401, {})
            return
        file = self._folder / self.path.strip("/") / "index.json"
        if file.is_file():
            self._answer(200, file.read_bytes())
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if (told.get("UserName"), told.get("Password")) != self._user:
            self._answer(401, {})
            return
        token = f"token-{len(self._sessions)}"
        self._sessions.add(token)
        self._answer(201, {}, token=token)

    def do_DELETE(self) -> None:
        self._sessions.discard(self.headers.get("X-Auth-Token", ""))
        self._answer(204, {})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: object, *, token: str = "") -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        if token:
            self.send_header("X-Auth-Token", token)
            self.send_header("Location", f"/redfish/v1/SessionService/Sessions/{token}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def redfish(folder: Path, *, user: tuple[str, str] | None = None) -> Iterator[tuple[int, set[str]]]:
    """Serve a Redfish tree; give its port and the sessions that stand open."""
    sessions: set[str] = set()
    handler = partial(_Mockup, folder=folder, user=user, sessions=sessions)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1], sessions
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Babble(socketserver.BaseRequestHandler):
    server: "_Babbler"

    def handle(self) -> None:
        """Send what the server says, once for each question or without end."""
        with contextlib.suppress(OSError):
            while self.server.endless or self.request.recv(4096):
                self.request.sendall(self.server.says)


class _Babbler(socketserver.ThreadingTCPServer):
    daemon_threads = True
    says: bytes
    endless: bool


@contextlib.contextmanager
def babbler(says: bytes, *, endless: bool = False) -> Iterator[int]:
    """Serve what speaks no protocol of ours, and give its port."""
    with _Babbler(("127.0.0.1", 0), _Babble) as server:
        server.says, server.endless = says, endless
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()
