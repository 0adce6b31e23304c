"""The Python REST client over TLS."""

import asyncio
import time

import pytest
from ably import AblyException
from ably.types.message import Message

from support.wait import until


async def pages(result):
    """Every item, from this page on."""
    items = []
    while result is not None:
        items += result.items
        result = await result.next() if result.has_next() else None
    return items


async def test_publish_and_history(server, rest, connect, binary, channel_name):
    seen = []
    await (await connect(server)).channels.get(channel_name).subscribe(lambda message: seen.append(message))
    channel = rest(server, use_binary_protocol=binary).channels.get(channel_name)
    await channel.publish("one", "text")
    await channel.publish("two", {"json": [1]})
    await channel.publish("three", b"\x00\xff")
    await until("they came", lambda: len(seen) >= 3)
    assert [message.data for message in seen] == ["text", {"json": [1]}, b"\x00\xff"]
    history = await channel.history(direction="forwards")
    assert [(item.name, item.data, item.id) for item in history.items] == [(m.name, m.data, m.id) for m in seen]


async def test_history_pages_both_ways(server, rest, binary, channel_name):
    channel = rest(server, use_binary_protocol=binary).channels.get(channel_name)
    sent = [str(at) for at in range(12)]
    for data in sent:
        await channel.publish("n", data)
    assert [item.data for item in await pages(await channel.history(direction="forwards", limit=5))] == sent
    assert [item.data for item in await pages(await channel.history(limit=5))] == sent[::-1]


async def test_an_id_is_stored_once(server, rest, binary, channel_name):
    channel = rest(server, use_binary_protocol=binary).channels.get(channel_name)
    for data in ("first", "second"):
        await channel.publish(Message(id="order-1", name="n", data=data))
    assert [item.data for item in (await channel.history()).items] == ["first"]


async def test_presence_status_and_time(server, rest, connect, binary, channel_name):
    ada = await connect(server, client_id="ada")
    await ada.channels.get(channel_name).presence.enter("here")
    client = rest(server, use_binary_protocol=binary)
    members = await client.channels.get(channel_name).presence.get()
    assert [(member.client_id, member.data) for member in members.items] == [("ada", "here")]
    history = await client.channels.get(channel_name).presence.history()
    assert [int(event.action) for event in history.items] == [2]
    details = await client.channels.get(channel_name).status()
    assert details.status.is_active
    assert details.status.occupancy.metrics.presence_members == 1
    assert abs(await client.time() - time.time() * 1_000) < 10_000


async def test_refusals_and_what_is_not_there_yet(server, rest, binary):
    client = rest(server, use_binary_protocol=binary)
    with pytest.raises(AblyException) as refused:
        await client.channels.get(":colon").publish("n", "d")
    assert refused.value.code == 40010
    with pytest.raises(AblyException) as refused:
        await client.stats()
    assert (refused.value.code, refused.value.status_code) == (50100, 501)
    with pytest.raises(AblyException) as refused:
        await rest(server, key="app.key:wrong").channels.get("c").history()
    assert (refused.value.code, refused.value.status_code) == (40101, 401)


async def test_a_token_works_and_two_requests_do_not_share_a_nonce(server, rest, binary, channel_name):
    issuer = rest(server, use_binary_protocol=binary)
    tokens = await asyncio.gather(*[issuer.auth.request_token({"client_id": "ada"}) for _ in range(3)])
    assert len({token.token for token in tokens}) == 3
    client = rest(server, token_details=tokens[0], use_binary_protocol=binary)
    await client.channels.get(channel_name).publish("n", "d")
    [item] = (await client.channels.get(channel_name).history()).items
    assert (item.data, item.client_id) == ("d", "ada")
