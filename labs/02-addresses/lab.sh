#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 2 deeper 15 'Addresses' 'Which addresses are this machine, whom a server at 0.0.0.0 hears, IPv4 beside IPv6.'
other=127.$(pick second 1 250).$(pick third 0 250).$(pick fourth 2 250)
narrow=$(pick narrow 20000 24999) # a server at 127.0.0.1 alone
wide=$(pick wide 25000 29999)     # one at 0.0.0.0
both=$(pick both 30000 31999)     # one at ::
card=192.168.$(pick net 2 250).1
digit=$(pick digit 11 99)
page=$scratch/page # an empty folder, for the web servers to show
mkdir "$page"

step 'Sixteen million of you'
say "You know 127.0.0.1: this machine. Here is another address, $other. Nobody has set it up: the interface lo has 127.0.0.1 alone." \
    'You ping it: "are you there?".'
run 'ip -brief address'
predict "How many answers will come from $other?" packets 'icmp.type == 0' 1 \
    'The whole block 127.0.0.0/8 is this machine: each address whose first number is 127.'
hint 'Read the address of lo to its end: what may /8 mean?'
hint '/8 says how many bits, from the left, belong to the block. A number between dots is 8 bits.'
run "loopcraft -q ping --to $other"
expect 'The answer comes from the very address that was asked.' ip.src 'icmp.type == 0' "$other"
say 'The kernel keeps a list of what is local. With 8 of 32 bits fixed, 24 are free: that makes 16,777,216 addresses.'
run "ip route show table local 127.0.0.0/8; echo \$((2 ** 24)) addresses"
expect 'The block is on that list, as one.' output '(local 127.0.0.0/8 dev lo)' 'local 127.0.0.0/8 dev lo'

step '::1, and no other'
say 'IPv6 has 128 bits in place of 32, written in hexadecimal, in groups between colons. One :: stands for as many zeros as are missing. So ::1 is 127 zero bits, and a one.'
run 'loopcraft -6 -q ping'
expect 'It answers as well, over IPv6.' ipv6.src 'icmpv6.type == 129' ::1
say 'IPv4 gave a block of 16 million addresses to loopback. Has IPv6 been as generous? Ask the kernel for its way to ::2.'
run 'ip -6 route get ::2' 2
expect 'No way there: loopback of IPv6 is a single address.' output '(Network is unreachable)' 'Network is unreachable'

step 'A server at one address'
serve narrow "$narrow" python3 -m http.server "$narrow" --bind 127.0.0.1 --directory "$page"
say "A web server was started on port $narrow. Before a server listens it binds: it tells the kernel for which of the machine's addresses, and which port. This one chose 127.0.0.1."
run "ss -tln 'sport = :$narrow'"
predict "$other is this machine too, as you saw. In which state is its port $narrow: open or closed?" state "$narrow/tcp" closed \
    'The address belongs to the machine, but nobody listens at it. A server hears what is sent to the address that it bound, and nothing else.'
hint 'A ping is answered by the kernel. A port is open when a program listens there.'
hint 'Compare the address in the column "Local Address" with the one that is asked.'
run "loopcraft -q syn --to $other $narrow"
expect 'The kernel answers with a reset.' tcp.flags "tcp.srcport == $narrow" RST,ACK
run "loopcraft -q syn --to 127.0.0.1 $narrow --expect open"

step 'A server at 0.0.0.0'
serve wide "$wide" python3 -m http.server "$wide" --bind 0.0.0.0 --directory "$page"
say "A second server, on port $wide, bound 0.0.0.0. That is no address that anybody has: all its bits are zero." \
    "And the sandbox gets an address like that of a network card, $card. On a real machine, others could reach that one."
run "ip address replace $card/32 dev lo; ss -tln '( sport = :$narrow or sport = :$wide )'"
predict "The shell connects to $card, port $wide. Which flags will the answer have? (SYN,ACK: come in. RST,ACK: nobody listens.)" \
    tcp.flags "tcp.srcport == $wide" SYN,ACK \
    'To a server that binds it, 0.0.0.0 means: each address that this machine has, now or later.'
hint 'Who would want a server that no address leads to?'
hint 'Zero bits can stand for "none given". What would a kernel make of a server that does not care?'
run "echo > /dev/tcp/$card/$wide; echo > /dev/tcp/$card/$narrow" 1
expect "The packet was for $card." ip.dst "tcp.dstport == $wide" "$card"
expect 'The server at 127.0.0.1 can not be had by that address.' tcp.flags "tcp.srcport == $narrow" RST,ACK
say "That is the difference between yours alone and everybody's: whoever tries out a server at 0.0.0.0 in a café shows it to the café. What is for you alone binds 127.0.0.1."
ip address del "$card/32" dev lo 2> /dev/null

