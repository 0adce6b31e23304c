// People of the chat product, as its web app acts for them: by the session's cookie, from a page of the same origin.
import assert from 'node:assert/strict';

export const PASSWORD = 'correct horse battery staple';

export class Person {
  /** The server's first person, by its set-up link. */
  static async first(server, handle) {
    const code = new URL(await server.setUpLink()).hash.slice(1);
    return new Person(server).enter('/setup', { code, ...account(handle) });
  }

  /** A further person, who comes by an invitation's code. */
  static async invited(server, handle, invitation) {
    return new Person(server).enter('/sign-up', { invitation, ...account(handle) });
  }

  constructor(server) {
    this.server = server;
  }

  async enter(path, body) {
    const { person } = await this.ask('POST', path, body);
    Object.assign(this, person);
    return this;
  }

  /** A further session of the same person. */
  async again() {
    return new Person(this.server).enter('/sign-in', { login: this.handle, password: PASSWORD });
  }

  /** A request to the product's API, as it is answered. */
  async request(method, path, body, headers = {}) {
    const response = await fetch(`${this.server.url}/api/v1${path}`, {
      method,
      headers: {
        origin: this.server.url,
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const [cookie] = response.headers.getSetCookie();
    if (cookie) this.cookie = cookie.split(';')[0];
    return response;
  }

  /** A request that must be granted; what it answers. */
  async ask(method, path, body, headers) {
    const response = await this.request(method, path, body, headers);
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Options of a realtime client that acts as this person. */
  get realtime() {
    return {
      authCallback: (_, done) => {
        this.ask('POST', '/me/realtime-token').then((token) => done(null, token), (error) => done(error.message, null));
      },
    };
  }
}

const account = (handle) => ({ handle, name: handle, password: PASSWORD });
