import { vi } from "vitest";

/** An answer of the pretended server: a status, and what it says. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: Headers;
}

/** A refusal in the server's form. */
export function refusal(
  status: number,
  code: number,
  detail = "",
  errors?: { field: string; message: string }[],
): Answer {
  return { status, body: { type: `urn:loquat:problem:${code}`, title: "", status, detail, code, errors } };
}

/**
 * Takes the network's place: `answer` is asked for each request; `undefined` stands for a network that is
 * gone. Returns what was asked, in order.
 */
export function pretendServer(answer: (asked: Asked) => Answer | undefined | Promise<Answer>): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const text = await request.text();
    const asked: Asked = {
      method: request.method,
      path: new URL(request.url).pathname.replace("/api/v1", ""),
      body: text === "" ? undefined : JSON.parse(text),
      headers: request.headers,
    };
    all.push(asked);
    const said = await answer(asked);
    if (said === undefined) throw new TypeError("failed to fetch");
    const { status = 200, body, headers = {} } = said;
    const type = status < 400 ? "application/json" : "application/problem+json";
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": type, ...headers },
    });
  });
  return all;
}
