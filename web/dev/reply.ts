import type { IncomingMessage, ServerResponse } from "node:http";

/** A request as the mock's handlers see it. */
export interface Ask {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  /** The person who is signed in; empty for nobody. */
  readonly person: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly cookie?: string;
}

/** A refusal in the server's form. */
export function problem(status: number, code: number, detail: string, field?: string): Reply {
  const errors = field === undefined ? {} : { errors: [{ field, message: detail }] };
  return {
    status,
    body: { type: `urn:loquat:problem:${code}`, title: detail, status, detail, code, ...errors },
  };
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const done: Reply = { status: 204 };

export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export function send(response: ServerResponse, reply: Reply): void {
  response.statusCode = reply.status;
  if (reply.cookie !== undefined) response.setHeader("Set-Cookie", reply.cookie);
  response.setHeader("Cache-Control", "no-store");
  if (reply.body === undefined) return void response.end();
  response.setHeader("Content-Type", reply.status < 400 ? "application/json" : "application/problem+json");
  response.end(JSON.stringify(reply.body));
}
