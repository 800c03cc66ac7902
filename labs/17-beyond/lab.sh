#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 17 deeper 15 'Beyond loopback' 'Two wires and a router between them, from a capture: what loopback leaves out.'
cd "$here" || exit 4
a=02:00:00:00:01:10 a_side=02:00:00:00:01:01 # hardware addresses: A, and the router on A's wire,
b=02:00:00:00:02:20 b_side=02:00:00:00:02:01 # B, and the router on B's
i=$(pick port 0 5)
port=$((9001 + i)) ttls=(33 50 64 100 128 255) # scripts/make-route-capture sent these
ttl=${ttls[i]}

step 'What loopback leaves out'
say 'All other labs send to this very machine. Here is what you never see there: a datagram with one hop left (TTL 1).'
run 'loopcraft -q send udp dstport=9000 ip.ttl=1 data=hi'
expect 'Its frame has room for hardware addresses. They are zero: loopback has no hardware.' eth.dst 'udp.dstport == 9000' 00:00:00:00:00:00
expect 'Nobody asked where the other end is: there is no ARP.' packets arp 0
expect 'It came with TTL 1 and was answered: nobody on the way takes a hop off.' packets 'udp.srcport == 9000' 1
say 'loopcraft will not send beyond loopback. So you get a capture to read: two hosts, A and B, and a router. Their wires were virtual, in network namespaces on one machine; kernel and programs were real.' \
    'A 192.168.1.10 --- 192.168.1.1 router 203.0.113.1 --- 203.0.113.20 B' \
    "The file is $here/route.pcapng: open it in Wireshark beside this lab."

step 'Who has this address?'
say 'A wire carries frames from one hardware address to another. A knows only an IP address, so it has to ask first. That is ARP: "Who has this IP address?", called out to everybody on its wire.' \
    'A wants to ping B, 203.0.113.20. B is on another wire.'
predict 'Which IP address does A ask for?' arp.dst.proto_ipv4 'arp.src.proto_ipv4 == 192.168.1.10' 192.168.1.1 \
    'B would not hear the question. So A asks for the router, and trusts it with the rest.'
hint 'Everybody on the wire hears the question. Who is on that wire? The little map above says so.'
hint 'Only one machine there also has a foot on the other wire. It has two addresses: which one is on this side?'
look route.pcapng 'loopcraft dump route.pcapng --packet 1-2'
expect 'The question goes to everybody on the wire: ff:ff:ff:ff:ff:ff.' eth.dst 'arp.opcode == 1' ff:ff:ff:ff:ff:ff
expect 'The answer says which hardware has the address.' arp.src.hw_mac 'arp.opcode == 2' $a_side
expect 'The router asks too, on the other wire, for B: its last step.' arp.dst.proto_ipv4 'arp.opcode == 1 and eth.src == '$b_side 203.0.113.20

step 'Two wires, one packet'
say 'The router captured on both of its wires. What it forwards is in the file twice: as it came, and as it went on.' \
    "A's hardware address is $a, B's is $b. The router has one on each wire: $a_side beside A, $b_side beside B."
predict "Of all the frames on B's wire, how many carry A's hardware address?" \
    packets "eth.addr == $a and eth.addr in {$b, $b_side}" 0 \
    'A frame ends at the end of its wire. The router takes the packet out, and puts it into a new frame, with its own address as the source.'
hint 'Who puts the frame on the second wire: A, or somebody else?'
hint 'Could B answer to a hardware address that is not on its own wire?'
look route.pcapng "loopcraft dump route.pcapng -Y 'icmp.type == 8' --field eth.src,eth.dst,ip.src,ip.dst"
expect "On A's wire the ping goes to the router's hardware," eth.dst "icmp.type == 8 and eth.src == $a" $a_side
expect "on B's wire from the router's hardware, on its other side." eth.src "icmp.type == 8 and eth.dst == $b" $b_side
expect 'The IP addresses are the same on both: from A,' ip.src "icmp.type == 8 and eth.dst == $b" 192.168.1.10
expect 'and to B.' ip.dst "icmp.type == 8 and eth.src == $a" 203.0.113.20
say 'That is routing: look at the destination, pick a wire, pack it anew. On the internet this happens ten or twenty times in a row, and each router knows no more than its next step.'

step 'One hop less'
say "A sends a datagram to port $port of B, with TTL $ttl."
predict "Which TTL does it have on B's wire?" ip.ttl "udp.dstport == $port and eth.dst == $b" $((ttl - 1)) \
    'Each router takes one off. So a packet that is sent in circles dies, where it would go round for ever.'
hint 'TTL counts the hops that are left. How many routers are there between A and B?'
hint 'The router is one hop. Arriving is none.'
look route.pcapng "loopcraft dump route.pcapng -Y 'udp.dstport == $port' --field eth.dst,ip.ttl,ip.checksum,udp.checksum"
expect "The router worked out IP's checksum anew: the TTL is part of it." ip.checksum "udp.dstport == $port and eth.dst == $b" \
    "!$(truth ip.checksum "udp.dstport == $port and eth.src == $a")"
expect "UDP's it left alone: nothing that it covers was changed." udp.checksum "udp.dstport == $port and eth.dst == $b" \
    "$(truth udp.checksum "udp.dstport == $port and eth.src == $a")"
expect "B's answer sets out with 64, and is 63 when A gets it." ip.ttl "udp.srcport == $port and eth.dst == $a" 63
say 'So a TTL that arrives tells how far a packet came, if you guess where it began: 64, 128 and 255 are usual. A guess, for the sender may write any number.'

