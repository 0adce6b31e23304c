"""TLS: the certificate is read again when it changes, without a connection lost."""

import os
import socket
import ssl

import pytest

from support.certificate import Certificate, replace
from support.server import Server
from support.wait import until


@pytest.fixture
def renewable(tmp_path, monkeypatch):
    """A server with a certificate of its own, which the test may change."""
    own = Certificate(tmp_path)
    monkeypatch.setitem(os.environ, "SSL_CERT_FILE", str(own.cert_file))
    server = Server(own).launch()
    yield server
    server.remove()


async def test_a_renewed_certificate_is_shown_to_new_connections(renewable, connect, channel_name):
    old = await connect(renewable)
    identity = old.connection.connection_manager.connection_id
    assert renewable.certificate.is_shown_at(renewable.port)
    renewable.certificate.renew()
    await until("the new one is shown", lambda: renewable.certificate.is_shown_at(renewable.port))
    new = await connect(renewable)
    seen = []
    await old.channels.get(channel_name).subscribe(lambda message: seen.append(message.data))
    await new.channels.get(channel_name).publish("n", "from new to old")
    await until("it came", lambda: seen == ["from new to old"])
    assert old.connection.connection_manager.connection_id == identity
    # One that cannot be used changes nothing.
    replace(renewable.certificate.cert_file, b"not a certificate")
    await until("it was noticed", lambda: "old one stays" in renewable.read_log())
    assert renewable.certificate.is_shown_at(renewable.port)


async def test_an_unknown_certificate_is_not_trusted(renewable, tmp_path):
    with pytest.raises(ssl.SSLCertVerificationError):
        with socket.create_connection(("127.0.0.1", renewable.port)) as plain:
            other = tmp_path / "other"
            other.mkdir()
            trusting = ssl.create_default_context(cafile=str(Certificate(other).cert_file))
            trusting.wrap_socket(plain, server_hostname="localhost")


async def test_plain_http_gets_no_answer_on_a_tls_port(renewable):
    with socket.create_connection(("127.0.0.1", renewable.port), timeout=5) as plain:
        plain.sendall(b"GET /time HTTP/1.1\r\nhost: localhost\r\n\r\n")
        answer = plain.recv(100)
    assert not answer.startswith(b"HTTP/")
