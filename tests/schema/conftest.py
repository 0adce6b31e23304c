"""The server, a world on it, and its description as it serves it."""

import tempfile

import pytest
import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir

from support.server import Server
from support.world import BASE, World

_home = tempfile.TemporaryDirectory(prefix="loquat-hypothesis-")
# What the tool keeps for itself has no place among the sources.
set_hypothesis_home_dir(_home.name)


@pytest.fixture(scope="session")
def server():
    """A server for the whole run."""
    running = Server().launch()
    yield running
    running.remove()


@pytest.fixture(scope="session")
def world(server):
    """What is on it."""
    return World(server)


@pytest.fixture(scope="session")
def description(world):
    """The OpenAPI description. Half of the ids in paths are made to exist, so that requests get further than a 404."""
    schema = schemathesis.openapi.from_url(f"{world.server.url}{BASE}/openapi.json")

    @schema.hook
    def map_path_parameters(context, path_parameters):
        for name, value in (path_parameters or {}).items():
            known = world.ids.get(name)
            if known and len(str(value)) % 2 == 0:
                path_parameters[name] = known[len(str(value)) // 2 % len(known)]
        return path_parameters

    return schema
