"""What every test may ask for: a certificate that clients trust, a server, clients that are closed afterwards."""

import os
from pathlib import Path

import pytest
import pytest_asyncio
from ably import AblyRealtime, AblyRest

from support.certificate import Certificate
from support.server import KEY, Server
from support.wait import connected


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """The certificate of the servers of this run. Clients trust it by the environment, like an operator's own."""
    made = Certificate(Path(tmp_path_factory.mktemp("certificate")))
    os.environ["SSL_CERT_FILE"] = str(made.cert_file)
    yield made
    del os.environ["SSL_CERT_FILE"]


@pytest.fixture(scope="session")
def server(certificate):
    """A server that the tests share: each takes channels of its own."""
    shared = Server(certificate).launch()
    yield shared
    shared.remove()


@pytest.fixture
def own_server(certificate):
    """A server that a test may stop and start."""
    own = Server(certificate).launch()
    yield own
    own.remove()


@pytest.fixture(params=[True, False], ids=["msgpack", "json"])
def binary(request):
    """Both wire formats."""
    return request.param


@pytest.fixture
def channel_name(request):
    """A channel name of the test's own."""
    return f"python-{request.node.name}"


@pytest_asyncio.fixture
async def connect():
    """Makes realtime clients that are connected, and closes them after the test."""
    clients = []

    async def make(server, **options):
        if not options.keys() & {"auth_callback", "token", "key"}:
            options["key"] = KEY
        # The SDK ignores `port` for WebSockets: the endpoint carries it.
        client = AblyRealtime(
            endpoint=f"localhost:{server.port}", realtime_request_timeout=2_000, disconnected_retry_timeout=200, **options
        )
        clients.append(client)
        return await connected(client)

    yield make
    for client in clients:
        await client.close()


@pytest_asyncio.fixture
async def rest():
    """Makes REST clients, and closes them after the test."""
    clients = []

    def make(server, **options):
        if not options.keys() & {"auth_callback", "token", "token_details", "key"}:
            options["key"] = KEY
        client = AblyRest(endpoint="localhost", tls_port=server.port, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
