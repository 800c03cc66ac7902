#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 15 deeper 15 'IPv6' 'The same handshake over another Internet layer: what changes, what does not, and headers that stand in between.'
port=$(pick port 20000 29999)
seq=$(pick seq 100000000 999999999)
pads=$(pick pads 0 3)

# The bytes of a SYN from this port of ::1 to its port 8080, with the sum over the pseudo-header.
syn_bytes() { # PORT SEQ
    local total=0 number
    for number in 1 1 20 6 "$1" 8080 $(($2 >> 16)) $(($2 & 0xffff)) 0x5002 0xfaf0; do
        total=$((total + number))
    done
    while ((total > 0xffff)); do total=$(((total & 0xffff) + (total >> 16))); done
    printf '%04x 1f90 %08x 00000000 5002 faf0 %04x 0000' "$1" "$2" $((total ^ 0xffff))
}
syn=$(syn_bytes "$port" "$seq")

step 'The same handshake'
say 'First a handshake over IPv4, with 127.0.0.1.'
run 'loopcraft -q handshake 8080 --close rst'
expect 'Its SYN is a frame of 58 bytes: 14 for Ethernet, 20 for IPv4, 24 for TCP.' frame.len 'tcp.flags == 0x002' 58
say 'Now the same with ::1, this machine in IPv6. TCP stays as it is. An IPv6 address has 128 bits, an IPv4 address 32.'
predict 'How many bytes long is the SYN'"'"'s frame over IPv6?' frame.len 'tcp.flags == 0x002' 78 \
    'Two addresses of 16 bytes and 8 bytes beside them: 40 in place of 20. IPv4 spends 12 bytes beside its addresses; IPv6 did with less.'
hint 'The addresses alone grow from 2 x 4 bytes to 2 x 16.'
hint 'Beside the addresses an IPv4 header has 12 bytes; an IPv6 header has 8. Ethernet and TCP stay the same.'
run 'loopcraft -q -6 handshake 8080 --close rst'
expect 'SYN, SYN-ACK, ACK, and both ends are ESTABLISHED: TCP does not notice.' output 'ESTABLISHED [│|][^│|]* ACK seq_raw=[^│|]*[│|] (ESTABLISHED)' ESTABLISHED
expect 'The TCP header has the same 24 bytes.' tcp.hdr_len 'tcp.flags == 0x002' 24

step 'The two headers'
say 'Both headers, as the RFCs draw them, 32 bits in a row. Which fields of the first are missing in the second?'
loopcraft -q syn 8080 -w four.pcapng > "$scratch/quiet"
run "loopcraft dump four.pcapng --packet 1 --view boxes | sed -n '/Internet (3)/,/Transport (4)/p'"
run 'loopcraft -q -6 syn 8080 -w six.pcapng'
expect 'ipv6.plen counts what follows the header: 20 bytes of TCP. (ip.len counts itself as well.)' ipv6.plen 'tcp.flags == 0x002' 20
expect 'ipv6.nxt says what follows: 6, TCP, the number that ip.proto has.' ipv6.nxt 'tcp.flags == 0x002' 6
expect 'ipv6.hlim is the TTL, under an honest name: a limit of hops.' ipv6.hlim 'tcp.flags == 0x002' 64
run "loopcraft dump six.pcapng --packet 1 --view boxes | sed -n '/Internet (3)/,/Transport (4)/p'"
say 'Gone: the header'"'"'s length (it is always 40), everything about fragments, and the checksum. A router need not add up anything any more.' \
    'So nothing but the pseudo-header of TCP and UDP protects the addresses: that is why UDP may not leave its sum out over IPv6.'

step 'Who says no'
say 'ICMPv6 has numbers of its own. Types below 128 are errors, and 1 is "unreachable". Its codes: 0 no route, 1 forbidden by the administrator, 3 address unreachable, 4 port unreachable.'
say 'Port 8081 is closed. Before 8083 stands the firewall that refuses aloud; in lab 5 that was 3/13.'
predict 'Which code will its message have?' icmpv6.code 'icmpv6' 1 \
    'IPv4 found its codes over the years, up to 15; IPv6 could tidy up. ICMPv6 1/1 says what ICMP 3/13 says.'
hint 'Read the codes above. Is it the route, the address or the port that is the trouble? Or a decision of somebody?'
hint 'In lab 5, 13 meant "communication administratively prohibited".'
run 'loopcraft -q -6 syn 8080 8081 8083'
expect 'An error: type 1.' icmpv6.type icmpv6 1
expect 'Open, closed and filtered are the same states, with the same reasons.' output '8080/tcp open syn-ack .*8081/tcp closed reset .*8083/tcp filtered (admin-prohibited)' admin-prohibited
run 'loopcraft -q -6 udp 9001'
expect 'A closed UDP port: 1/4. It was 3/3.' icmpv6.code icmpv6 4

