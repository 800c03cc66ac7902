# Unwraps a frame, given in hexadecimal: python3 peel.py 000000...
import sys

frame = bytes.fromhex(sys.argv[1])

ethernet = 0                    # how many bytes has the Ethernet header?
packet = frame[ethernet:]       # what is left without them

ip = 0                          # and the IPv4 header? It begins at packet[0]
datagram = packet[ip:]

udp = 0                         # and the UDP header?
message = datagram[udp:]

print(message)  # as Python shows bytes: b'text', and \x00 for what is no letter
