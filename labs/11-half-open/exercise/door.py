#!/usr/bin/env python3
# A server, to be made ready for more callers. Its port is given on the command line.
import socket
import sys

BACKLOG = 2  # so many may wait to get through the handshake

with socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=BACKLOG) as door:
    while True:
        guest, _ = door.accept()
        guest.close()  # getting in is all that there is to it
