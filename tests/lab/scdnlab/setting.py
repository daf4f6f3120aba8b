"""What all runs have in common: a network, nginx and a cluster in it, a folder for their files, and rows of figures."""
import contextlib
import pathlib
import shutil
import statistics
import tempfile

from scdnlab.cluster import Cluster
from scdnlab.network import Network
from scdnlab.nginx import Nginx


@contextlib.contextmanager
def setting(options, servers, loss=0, relays=False, nginx=("s1",)):
    """A network with so many content servers, nginx on some of the same hosts, and one host more for the control side."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="scdn-lab-"))
    with contextlib.ExitStack() as parts:
        parts.callback(shutil.rmtree, folder, ignore_errors=True)
        network = Network(servers + 1, options.rtt, options.rate, loss)
        parts.callback(network.stop)
        peers = {}
        for host in nginx:
            peers[host] = Nginx(folder / f"nginx-{host}", host, options.congestion)
            parts.callback(peers[host].stop)
        cluster = Cluster(folder, servers, options.congestion, relays)
        parts.callback(cluster.stop)
        yield network, peers, cluster


def row(run, container, system, values, **facts):
    """One row: the median of what was measured, and all of it."""
    return {"run": run, "container": container, "system": system, "median": round(statistics.median(values), 3), "values": [round(value, 3) for value in values], **facts}


def transfer(options, size, servers=1):
    """Seconds that so many bytes take at the line's full rate."""
    return size * 8 / (options.rate * 1e6 * servers)
