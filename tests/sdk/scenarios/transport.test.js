// Ways to connect that this release does not have are refused clearly, and clients go on by WebSocket.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { channelName, connect, open } from '../lib/clients.js';
import { Recorder } from '../lib/recorder.js';
import { Server } from '../lib/server.js';
import { until } from '../lib/wait.js';

describe('transports', () => {
  const server = Server.shared();

  test('a client that would take another transport too connects by WebSocket', async (t) => {
    const client = await connect(t, server, { transports: ['web_socket', 'comet'] });
    assert.equal(client.connection.connectionManager.activeProtocol.getTransport().shortName, 'web_socket');
    const channel = client.channels.get(channelName());
    const recorder = await Recorder.on(channel);
    await channel.publish('n', 'd');
    await recorder.count(1);
  });

  test('a client that insists on another transport is told why it cannot', async (t) => {
    const client = open(t, server, { transports: ['comet'] });
    const reason = await until('a reason was given', () => client.connection.errorReason);
    assert.match(`${reason.message} ${reason.cause?.message ?? ''}`, /not available|unable to connect|transport/i);
    assert.notEqual(client.connection.state, 'connected');
  });

  test('the paths of other transports answer 501 in the protocol\'s own form', async () => {
    for (const path of ['/comet/connect?heartbeats=true', '/sse?channels=x&v=3', '/event-stream?channels=x']) {
      const answer = await server.fetch(path);
      const { error } = await answer.json();
      assert.deepEqual([answer.status, error.statusCode, error.code], [501, 501, 50100], path);
      assert.match(error.message, /WebSocket/);
    }
  });
});
