"""The pieces of `lab`: a network, media, servers and peers, and the runs that compare them."""
