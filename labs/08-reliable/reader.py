# Says what each recv() gives: reader.py tcp|udp PORT.
import socket
import sys

proto, here = sys.argv[1], ("127.0.0.1", int(sys.argv[2]))


def read(talk):
    while data := talk.recv(65536):  # 0 bytes: the other end has closed
        text = data.decode(errors="replace")
        print(f"recv() gave {len(data)} bytes: {text if len(text) < 40 else '...'}", flush=True)


if proto == "udp":
    talk = socket.socket(type=socket.SOCK_DGRAM)
    talk.bind(here)
    read(talk)
else:
    listener = socket.create_server(here)
    while True:
        try:
            read(listener.accept()[0])
        except ConnectionError:  # cut off by a reset: on to the next
            pass
