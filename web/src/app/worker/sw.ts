/// <reference lib="webworker" />
// The service worker: the app's shell opens without a network. It never sees an answer of the API.
export type {};

declare const self: ServiceWorkerGlobalScope;
/** The files of this build and its version; written here by the build (tools/shell.ts). */
declare const SHELL: { readonly version: string; readonly files: readonly string[] };

const CACHE = `shell-${SHELL.version}`;
const INDEX = "/";
/** The addresses that the app itself answers, as routes.tsx has them. */
const APP = /^\/($|(sign-in|sign-up|setup|recover|settings|admin)(\/|$)|(rooms|join)\/)/;
/** The version before this one may still be open in a tab and ask for its files. */
const VERSIONS_KEPT = 2;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: an index.html of yesterday would name files that are gone.
  await cache.addAll(SHELL.files.map((file) => new Request(file, { cache: "reload" })));
}

async function dropOldVersions(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  const old = versions.slice(0, Math.max(0, versions.length - (VERSIONS_KEPT - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(INDEX)) ?? fetch(request);
}

async function file(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
// The page of the first visit, too: what it hasn't opened yet must open without a network.
self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([dropOldVersions(), self.clients.claim()]));
});

self.addEventListener("message", (event) => {
  if (event.data === "activate") void self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (APP.test(url.pathname)) event.respondWith(page(request));
  } else if (url.pathname.startsWith("/assets/") || SHELL.files.includes(url.pathname)) {
    event.respondWith(file(request));
  }
});
