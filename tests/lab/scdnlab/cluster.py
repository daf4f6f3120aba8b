"""SCDN as its operators set it up: a control host over TLS, and content servers, each a program on a host of its own."""
import json
import os
import re
import signal
import subprocess
import time

from scdnlab.network import HERE, ROOT, address, on, run

CONTROL_PORT, CONTENT_PORT, BEHIND_PORT = 7400, 7410, 7411
PROGRAMS = ROOT / "artifacts" / "bin"
HOST_PROGRAM, SCDN = PROGRAMS / "Scdn.Host" / "release" / "scdn-host", PROGRAMS / "Scdn.Cli" / "release" / "scdn"


class Cluster:
    """A control host on the last host of the network, content servers on those before it. With relays, each server stands behind one that can be told to fail."""

    def __init__(self, folder, servers, congestion, relays=False):
        self.folder, self.servers, self.congestion, self.relays = folder, servers, congestion, relays
        self.hosts, self.faults = {}, {}
        self.control_host = f"s{servers + 1}"
        self.control = f"https://{address(self.control_host)}:{CONTROL_PORT}"
        self.token = folder / "control" / "operator.token"
        self.environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config"), "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
        try:
            self._begin()
        except BaseException:
            self.stop()
            raise

    def _begin(self):
        folder = self.folder
        self._start(self.control_host, "--roles", "admin,cdmaster,ipmaster,proxy,gateway,site", "--data", folder / "control", "--name", "control", "--listen", self.control)
        self.pin = re.search(r"\b[0-9a-f]{64}\b", (folder / f"{self.control_host}.log").read_text()).group()
        for number in range(1, self.servers + 1):
            self._join(f"s{number}")
        (folder / "password").write_text("a long lab password")
        self.operate("user", "add", "viewer", "--password-file", folder / "password")

    def operate(self, *arguments):
        """A command of an operator, on the control host; gives what it printed as JSON."""
        done = run(*on(self.control_host, SCDN, *arguments, "--json", "--control", self.control, "--pin", self.pin, "--token-file", self.token), env=self.environment)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def publish(self, path):
        """Publishes a file and waits until every server holds it."""
        content = self.operate("publish", path)["content"]
        while not any(row["id"] == content and row["held_by"] == self.servers for row in self.operate("contents", "list")):
            time.sleep(0.5)
        self.sign_in(content)
        return content

    def viewer(self, *arguments):
        """A command of the viewer, on the client."""
        return on("client", SCDN, *arguments, "--control", self.control, "--pin", self.pin)

    def sign_in(self, content):
        """Begins a play as someone who has to say who it is; who plays from then on is signed in."""
        return self.play(content, "--user", "viewer", "--password-file", self.folder / "password", "--duration", "00:00:00.2")

    def play(self, content, *options):
        """Plays without a screen, and gives the report."""
        return json.loads(run(*self.viewer("play", content, "--headless", "--json", *options), env=self.environment).stdout)

    def start_play(self, content, *options):
        """The same, while it goes on."""
        return subprocess.Popen(self.viewer("play", content, "--headless", "--json", *options), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def start_url(self, content, *options):
        """Gives the content to any player; gives the process and the address."""
        process = subprocess.Popen(self.viewer("play", content, "--with", "url", "--json", *options), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        if not line:
            raise SystemExit(f"lab: play --with url: {process.stderr.read()}")
        return process, json.loads(line)["url"]

    def fail(self, host, how):
        """Tells the relay before a server what to do from now on, in its words."""
        self.faults[host].write_text(how)

    def kill(self, host):
        """Ends a server, and what stands before it, with signal 9."""
        for name in (host, f"{host}-relay"):
            process = self.hosts.pop(name, None)
            if process:
                process.kill()
                process.wait()

    def restart(self, host):
        self._serve(host)

    def stop(self):
        for process in reversed(self.hosts.values()):
            process.send_signal(signal.SIGTERM)
        for process in self.hosts.values():
            process.wait()

    def _join(self, host):
        join = self.folder / f"{host}.token"
        self.operate("server", "token", "--out", join)
        self._serve(host, "--join-token-file", join)

    def _serve(self, host, *options):
        public = f"http://{address(host)}:{CONTENT_PORT}"
        where = ["--listen", f"http://127.0.0.1:{BEHIND_PORT}", "--public-url", public] if self.relays else ["--listen", public]
        self._start(host, "--roles", "content", "--data", self.folder / host, "--name", host, *where, "--control", self.control, "--congestion", self.congestion, *options)
        if self.relays:
            self.faults[host] = self.folder / f"{host}.fault"
            self.faults[host].write_text("pass")
            self.hosts[f"{host}-relay"] = subprocess.Popen(on(host, HERE / "relay", address(host), CONTENT_PORT, "127.0.0.1", BEHIND_PORT, self.congestion, self.faults[host]))

    def _start(self, host, *arguments):
        log = open(self.folder / f"{host}.log", "a", encoding="utf-8")
        process = subprocess.Popen(on(host, HOST_PROGRAM, *arguments), stdout=subprocess.PIPE, stderr=log, text=True)
        self.hosts[host] = process
        line = process.stdout.readline()
        if not line.startswith("ready"):
            raise SystemExit(f"lab: the host on {host} did not start: {(self.folder / f'{host}.log').read_text()[-2000:]}")
