"""What viewers use without SCDN, each timed from the start of its process."""
import json
import os
import re
import socket
import subprocess
import tempfile
import time

from scdnlab.network import on

# As the headless player decodes (Scdn.Media/Decoding): the same probe options, streams and encoders.
PROBE = "-analyzeduration 500000 -probesize 1000000 -short_seek_size 32768".split()
DECODE = "-map 0:V? -map 0:a? -c:v rawvideo -c:a pcm_s16le -max_interleave_delta 500000 -f framehash -hash murmur3 -flush_packets 1 -".split()
MPV = "mpv --no-config --vo=null --ao=null --really-quiet --demuxer-lavf-probesize=1000000 --demuxer-lavf-analyzeduration=0.5 --stream-lavf-o-append=short_seek_size=32768".split()


def ffmpeg_first_frame(url, at=None):
    """Seconds until ffmpeg has decoded a frame, from a time on."""
    began = time.monotonic()
    process = subprocess.Popen(
        on("client", "ffmpeg", "-v", "error", "-nostdin", *PROBE, *(["-allowed_extensions", "ALL"] if url.endswith(".m3u8") else []), *(["-ss", at] if at else []), "-i", url, *DECODE),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    frame = next((line for line in process.stdout if not line.startswith("#")), None)
    seconds = time.monotonic() - began
    process.kill()
    if frame is None:
        raise SystemExit(f"lab: ffmpeg decoded nothing of {url}: {process.stderr.read()}")
    process.wait()
    return seconds


def ffmpeg_bytes(host, url, at=None):
    """Bytes that ffmpeg reads until it has decoded a frame: what a player needs before it can show one."""
    done = subprocess.run(
        on(host, "ffmpeg", "-v", "debug", "-nostdin", *PROBE, *(["-ss", at] if at else []), "-i", url, "-map", "0:V?", "-map", "0:a?", "-frames:v", 1, "-f", "null", "-"),
        capture_output=True, text=True, check=True)
    return sum(int(size) for size in re.findall(r"Statistics: (\d+) bytes read", done.stderr))


def mpv_first_frame(url, at=None):
    """Seconds until mpv has shown a frame and ended."""
    began = time.monotonic()
    done = subprocess.run(on("client", *MPV, "--frames=1", *([f"--start={at}"] if at else []), url), capture_output=True, text=True, check=False, timeout=180)
    if done.returncode != 0:
        raise SystemExit(f"lab: mpv ended with {done.returncode} on {url}: {done.stdout}{done.stderr}")
    return time.monotonic() - began


def mpv_seek(url, at, play_first=3.0):
    """Seconds from the command to seek to the picture there, in an mpv that has played for a while."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mpv")
        process = subprocess.Popen(on("client", *MPV, f"--input-ipc-server={path}", url), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            player = _Ipc(path)
            player.until("playback-restart", 120)
            time.sleep(play_first)
            player.drain()
            began = time.monotonic()
            player.say("seek", at, "absolute", "exact")
            player.until("playback-restart", 120)
            return time.monotonic() - began
        finally:
            process.kill()
            process.wait()


class _Ipc:
    """mpv's JSON IPC (its manual, "JSON IPC")."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        for _ in range(100):
            try:
                self.socket.connect(path)
                break
            except OSError:
                time.sleep(0.02)
        else:
            raise SystemExit("lab: mpv did not start")
        self.lines = self.socket.makefile("r", encoding="utf-8")

    def say(self, *command):
        self.socket.sendall((json.dumps({"command": list(command)}) + "\n").encode())

    def until(self, event, seconds):
        self.socket.settimeout(seconds)
        for line in self.lines:
            told = json.loads(line).get("event")
            if told == event:
                return
            if told == "end-file":
                raise SystemExit("lab: mpv could not play")
        raise SystemExit(f"lab: mpv ended before {event}")

    def drain(self):
        """Forgets what was told until now."""
        self.say("get_property", "time-pos")
        for line in self.lines:
            if "request_id" in line:
                return


def curl_rate(url, seconds=None, host="client"):
    """Bytes a second of one connection, over so many seconds or to the end, and the bytes."""
    limit = ["--max-time", seconds] if seconds else []
    done = subprocess.run(on(host, "curl", "-s", "-o", "/dev/null", *limit, "-w", "%{size_download} %{time_total}", url), capture_output=True, text=True, check=False)
    size, total = done.stdout.split()
    return float(size) / float(total), int(size)


def aria2c_rate(urls, size, connections):
    """Bytes a second of aria2c, from several servers at once."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        done = subprocess.run(
            on("client", "aria2c", "-q", "--file-allocation=none", "--allow-overwrite=true", "-x", connections, "-s", connections * len(urls), "-k", "1M", "-d", folder, "-o", "out", *urls),
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"lab: aria2c ended with {done.returncode}: {done.stdout}{done.stderr}")
        return size / (time.monotonic() - began)


def stop(process):
    """Ends a program, which removes what it has fetched. SIGTERM: who was started in the background may not hear SIGINT."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise SystemExit("lab: a player did not end when it was told to: what it has fetched would be there for the next.")
