"""Waiting for a condition, never for a while."""

import asyncio
import inspect
import time

SECONDS_MAX = 15.0


async def until(what, condition, seconds_max=SECONDS_MAX):
    """Polls `condition`, plain or async, until it gives something true, which is the answer."""
    deadline = time.monotonic() + seconds_max
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value
        assert time.monotonic() < deadline, f"waited {seconds_max} s in vain until {what}"
        await asyncio.sleep(0.01)


async def connected(client, seconds_max=SECONDS_MAX):
    """Waits until a client is connected."""
    await until(f"connected, it is {client.connection.state}", lambda: client.connection.state == "connected", seconds_max)
    return client
