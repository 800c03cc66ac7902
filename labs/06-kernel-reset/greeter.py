# A server that speaks first, as those for mail and SSH do: whoever connects is greeted at once.
import socket
import sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
guests = []
while True:
    guest, _ = listener.accept()
    guests.append(guest)  # kept, or the connection would be closed
    try:
        guest.sendall(b"welcome\n")
    except OSError:  # reset before we could speak
        pass