step "Traceroute's trick"
say 'Which routers are on the way? No packet has a list of them. traceroute finds out by sending datagrams to B that have very few hops left. The first has TTL 1.'
predict 'From which IP address does the answer to that first datagram come?' ip.src 'icmp.type == 11' 192.168.1.1 \
    'The router took one off, had 0 left, dropped the datagram, and told A so in its own name. That name is what traceroute was after.'
hint 'What is left of a TTL of 1, once a router took one off?'
hint 'The datagram is dropped. Who knows of it, and could tell A?'
look route.pcapng "loopcraft -q dump route.pcapng -Y 'udp.dstport in {33434..33440}'"
expect 'The answer is ICMP 11, time exceeded. It quotes the datagram that died.' udp.dstport 'icmp.type == 11' 33434
expect 'That datagram never was on the second wire.' packets "udp.dstport == 33434 and eth.addr == $b" 0
expect 'The second had TTL 2, and reached B. Nobody listens there (ICMP 3/3): the end of the way.' ip.src 'icmp.type == 3 and icmp.code == 3' 203.0.113.20
say 'traceroute prints these two addresses, one a line. It shows the way there, not the way back. A router may also keep silent: then there is a line of stars, and no fault.'

step 'One address for a whole house'
say '192.168.1.10 is a private address: thousands of homes use the same. Nobody on the internet could answer to it. So a router at home lends its own, public address to all of them. That is NAT, network address translation.' \
    'Now the router does so, and A opens a connection to the web server on B.'
look route.pcapng "loopcraft dump route.pcapng -Y 'tcp.flags.syn == 1' --field eth.src,ip.src,tcp.srcport,ip.dst,tcp.dstport,tcp.seq_raw"
expect "B sees a SYN from the router's address," ip.src "tcp.flags == 0x002 and eth.dst == $b" 203.0.113.1
expect 'and from a port that is not the one A took.' tcp.srcport "tcp.flags == 0x002 and eth.dst == $b" !40000
expect 'B answers the router, which knows by that port whose it is, and turns the address back.' ip.dst "tcp.flags == 0x012 and eth.dst == $a" 192.168.1.10
expect 'The sequence number passed unchanged: the handshake is between A and B.' tcp.seq_raw "tcp.flags == 0x002 and eth.dst == $b" \
    "$(truth tcp.seq_raw "tcp.flags == 0x002 and eth.src == $a")"
say 'The router keeps a table of such pairs of ports. What comes from outside and is not in it finds nobody: that looks like a firewall, and is only a side effect. What A itself fetches passes, good or bad.'

step 'The one in the middle'
say 'All of this passed through the router, and it could read it: here is what A told the web server.'
look route.pcapng "loopcraft dump route.pcapng -Y 'tcp contains \"password\" and eth.src == $a' | grep 'GET '"
expect 'The password can be read by everybody on the way.' output 'password=lovelace' password=lovelace
say 'A router can also write. A now sends "pay 0019 euro to bob" to B, port 9090, and this router is not honest.'
ask 'What do you think: can B notice by the checksum? Why, or why not?'
look route.pcapng "loopcraft dump route.pcapng -Y 'udp.dstport == 9090' | grep -E 'eth.src|checksum|right|euro to bob'"
expect 'A wrote 0019.' output 'pay 0019 euro to bob' 'pay 0019 euro to bob'
expect 'B reads 1900.' output 'pay 1900 euro to bob' 'pay 1900 euro to bob'
expect 'All checksums are right, on both wires.' output 'right.*right.*right.*right' !
expect "UDP's is even the same." udp.checksum "udp.dstport == 9090 and eth.dst == $b" \
    "$(truth udp.checksum "udp.dstport == 9090 and eth.src == $a")"
expect 'B took it: it says thanks.' packets "udp.srcport == 9090 and eth.src == $b" 1
say 'A checksum adds up pairs of bytes, in any order: "00" and "19" changed places. For other words the router would just add up anew. It finds accidents, not liars.' \
    'Who can be in the middle? Each router, each hotspot, and each neighbour: nobody signs an ARP answer, so any machine on the wire can say "the router, that is me" (ARP spoofing).' \
    'Encryption (TLS, SSH) helps: the middle can then still see who talks to whom, when and how much, and it can cut the wire. It can not read, and not change a word unnoticed, as long as you heed the warning about a wrong certificate.'

step 'Find them yourself'
check_filter() { # FILE
    local filter found=$scratch/found.pcapng
    filter=$(grep -v '^ *#' "$1" | tr '\n' ' ')
    rm -f "$found"
    # shellcheck disable=SC2016 # for the shell that runs it
    FILTER=$filter FOUND=$found looked=route.pcapng try 'loopcraft dump route.pcapng -q -w "$FOUND" -Y "$FILTER"
        case $FILTER in *frame.*) echo "by their place in the file" ;; *) echo "by what they are" ;; esac'
    if [ ! -s "$found" ]; then
        seen 'the filter' output 'display filter, (.*) by ' understood
        return
    fi
    seen 'how they are chosen' output 'by (what they are|their place in the file)' 'what they are'
    looked=$found try true
    seen "datagrams to port $port" packets "udp.dstport == $port" 1
    seen "answers from port $port" packets "udp.srcport == $port" 1
    seen "frames of A's wire" packets "eth.addr == $a" 0
    seen 'packets in all' packets frame 2
}
hint 'What differs between the two copies of a packet, before and behind the router? Look at the link header.'
hint "Wireshark's eth.addr is either of a frame's two hardware addresses. Two conditions are joined by and."
exercise filter.txt check_filter "The datagram to port $port, and its answer, are in the file four times in all. Change the display filter in the file so that it selects the two that B's wire carried, and nothing else. Try it in Wireshark, on route.pcapng."

finish "arp or icmp or udp.port == $port"
