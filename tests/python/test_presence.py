"""Presence through the Python client."""

from support.wait import until


async def watch(client, name):
    """Subscribes to presence and keeps every event as (action, client id, data)."""
    events = []
    await client.channels.get(name).presence.subscribe(
        lambda event: events.append((int(event.action), event.client_id, event.data))
    )
    return events


PRESENT, ENTER, LEAVE, UPDATE = 1, 2, 3, 4


async def test_members_come_change_and_go(server, connect, binary, channel_name):
    observer = await connect(server, use_binary_protocol=not binary)
    events = await watch(observer, channel_name)
    ada = await connect(server, client_id="ada", use_binary_protocol=binary)
    presence = ada.channels.get(channel_name).presence
    await presence.enter("hello")
    await presence.update({"mood": "busy"})
    await presence.leave("bye")
    await until("ada has left", lambda: len(events) >= 3)
    assert events == [(ENTER, "ada", "hello"), (UPDATE, "ada", {"mood": "busy"}), (LEAVE, "ada", "bye")]
    assert await observer.channels.get(channel_name).presence.get() == []


async def test_a_late_comer_gets_many_members_over_several_pages(server, connect, binary, channel_name):
    crowd = await connect(server, use_binary_protocol=binary)
    names = [f"member-{at:03}" for at in range(150)]
    for name in names:
        await crowd.channels.get(channel_name).presence.enter_client(name, f"of {name}")
    late = await connect(server, use_binary_protocol=binary)
    members = await late.channels.get(channel_name).presence.get()
    assert sorted(member.client_id for member in members) == names
    assert all(member.data == f"of {member.client_id}" for member in members)


async def test_a_closed_client_is_gone_at_once(server, connect, binary, channel_name):
    observer = await connect(server)
    events = await watch(observer, channel_name)
    ada = await connect(server, client_id="ada", use_binary_protocol=binary)
    await ada.channels.get(channel_name).presence.enter()
    await until("ada is there", lambda: any(event[0] == ENTER for event in events))
    await ada.close()
    await until("ada has left", lambda: any(event[0] == LEAVE for event in events), 5)


async def test_members_return_after_a_crash(own_server, connect, channel_name):
    observer = await connect(own_server)
    ada = await connect(own_server, client_id="ada")
    await ada.channels.get(channel_name).presence.enter("here")

    async def present():
        members = await observer.channels.get(channel_name).presence.get()
        return [(member.client_id, member.data) for member in members] == [("ada", "here")]

    await until("ada is there", present)
    own_server.restart()
    await until("ada is there again", present)
