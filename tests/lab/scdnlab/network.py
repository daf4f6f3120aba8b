"""One emulated wide-area network (../wan) at a time, and the programs on its hosts."""
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent.parent
ROOT = HERE.parent.parent
TEMP = pathlib.Path(os.environ.get("TMPDIR", "/tmp"))


def run(*command, **options):
    """Runs a program to its end and gives what it printed; what it complained of is told when it failed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"lab: {' '.join(map(str, command))}\nended with {done.returncode}: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done


def address(host):
    """The address of a host: client, s1, s2 …"""
    return "10.9.0.1" if host == "client" else f"10.9.0.{10 + int(host[1:])}"


def on(host, *command):
    """A command as it runs on a host."""
    return [str(HERE / "wan"), "exec", host, *map(str, command)]


class Network:
    def __init__(self, servers, rtt, rate, loss=0, client_rate=100):
        self.rtt, self.rate = rtt, rate
        subprocess.run([HERE / "wan", "down"], capture_output=True, check=False)
        run(HERE / "wan", "up", "--servers", servers, "--rtt", rtt, "--rate", rate, "--loss", loss, "--client-rate", client_rate)

    def cut(self, host):
        run(HERE / "wan", "cut", host)

    def heal(self, host):
        run(HERE / "wan", "heal", host)

    def set_rate(self, host, rate):
        """Gives a host another rate, in Mbit/s, from now on."""
        run(HERE / "wan", "rate", host, f"{rate:.4f}")

    def received(self):
        """Bytes that have come to the client."""
        return int(run(*on("client", "cat", "/sys/class/net/wan0/statistics/rx_bytes")).stdout)

    def stop(self):
        subprocess.run([HERE / "wan", "down"], capture_output=True, check=False)
