"""The Python client over TLS: connecting, publishing, subscribing, rights."""

import asyncio

import pytest
from ably import AblyException

from support.wait import connected, until


def collect(messages):
    return lambda message: messages.append(message)


async def test_messages_arrive_in_order_with_their_serials(server, connect, binary, channel_name):
    writer = await connect(server, use_binary_protocol=binary)
    reader = await connect(server, use_binary_protocol=not binary)
    seen = []
    await reader.channels.get(channel_name).subscribe(collect(seen))
    channel = writer.channels.get(channel_name)
    results = await asyncio.gather(*[channel.publish("count", str(at)) for at in range(100)])
    await until("100 messages came", lambda: len(seen) >= 100)
    assert [message.data for message in seen] == [str(at) for at in range(100)]
    assert [message.serial for message in seen] == [result.serials[0] for result in results]
    assert sorted(message.serial for message in seen) == [message.serial for message in seen]
    assert {message.connection_id for message in seen} == {writer.connection.connection_manager.connection_id}


async def test_data_arrives_as_it_was_sent(server, connect, binary, channel_name):
    writer = await connect(server, use_binary_protocol=binary)
    readers = [await connect(server, use_binary_protocol=other) for other in (True, False)]
    seen = [[], []]
    for reader, messages in zip(readers, seen, strict=True):
        await reader.channels.get(channel_name).subscribe(collect(messages))
    values = ["Grüße, 日本語", {"deep": [1, 2.5, None, True]}, ["list"], bytes(range(256))]
    for value in values:
        await writer.channels.get(channel_name).publish("value", value)
    for messages in seen:
        await until("all came", lambda messages=messages: len(messages) >= len(values))
        assert [message.data for message in messages] == values


async def test_a_client_id_is_on_its_messages(server, connect, binary, channel_name):
    client = await connect(server, client_id="ada", use_binary_protocol=binary)
    seen = []
    await client.channels.get(channel_name).subscribe(collect(seen))
    await client.channels.get(channel_name).publish("n", "d")
    await until("it came", lambda: seen)
    assert seen[0].client_id == "ada"


async def test_a_token_from_a_callback_connects_and_is_renewed(server, connect, rest, binary, channel_name):
    issuer = rest(server)
    asked = []

    async def auth_callback(params):
        asked.append(params)
        return await issuer.auth.request_token({"client_id": "bea", "ttl": 2_000})

    client = await connect(server, auth_callback=auth_callback, use_binary_protocol=binary)
    seen = []
    await client.channels.get(channel_name).subscribe(collect(seen))
    sent = []
    while len(asked) < 4:
        await client.channels.get(channel_name).publish("n", str(len(sent)))
        sent.append(str(len(sent)))
    await until("the last came", lambda: len(seen) >= len(sent))
    assert [message.data for message in seen] == sent
    assert {message.client_id for message in seen} == {"bea"}
    assert client.connection.state == "connected"


async def test_what_is_not_permitted_is_refused_and_the_connection_stays(server, connect, rest, binary):
    token = await rest(server).auth.request_token({"capability": {"mine": ["publish"]}})
    client = await connect(server, token=token.token, use_binary_protocol=binary)
    await client.channels.get("mine").publish("n", "d")
    with pytest.raises(AblyException) as refused:
        await client.channels.get("other").publish("n", "d")
    assert refused.value.code == 40160
    with pytest.raises(AblyException) as refused:
        await client.channels.get("other").attach()
    assert refused.value.code == 40160
    with pytest.raises(AblyException) as refused:
        await client.channels.get(":colon").attach()
    assert refused.value.code == 40010
    assert client.connection.state == "connected"


async def test_a_wrong_key_fails_for_good(server):
    from ably import AblyRealtime

    client = AblyRealtime(key="app.key:wrong", endpoint=f"localhost:{server.port}")
    await until("it failed", lambda: client.connection.state == "failed")
    assert client.connection.error_reason.code == 40101


async def test_ping_and_close(server, connect, binary):
    client = await connect(server, use_binary_protocol=binary)
    assert await client.connection.ping() < 5_000
    await client.close()
    assert client.connection.state == "closed"
    client.connect()
    await connected(client)
