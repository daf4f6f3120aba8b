"""Media that ffmpeg makes once and keeps: the same pictures and sound in many containers, at 4 Mbit/s."""
from scdnlab.network import TEMP, run

FOLDER = TEMP / "scdn-lab-media"

# What is encoded once, and what each container is made of. MP4 without +faststart has its moov last.
SOURCES = {
    "h264": ("mkv", "-c:v libx264 -preset veryfast -c:a aac"),
    "mpeg4": ("mkv", "-c:v mpeg4 -c:a mp3"),
    "mpeg2": ("mkv", "-c:v mpeg2video -c:a mp2"),
    "wmv": ("mkv", "-c:v wmv2 -c:a wmav2"),
    "vp8": ("mkv", "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus"),
    "mp3": ("mkv", "-vn -c:a mp3 -b:a 320k"),
}
CONTAINERS = {
    "mp4-moov-last": ("h264", "mp4", ""),
    "mp4-faststart": ("h264", "mp4", "-movflags +faststart"),
    "mkv": ("h264", "mkv", ""),
    "avi": ("mpeg4", "avi", ""),
    "mpeg-ps": ("mpeg2", "mpg", "-f vob"),
    "mpeg-ts": ("h264", "ts", ""),
    "wmv": ("wmv", "wmv", "-f asf"),
    "webm": ("vp8", "webm", ""),
    "mp4-fragmented": ("h264", "mp4", "-movflags frag_keyframe+empty_moov"),
    "flv": ("h264", "flv", ""),
    "mp3": ("mp3", "mp3", ""),
}
# Those whose index does not tell a place for a time: SCDN seeks in them by its own.
VIEWS = ("flv", "mp3")
# What others need a multiple of the time for, which would hide all else in a mean.
APART = (*VIEWS, "mp4-fragmented")
START = tuple(name for name in CONTAINERS if name not in VIEWS)


def make(names, seconds):
    """The file of each container."""
    FOLDER.mkdir(exist_ok=True)
    files = {}
    for name in names:
        source, extension, options = CONTAINERS[name]
        path = FOLDER / f"{name}-{seconds}s.{extension}"
        if not path.exists():
            _write(path, "-i", _encode(source, seconds), "-map", "0", "-c", "copy", *options.split())
        files[name] = path
    return files


def make_variable(seconds):
    """A film whose bit rate swings between half and three halves of its mean, every 15 seconds."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"variable-{seconds}s.mkv"
    if not path.exists():
        picture = f"testsrc2=s=640x360:r=25:d={seconds},noise=alls=20:allf=t,noise=alls=10:allf=t:enable='lt(mod(t,30),15)'"
        _write(path, "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}", *"-c:v libx264 -preset veryfast -crf 31 -g 50 -pix_fmt yuv420p -threads 2 -c:a aac".split())
    return path


def make_hls(film):
    """A playlist of the film in segments of 6 seconds, each encrypted with AES-128."""
    folder = film.with_suffix(".hls")
    if not (folder / "index.m3u8").exists():
        folder.mkdir(exist_ok=True)
        (folder / "key").write_bytes(bytes(range(16)))
        (folder / "info").write_text(f"key\n{folder / 'key'}\n")
        run("ffmpeg", "-v", "error", "-y", "-i", film, "-map", "0", "-c", "copy", "-f", "hls", "-hls_time", 6, "-hls_playlist_type", "vod", "-hls_key_info_file", folder / "info", folder / "index.m3u8")
    return folder / "index.m3u8"


def _encode(source, seconds):
    extension, options = SOURCES[source]
    path = FOLDER / f"source-{source}-{seconds}s.{extension}"
    if not path.exists():
        rate = "-b:v 4M -minrate 4M -maxrate 4M -bufsize 2M -g 50 -pix_fmt yuv420p".split() if "-vn" not in options else []
        picture = ["-f", "lavfi", "-i", f"testsrc2=s=854x480:r=25:d={seconds},noise=alls=12:allf=t"] if rate else []
        _write(path, *picture, "-f", "lavfi", "-i", f"sine=f=440:r=48000:d={seconds}", *rate, "-threads", 2, *options.split())
    return path


def _write(path, *arguments):
    part = path.with_suffix(".part" + path.suffix)
    run("ffmpeg", "-v", "error", "-y", *arguments, part)
    part.rename(path)
