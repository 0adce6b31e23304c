"""The server under test: a process of its own, with a data directory and a port that outlive a kill."""

import os
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

KEY = "app.key:secretsecretsecretsecretsecret12"
READY_SECONDS_MAX = 20.0


def free_port() -> int:
    """A port of 127.0.0.1 that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server that speaks TLS with a certificate, or plainly without one."""

    def __init__(self, certificate=None, *flags):
        self.port = free_port()
        self.certificate = certificate
        self.flags = list(flags)
        self.data_dir = tempfile.TemporaryDirectory(prefix="loquat-python-")
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = None

    def launch(self):
        """Starts the process, also again after its end, and waits until it is ready."""
        tls = []
        if self.certificate:
            tls = ["--tls-cert-file", self.certificate.cert_file, "--tls-key-file", self.certificate.key_file]
        own = ["--listen", f"127.0.0.1:{self.port}", "--data-dir", self.data_dir.name, "--root-key", KEY]
        command = [os.environ["LOQUAT_BIN"], "serve", *own, *tls, *self.flags]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self.is_ready():
            assert self.process.poll() is None, f"the server ended: {self.read_log()}"
            assert time.monotonic() < deadline, f"the server is not ready: {self.read_log()}"
            time.sleep(0.02)
        return self

    def is_ready(self) -> bool:
        context = ssl._create_unverified_context() if self.certificate else None
        scheme = "https" if self.certificate else "http"
        try:
            url = f"{scheme}://127.0.0.1:{self.port}/readyz"
            return urllib.request.urlopen(url, context=context, timeout=2).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def read_log(self) -> str:
        self.log.seek(0)
        return self.log.read()[-4_000:]

    def kill(self):
        """Ends the process as a crash does."""
        self.process.kill()
        self.process.wait()

    def restart(self):
        self.kill()
        self.launch()

    def terminate(self) -> int:
        """Asks the process to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15)

    def remove(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.log.close()
        self.data_dir.cleanup()
