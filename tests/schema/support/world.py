"""People, rooms and what belongs to them, so that requests find something; and sessions of each kind of person."""

import requests
from requests.adapters import HTTPAdapter

PASSWORD = "correct horse battery staple"
BASE = "/api/v1"
# Requests that may end the session which asks, or use up what an account may be guessed at: each has an account of its own.
APART = {
    ("POST", "/sign-out"): "leaver",
    ("PUT", "/me/password"): "forgetful",
    ("DELETE", "/me/sessions"): "tidy",
    ("DELETE", "/me/sessions/{session}"): "tidy",
}
# Where guesses come from: what the server holds against them must not be held against the tests' own sign-ins.
GUESSER = "127.0.0.2"


class World:
    """A small server in use."""

    def __init__(self, server):
        self.server = server
        self.ids = {}
        self.cookies = {}
        self.guesser = requests.Session()
        self.guesser.mount("http://", FromAddress(GUESSER))
        administrator = self.session()
        self.enter(administrator, "/setup", {"code": server.set_up_code(), **account("administrator")})
        member = self.session()
        self.ids["person"] = [self.enter(member, "/sign-up", account(handle)) for handle in ("member", "other")]
        for handle in sorted(set(APART.values())):
            self.enter(self.session(), "/sign-up", account(handle))
        member = self.signed_in("member")
        self.fill(administrator, member)

    def session(self) -> requests.Session:
        """Requests as a page of the web app makes them."""
        session = requests.Session()
        session.headers["Origin"] = self.server.url
        return session

    def signed_in(self, handle: str) -> requests.Session:
        """A new session of a person."""
        session = self.session()
        self.ask(session, "POST", "/sign-in", {"login": handle, "password": PASSWORD})
        return session

    def asks(self, case, handle) -> dict:
        """What a request carries that a person makes in the web app; `None` is a stranger."""
        handle = handle and APART.get((case.method.upper(), case.operation.path), handle)
        if handle and handle not in self.cookies:
            self.cookies[handle] = dict(self.signed_in(handle).cookies)
        return {"headers": {"Origin": self.server.url}, "cookies": self.cookies.get(handle, {}), "session": self.guesser}

    def after(self, case, handle):
        """Forgets a session that a request may have ended."""
        self.cookies.pop(handle and APART.get((case.method.upper(), case.operation.path)), None)
        self.guesser.cookies.clear()

    def enter(self, session, path, body) -> str:
        """Makes an account; its id."""
        return self.ask(session, "POST", path, body)["person"]["id"]

    def ask(self, session, method, path, body=None):
        """A request that must be granted."""
        reply = session.request(method, f"{self.server.url}{BASE}{path}", json=body, timeout=10)
        assert reply.ok, f"{method} {path}: {reply.status_code} {reply.text}"
        return reply.json() if reply.content else None

    def fill(self, administrator, member):
        """A room of each kind, and in them what has an id."""
        person = self.ids["person"][1]
        rooms = [
            self.ask(member, "POST", "/rooms", {"kind": "public", "name": "Everybody"}),
            self.ask(member, "POST", "/rooms", {"kind": "private", "name": "Few", "topic": "Quiet"}),
            self.ask(member, "POST", "/rooms", {"kind": "direct", "members": [person]}),
            self.ask(administrator, "POST", "/rooms", {"kind": "private", "name": "Others"}),
        ]
        self.ids["room"] = [room["room"]["id"] for room in rooms]
        for room in self.ids["room"][:3]:
            self.ask(member, "POST", f"/rooms/{room}/messages", {"text": "hello"})
        link = self.ask(member, "POST", f"/rooms/{self.ids['room'][0]}/invitations", {})
        self.ids["invitation"] = [link["id"]]
        self.ids["code"] = [link["code"]]
        self.ids["token"] = [self.ask(member, "POST", "/me/tokens", {"name": "script"})["id"]]
        sessions = self.ask(member, "GET", "/me/sessions")["items"]
        self.ids["session"] = [session["id"] for session in sessions if not session["current"]]
        self.ids["name"] = ["app.key"]


class FromAddress(HTTPAdapter):
    """Requests from another address of this machine."""

    def __init__(self, address):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *args, **options):
        super().init_poolmanager(*args, source_address=(self.address, 0), **options)


def account(handle: str) -> dict:
    """The body that makes an account."""
    return {"handle": handle, "name": handle.title(), "password": PASSWORD}
