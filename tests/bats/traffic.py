"""traffic.py FILE: captures a little of everything on lo into FILE; to be run in a sandbox.

Its own servers on TCP 7001, UDP 7002 (7003 is closed), over IPv4 and IPv6: a request and its
answer, which only look like HTTP (that would be no "data"), a refused connection, datagrams, ICMP
errors, echoes with record route and timestamps.
"""
import socket, struct, sys, threading


def checksum(data):
    words = sum(struct.unpack('!%dH' % (len(data) // 2), data))
    words = (words >> 16) + (words & 0xffff)
    return 0xffff & ~(words + (words >> 16))


def serve(listener):
    peer, _ = listener.accept()
    peer.recv(1000)
    peer.sendall(b'say HTTP/1.0 200 OK\r\n\r\nhello\n')
    peer.close()


def talk(family, address):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, 7001))
    listener.listen()
    server = threading.Thread(target=serve, args=[listener])
    server.start()
    client = socket.create_connection((address, 7001))
    client.sendall(b'GETTING / HTTP/1.0\r\n\r\n')
    while client.recv(1000):
        pass
    client.close()
    server.join()
    listener.close()
    try:
        socket.create_connection((address, 7003))
    except ConnectionRefusedError:
        pass
    echo = socket.socket(family, socket.SOCK_DGRAM)
    echo.bind((address, 7002))
    asker = socket.socket(family, socket.SOCK_DGRAM)
    asker.sendto(b'hello udp', (address, 7002))
    echo.sendto(b'', echo.recvfrom(100)[1])
    asker.sendto(b'closed', (address, 7003))


def ping(to, options=b''):
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    if options:
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_OPTIONS, options)
    body = struct.pack('!HH', 4711, 1) + b'abcdefgh'
    sum_ = checksum(b'\x08\x00\x00\x00' + body)
    raw.sendto(b'\x08\x00' + struct.pack('!H', sum_) + body, (to, 0))


def write(capture, file):
    """What arrived, as classic pcap; each packet passes twice, on its way out as well."""
    with open(file, 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        number = 0
        while True:
            try:
                data, where = capture.recvfrom(262144, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if where[2] != socket.PACKET_OUTGOING:
                number += 1
                out.write(struct.pack('<IIII', 1700000000 + number, number, len(data), len(data)) + data)


ETH_P_ALL = 3
capture = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
capture.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
capture.bind(('lo', ETH_P_ALL))
talk(socket.AF_INET, '127.0.0.1')
talk(socket.AF_INET6, '::1')
ping('127.0.0.1')
ping('127.0.0.2', b'\x07\x0f\x04' + bytes(12) + b'\x00')  # record route
ping('127.0.0.1', b'\x44\x0c\x05\x00' + bytes(8))         # timestamps
six = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
six.sendto(b'\x80\x00\x00\x00\x12\x34\x00\x01abcdefgh', ('::1', 0))
write(capture, sys.argv[1])