step 'Are you there?'
say 'Echo request and reply are no errors, so their types begin at 128.'
run 'loopcraft -q -6 ping'
expect 'The request has type 128; in ICMP it is 8.' icmpv6.type 'frame.number == 1' 128
expect 'The reply has type 129; in ICMP it is 0.' icmpv6.type 'frame.number == 2' 129
expect 'Nobody asked for a hardware address: lo has none.' packets 'icmpv6.type == 135' 0
say 'On Ethernet a question of type 135 would have gone first: "who has this address?" IPv6 has no ARP; that, too, is ICMPv6'"'"'s work. A firewall that drops all of ICMPv6 cuts its own network off.'

step 'A header in between'
say 'What IPv4 has as options, IPv6 puts into headers of their own, between its own header and TCP. Each begins with the number of what follows.' \
    'You send a SYN, byte by byte, behind a header of 8 bytes: 06 (TCP follows), 00 (no more than 8 bytes), then an option that only fills (01, 4 bytes long).'
predict 'How many SYN-ACKs will come back?' packets 'tcp.srcport == 8080 and tcp.flags == 0x012' 1 \
    'The receiver follows the chain: IPv6 says 60, header 60 says 6, and there is TCP. Its sum is right as well: headers in between are not part of the pseudo-header.'
hint 'The chain: which number says what comes next, and does it lead to TCP?'
hint 'An option that only fills asks for nothing. What would an honest receiver do with it?'
run "loopcraft -q send ip -6 ipv6.nxt=60 data='hex: 06 00 01 04 00000000 $syn'"
say 'Your packet, as it was on the wire: two headers of the Internet layer, one behind the other.'
show --packet 1
expect 'IPv6 says: next is 60, destination options.' ipv6.nxt "tcp.srcport == $port" 60
expect 'That header says: next is 6, TCP.' ipv6.dstopts.nxt "tcp.srcport == $port" 6
say 'The same on the Internet would be less sure: many firewalls drop what has such a header, since they look for TCP at byte 40 and find something else.'

step 'An option that nobody knows'
say 'Suppose the option is one that the receiver has never heard of, number 1e. What is it to do? The option itself says so, in its two highest bits.' \
    '00: skip it. 01: drop the packet. 10: drop it, and tell the sender. So 1e, 5e and 9e are one option with three different wishes.'
run "loopcraft -q send ip -6 ipv6.nxt=60 data='hex: 06 00 1e 04 00000000 $syn'"
expect '1e: skipped, and answered.' packets 'tcp.srcport == 8080 and tcp.flags == 0x012' 1
run "loopcraft -q send ip -6 ipv6.nxt=60 data='hex: 06 00 5e 04 00000000 $syn'"
expect '5e: silence.' packets 'tcp.srcport == 8080 or icmpv6' 0
filling='' zeros=00000000
for ((i = 0; i < pads; i++)); do filling+='00 ' zeros=${zeros%00}; done
option=$(printf '%s9e %02x %s' "$filling" $((4 - pads)) "$zeros")
say "Now 9e. The header's last six bytes are: $option. (A 00 before the option is one byte of filling.)" \
    'The error message, type 4, has a pointer: at which byte of your packet, counted from 0 at the start of IPv6, is the thing that I do not know?'
predict 'What will the pointer say?' icmpv6.pointer icmpv6 $((42 + pads)) \
    'The IPv6 header is bytes 0 to 39. Then come two bytes of the other header, then its options. It points at the option'"'"'s first byte, its type.'
hint 'The IPv6 header has 40 bytes: the next header begins at byte 40.'
hint 'Count from 40: 06 is byte 40, 00 is byte 41. Go on to 9e.'
run "loopcraft -q send ip -6 ipv6.nxt=60 data='hex: 06 00 $option $syn'"
expect 'A parameter problem.' icmpv6.type icmpv6 4
expect 'Code 2: an option that I do not know.' icmpv6.code icmpv6 2

step 'A chain of your own'
check_chain() { # FILE
    try "loopcraft -q send -6 --recipe '$1'"
    seen 'what IPv6 says comes next: destination options' ipv6.nxt 'frame.number == 1' 60
    seen 'what that header says comes next: TCP' ipv6.dstopts.nxt 'frame.number == 1' 6
    seen 'bytes of that header' ipv6.dstopts.len_oct 'frame.number == 1' 16
    seen 'the number that the option has in its lower five bits' ipv6.opt.type.rest 'frame.number == 1' 0x1e
    seen 'the SYN behind it is the one of the file: its number' tcp.seq_raw 'frame.number == 1' "$seq"
    seen 'SYN-ACKs that came back' packets "tcp.srcport == 8080 and tcp.dstport == $port and tcp.flags == 0x012" 1
}
hint 'The second byte of such a header counts units of 8 bytes, the first 8 left out: what stands there for 16?'
hint 'Two bytes begin the header, two the option; the option'"'"'s length byte counts what is then left of the 16.'
exercise chain.txt check_chain 'Before the SYN in the file, put a destination options header of 16 bytes, with option number 1e in it and nothing else, so that the server still answers.'
ask 'Why does the sender decide what is to be done with an option that the receiver does not know?'

finish 'ipv6'
