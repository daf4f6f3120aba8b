"""nginx as it serves the same files without SCDN."""
import subprocess
import time
import urllib.parse

from scdnlab.media import FOLDER
from scdnlab.network import HERE, address, on

PORT = 8080


class Nginx:
    """nginx on a host, its listening socket under the congestion control that is asked for."""

    def __init__(self, folder, host, congestion):
        self.base = f"http://{address(host)}:{PORT}/"
        (folder / "logs").mkdir(parents=True)
        (folder / "nginx.conf").write_text(
            f"daemon off; user root; pid {folder}/pid; error_log {folder}/logs/error.log;\n"
            f"events {{}}\nhttp {{ access_log off; sendfile on; tcp_nopush on; keepalive_timeout 60; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
            f" fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n"
            f" server {{ listen {address(host)}:{PORT}; root {FOLDER}; }} }}\n")
        self.process = subprocess.Popen(
            on(host, HERE / "with-cubic", address(host), PORT, congestion, "nginx", "-p", folder, "-c", folder / "nginx.conf"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5)

    def url(self, path):
        return self.base + urllib.parse.quote(str(path.relative_to(FOLDER)))

    def stop(self):
        self.process.terminate()
        self.process.wait()
