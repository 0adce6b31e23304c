"""The Python client through crashes and shutdowns of the server."""

import asyncio

from ably.types.message import Message
from websockets.exceptions import ConnectionClosed

from support.wait import connected, until


class Stream:
    """Publishes numbers one after another until told to stop; keeps what was acknowledged."""

    def __init__(self, channel):
        self.channel = channel
        self.acknowledged = []
        self.stopped = False
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while not self.stopped:
            data = str(len(self.acknowledged))
            message = Message(id=f"stream-{data}", name="stream", data=data)
            await until(f"{data} is acknowledged", lambda message=message: self.attempt(message), 30)
            self.acknowledged.append(data)

    async def attempt(self, message):
        """Whether a publish was acknowledged. While the SDK takes a socket down in good order it lets the socket's error
        through to who publishes; the message's id makes it safe to try again."""
        try:
            await self.channel.publish(message)
            return True
        except ConnectionClosed:
            return False

    async def more(self, count):
        goal = len(self.acknowledged) + count
        await until(f"{goal} were acknowledged", lambda: self.task.done() or len(self.acknowledged) >= goal, 30)
        assert not self.task.done(), self.task.exception()

    async def stop(self):
        self.stopped = True
        await self.task
        return self.acknowledged


async def outage(server, connect, binary, name, happen):
    """Publishes and reads across an outage; checks that the reader misses nothing and sees nothing twice."""
    writer = await connect(server, use_binary_protocol=binary)
    reader = await connect(server, use_binary_protocol=binary)
    seen = []
    await reader.channels.get(name).subscribe(lambda message: seen.append(message))
    ids = [client.connection.connection_manager.connection_id for client in (writer, reader)]
    stream = Stream(writer.channels.get(name))
    for _ in range(2):
        await stream.more(50)
        await asyncio.to_thread(happen)
        await stream.more(50)
        await connected(reader, 30)
    sent = await stream.stop()
    await until("the last came", lambda: any(message.data == sent[-1] for message in seen), 30)
    assert [message.data for message in seen] == sent
    assert [client.connection.connection_manager.connection_id for client in (writer, reader)] == ids


async def test_killed_and_restarted(own_server, connect, binary, channel_name):
    await outage(own_server, connect, binary, channel_name, own_server.restart)


async def test_asked_to_stop_and_started_again(own_server, connect, binary, channel_name):
    def stop_and_start():
        assert own_server.terminate() == 0
        own_server.launch()

    await outage(own_server, connect, binary, channel_name, stop_and_start)
