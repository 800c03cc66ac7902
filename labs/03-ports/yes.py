# A small UDP server: python3 yes.py PORT. It answers "yes" to each datagram of three bytes or more:
# never with more than it was asked, so that nobody can make it shout at others.
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    question, caller = server.recvfrom(2048)
    if len(question) >= 3:
        server.sendto(b"yes", caller)
