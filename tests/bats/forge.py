"""forge.py OURS TCP UDP: a stranger who can't see the probes, but knows the sweep's port and two silent
ports: forged SYN-ACKs, RSTs and ICMP errors in their name, with numbers drawn by chance, until it is
killed. In a sandbox only."""
import random
import socket
import struct
import sys

LOCAL = socket.inet_aton("127.0.0.1")
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
raw.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def ip(protocol, payload):
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0, LOCAL,
                       LOCAL) + payload


def tcp(source, target, flags):
    segment = struct.pack("!HHIIBBHHH", source, target, random.getrandbits(32),
                          random.getrandbits(32), 0x50, flags, 1024, 0, 0)
    total = checksum(LOCAL + LOCAL + struct.pack("!HH", 6, len(segment)) + segment)
    return segment[:16] + struct.pack("!H", total) + segment[18:]


def unreachable(code, quoted):
    message = struct.pack("!BBHI", 3, code, 0, 0) + quoted
    return message[:2] + struct.pack("!H", checksum(message)) + message[4:]


ours, port, datagrams = map(int, sys.argv[1:])
print("ready", flush=True)
while True:
    for packet in (ip(6, tcp(port, ours, 0x12)), ip(6, tcp(port, ours, 0x14)),
                   ip(1, unreachable(13, ip(6, tcp(ours, port, 2)))),
                   ip(1, unreachable(3, ip(17, struct.pack("!HHHH8s", ours, datagrams, 16, 0,
                                                           b"forged!!"))))):
        raw.sendto(packet, ("127.0.0.1", 0))
