"""The server under test: a process of its own with an empty data directory."""

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

KEY = "app.key:secretsecretsecretsecretsecret12"
READY_SECONDS_MAX = 20.0
# Log lines that no request may cause.
COMPLAINT = re.compile(r" ERROR |panicked at")


def free_port() -> int:
    """A port of 127.0.0.1 that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on which everybody may make an account."""

    def __init__(self):
        self.url = f"http://127.0.0.1:{free_port()}"
        self.data_dir = tempfile.TemporaryDirectory(prefix="loquat-schema-")
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = None

    def launch(self):
        """Starts the process and waits until it is ready."""
        listen = self.url.removeprefix("http://")
        flags = ["--listen", listen, "--data-dir", self.data_dir.name, "--root-key", KEY, "--accounts-sign-up", "open"]
        command = [os.environ["LOQUAT_BIN"], "serve", *flags]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self.is_ready():
            assert self.process.poll() is None, f"the server ended: {self.read_log()}"
            assert time.monotonic() < deadline, f"the server is not ready: {self.read_log()}"
            time.sleep(0.02)
        return self

    def is_ready(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/readyz", timeout=2).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def read_log(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def set_up_code(self) -> str:
        """The code of the link with which the first account is made."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not (printed := re.search(r"/setup#(\S+)", self.read_log())):
            assert time.monotonic() < deadline, f"no set-up link is printed: {self.read_log()}"
            time.sleep(0.02)
        return printed.group(1)

    def remove(self):
        """Ends it; it must still have been there, without a complaint."""
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        complaints = [line for line in self.read_log().splitlines() if COMPLAINT.search(line)]
        self.log.close()
        self.data_dir.cleanup()
        assert ended is None, f"the server ended with {ended}"
        assert not complaints, "\n".join(complaints)
