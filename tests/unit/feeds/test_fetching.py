"""Fetching from PVGIS, played by a server on this machine; nothing here leaves it."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from exotherm.feeds.weather import UnableToFetchWeather, fetch_pvgis, fetching, read_pvgis


@contextmanager
def pvgis(status=200, body=b"", headers=()):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            del args

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tmy", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def without_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_the_place_is_asked_for_and_the_answer_can_be_read(pool_folder):
    body = (pool_folder / "weather.csv").read_bytes()
    with pvgis(body=body) as (url, asked):
        text = fetch_pvgis(45.0, 8.0, url=url)
    weather, findings = read_pvgis(text, file="weather.csv")
    assert findings == ()
    assert weather is not None
    query = parse_qs(urlsplit(asked[0]).query)
    assert query == {"lat": ["45.0"], "lon": ["8.0"], "outputformat": ["csv"]}


@pytest.mark.parametrize("status", [429, 529, 500, 503])
def test_a_busy_service_may_be_asked_again(status):
    with pvgis(status) as (url, _), pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(45.0, 8.0, url=url)
    assert raised.value.retryable
    assert str(status) in str(raised.value)


def test_a_place_without_data_is_told_in_the_words_of_the_service():
    body = b'{"message":"Location over the sea. Please, select another location"}'
    with pvgis(400, body) as (url, _), pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(0.0, 0.0, url=url)
    assert not raised.value.retryable
    assert "over the sea" in str(raised.value)
    assert "latitude" in raised.value.remedy


def test_nobody_there_may_be_asked_again():
    with pvgis() as (url, _):
        pass
    with pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(45.0, 8.0, url=url, timeout_s=5.0)
    assert raised.value.retryable


def test_an_endless_answer_is_cut(monkeypatch):
    monkeypatch.setattr(fetching, "_BYTES_MAX", 1000)
    with pvgis(body=b"x" * 1001) as (url, _), pytest.raises(UnableToFetchWeather):
        fetch_pvgis(45.0, 8.0, url=url)


def test_an_answer_that_is_no_text_is_refused():
    with pvgis(body=b"\xff\xfe\xff") as (url, _), pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(45.0, 8.0, url=url)
    assert "UTF-8" in str(raised.value)


@pytest.mark.parametrize("url", ["http://example.org/tmy", "file:///etc/passwd", "ftp://a/b"])
def test_only_https_is_spoken_beyond_this_machine(url):
    with pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(45.0, 8.0, url=url)
    assert "HTTPS" in str(raised.value)


def test_a_redirection_away_from_https_is_not_followed():
    away = [("Location", "http://example.org/tmy")]
    with pvgis(302, headers=away) as (url, _), pytest.raises(UnableToFetchWeather) as raised:
        fetch_pvgis(45.0, 8.0, url=url)
    assert "HTTPS" in str(raised.value)


def test_the_service_itself_is_asked_over_https():
    assert fetching.PVGIS_URL.startswith("https://re.jrc.ec.europa.eu/")
