# Sends the numbers 01 to 20 to itself, through loopback: numbers.py udp|tcp PORT. One number is one
# packet, and between two of them is a short pause. Then it says which ones have arrived.
import socket
import sys
import time

proto, here = sys.argv[1], ("127.0.0.1", int(sys.argv[2]))
if proto == "udp":
    reader = socket.socket(type=socket.SOCK_DGRAM)
    reader.bind(here)
    writer = socket.socket(type=socket.SOCK_DGRAM)
    writer.connect(here)
else:
    listener = socket.create_server(here)
    writer = socket.create_connection(here)
    writer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each send at once, as its own packet
    reader, _ = listener.accept()

for number in range(1, 21):
    writer.send(b"%02d\n" % number)
    time.sleep(0.005)
writer.close()

reader.settimeout(0.2 if proto == "udp" else 8)  # nobody says when a datagram is the last one
text = b""
try:
    while piece := reader.recv(4096):
        text += piece
except TimeoutError:
    pass
arrived = text.decode().split()
print(f"{proto}: 20 sent, {len(arrived)} arrived:", *arrived)
