# Two calls at the same time, from one and the same port.
import socket
import struct

calls = [
    # from                  to
    (("127.0.0.1", @own@), ("127.0.0.1", 8080)),
    (("127.0.0.2", @own@), ("127.0.0.1", 8080)),
]

# From here on nothing needs to be changed.
lines = []
for here, there in calls:
    line = socket.socket()
    # Two sockets may share a port, if both say so.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Hang up at once in the end, so that the port is free for the next try.
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.bind(here)
    line.connect(there)
    lines.append(line)

print(len(lines), "calls stand")
