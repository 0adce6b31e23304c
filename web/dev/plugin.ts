import type { IncomingMessage } from "node:http";
import type { Connect, Plugin } from "vite";
import { answer } from "./handlers.ts";
import { readBody, send } from "./reply.ts";
import { makeWorld } from "./world.ts";

const API = "/api/v1";
const PEOPLE_COOKIE = /(?:^|; )loquat_session=(p_\w+)/;

/** The page's policy as the binary sends it, so that what breaks it is seen before it ships. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self' ws: wss:",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

function signedIn(request: IncomingMessage): string {
  return PEOPLE_COOKIE.exec(request.headers.cookie ?? "")?.[1] ?? "";
}

function middleware(): Connect.NextHandleFunction {
  let world = makeWorld(Date.now());
  return (request, response, next) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    // For tests: everything as at the start, with settings of the server changed if wanted.
    if (url.pathname === "/mock/reset") {
      world = makeWorld(Date.now());
      Object.assign(world.server, JSON.parse(url.searchParams.get("server") ?? "{}"));
      return void response.end();
    }
    if (!url.pathname.startsWith(API)) return next();
    readBody(request)
      .then((body) => {
        const ask = { query: url.searchParams, body, person: signedIn(request) };
        send(response, answer(world, request.method ?? "GET", url.pathname.slice(API.length), ask));
      })
      .catch(next);
  };
}

/** Answers the API from fixtures, in the development server and in the preview. */
export function mockApi(): Plugin {
  return {
    name: "loquat-mock-api",
    configureServer(server) {
      server.middlewares.use(middleware());
    },
    configurePreviewServer(server) {
      server.middlewares.use((_, response, next) => {
        response.setHeader("Content-Security-Policy", POLICY);
        next();
      });
      server.middlewares.use(middleware());
    },
  };
}
