// Tokens as an application's own server makes them, without an SDK (RFC 7519, HS256).
import { createHmac } from 'node:crypto';
import { KEY_NAME, KEY_SECRET } from './server.js';

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A JWT signed with a key. `ttl_ms` may be negative: expired. */
export function jwt({ clientId, capability, ttl_ms = 60_000, keyName = KEY_NAME, secret = KEY_SECRET, ...claims } = {}) {
  const now = Date.now();
  const body = {
    iat: Math.floor(Math.min(now, now + ttl_ms - 1_000) / 1_000),
    exp: Math.ceil((now + ttl_ms) / 1_000),
    ...(clientId && { 'x-ably-clientId': clientId }),
    ...(capability && { 'x-ably-capability': JSON.stringify(capability) }),
    ...claims,
  };
  const signed = `${encode({ typ: 'JWT', alg: 'HS256', kid: keyName })}.${encode(body)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