step 'A server at ::'
serve both "$both" python3 -m http.server "$both" --bind :: --directory "$page"
say "The same in IPv6: :: is all zero, and means each address. Port $both has a server that bound it."
run "loopcraft -q -6 syn $both; loopcraft -q syn $both"
expect 'Open over IPv6.' ipv6.version "tcp.srcport == $both and tcp.flags == 0x12" 6
expect 'And over IPv4: on Linux a server at :: hears both, unless it asks for IPv6 alone.' packets "ip.version == 4 and tcp.srcport == $both and tcp.flags == 0x12" 1

step 'Calling 0.0.0.0'
say 'For a server 0.0.0.0 means "each of my addresses". Now you are the caller, and connect to 0.0.0.0.'
predict 'Which address will stand in the packet as its destination?' ip.dst 'tcp.dstport == 8080' 127.0.0.1 \
    '0.0.0.0 may not stand there: it is no place. Linux takes "nowhere in particular" for this machine. Not all systems do.'
hint 'A packet has to go somewhere. Which machine is the nearest?'
hint 'The sandbox has one interface.'
run 'echo > /dev/tcp/0.0.0.0/8080'
expect 'No packet had the address 0.0.0.0.' packets 'ip.addr == 0.0.0.0' 0
say 'Browsers did this too, for years: a web page that called 0.0.0.0 reached servers of the very machine that showed it, past rules that forbade 127.0.0.1. One address, two spellings, and a check that knew one.'

step 'Two headers'
say 'The same datagram, with four bytes of data, over IPv4 and then over IPv6: look at the headers of the internet layer.'
run "for v in 4 6; do loopcraft -\$v send udp dstport=9000 data=ping -w - | loopcraft dump - --packet 1 --view boxes | sed -n '/Internet (3)/,/Transport (4)/p'; done"
expect 'IPv4: 20 bytes, of which 8 are addresses.' ip.hdr_len 'udp.dstport == 9000 and ip' 20
expect "IPv4's total length counts the header: 20 + 8 + 4." ip.len 'udp.dstport == 9000 and ip' 32
expect "IPv6's payload length does not: 8 + 4. The header has 40 bytes, always, of which 32 are addresses." ipv6.plen 'udp.dstport == 9000 and ipv6' 12
expect 'Protocol became next header: 17 is UDP in both.' ipv6.nxt 'udp.dstport == 9000 and ipv6' 17
expect 'TTL became hop limit, which says what it always was.' ipv6.hlim 'udp.dstport == 9000 and ipv6' 64
say 'Gone from IPv6: the header checksum, which each router had to work out anew; and all about fragments (identification, MF, offset), which has moved to a header of its own, there when needed. Fewer fields, so routers have less to do.' \
    'Neither header hides anything: that IPv6 "comes with encryption" is a tale. IPsec can be had with both.'

step 'Which class is this address?'
say 'Whether an address is yours, your office'"'"'s, or the world'"'"'s is decided by its first bits. loopcraft knows the blocks.'
run 'loopcraft explain 10.1.2.3 fe80::1 2001:db8::1'
expect '10.0.0.0/8 is for use inside; your router at home gives out such addresses too.' output '10.1.2.3 (private)' private
expect 'fe80:: ends at the next router.' output 'fe80::1 (link-local)' link-local
expect '2001:db8:: is for books, and reaches nobody.' output '2001:db8::1 (documentation)' documentation
address() { # CLASS: what stands in the file for it
    sed -n "s/^$1 *= *\([0-9a-fA-F.:]*\).*/\1/p" "$answers" | head -n 1
}
check_classes() { # FILE
    local answers=$1 class classes='loopback private link-local unique-local documentation multicast' lines=''
    for class in $classes; do
        lines+="echo \"[$class]\"; loopcraft explain $(address "$class") 2> /dev/null | head -n 1; "
    done
    try "$lines"
    for class in $classes; do
        seen "$class, ending in $digit" output \
            "\[$class\] [0-9a-fA-F.:]*[.:]$digit ((unique )?[a-z-]+)" "${class/unique-/unique }"
    done
    try "loopcraft ping --to $(address loopback)"
    seen 'the first one answers a ping, from' ip.src 'icmp.type == 0' "$(address loopback)"
}
hint 'loopcraft explain ADDRESS tells the class and the block of any address. The README of this lab has a table of the blocks.'
hint 'A block like 172.16.0.0/12 fixes 12 bits: all of 172, and the first four of the next number. Which numbers begin with the bits 0001?'
exercise classes.txt check_classes "Six addresses, and each only nearly belongs to the class before it. Mend them. Each keeps its last number, $digit."

finish 'icmp or icmpv6 or ip.dst == 127.0.0.1 or ip.dst == 192.168.0.0/16'
