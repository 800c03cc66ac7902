#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 16 deeper 15 'Fragments and lengths' 'A datagram cut in two, put together again, or never; and lengths that do not tell the truth.'
port=$(pick port 20000 29999)
id=$(pick id 1000 60000)
blocks=$(pick blocks 2 4)      # what the first piece carries: so many times 8 bytes, UDP's header included
much=$(pick much 1300 2200)    # bytes for the kernel to cut
letters=$(pick letters 3 7)    # letters that a false length leaves
digits=$(printf '%08d' "$(pick digits 0 99999999)")
first=$(printf '%.*s' $((8 * blocks - 8)) "FIRST---half-of-the-text")
second="-$digits-last"
length=$((8 + ${#first} + ${#second}))

# UDP's checksum, over the whole datagram from this port to port 9000.
sum() { # DATA
    local data=$1 total=0 i
    for ((i = 0; i < ${#data}; i += 2)); do
        total=$((total + $(printf '0x%02x%02x' "'${data:i:1}" "'${data:i+1:1}") ))
    done
    total=$((total + 0x7f00 + 1 + 0x7f00 + 1 + 17 + 2 * (8 + ${#data}) + port + 9000))
    while ((total > 0xffff)); do total=$(((total & 0xffff) + (total >> 16))); done
    printf '0x%04x' $((total ^ 0xffff))
}
whole=$(sum "$first$second")

# The two pieces, as recipes: all but ip.id, the number that holds them together.
echo "udp srcport=$port dstport=9000
udp.length=$length udp.checksum=$whole data=$first
ip.flags.mf=1" > one.txt
echo "ip ip.proto=17
ip.frag_offset=$blocks data=$second" > two.txt
back="udp.srcport == 9000 and udp.dstport == $port and not icmp" # answers of the echo server

step 'Cut in two'
say 'A packet may be too large for a link on its way. Then IPv4 cuts it into fragments, and the receiver puts them together again.' \
    "Here is a datagram of $length bytes for the echo server: 8 of UDP's header and \"$first$second\". You cut it by hand. The first piece has the header and \"$first\": $((8 * blocks)) bytes."
run 'cat one.txt'
run "loopcraft -q send --recipe one.txt ip.id=$id"
expect 'It says: more fragments will follow (ip.flags.mf).' ip.flags.mf 'frame.number == 1' 1
expect "UDP's header tells the length of the whole, $length, though not all of it is here." udp.length 'frame.number == 1' "$length"
expect 'Nothing came back. It is kept, and nobody has seen it yet: half a datagram is none.' packets "$back" 0
say 'The second piece has no UDP header at all: the rest of the bytes, the same ip.id, and where they belong.' \
    'That place, ip.frag_offset, has 13 bits only; so it counts in steps of 8 bytes.'
predict "The first piece carried $((8 * blocks)) bytes of the datagram. Which ip.frag_offset has the second?" ip.frag_offset 'ip.frag_offset > 0' "$blocks" \
    'So many times 8 bytes come before it. That is why all pieces but the last must be a multiple of 8 long.'
hint 'It begins where the first piece ended, counted from 0.'
hint "How often does 8 go into $((8 * blocks))?"
predict 'How many packets will come back from the echo server when both pieces are there?' packets "$back" 1 \
    'The echo server got one datagram and answers with one. It never knows that there were pieces: the kernel puts them together first.'
hint 'Two packets are sent. How many datagrams are that?'
hint 'An echo server answers each datagram once. It sees what the kernel hands it.'
run "loopcraft -q send --recipe one.txt ip.id=$((id + 1)) --wait 0; loopcraft -q send --recipe two.txt ip.id=$((id + 1))"
say 'The second send saw no answer: its packet has no ports by which to know one. But this is all that crossed lo:'
show --view ladder -Y 'not icmp'
expect "All $length bytes came back in one piece." udp.length "$back" "$length"

step 'Any order'
say 'IP promises no order. So the second piece may well be the first to arrive.'
run "loopcraft -q send --recipe two.txt ip.id=$((id + 2)) --wait 0; loopcraft -q send --recipe one.txt ip.id=$((id + 2))"
expect 'It is put together all the same.' udp.length "$back" "$length"
say 'What holds them together is ip.id, and the two addresses. Now each piece has a number of its own.'
run "loopcraft -q send --recipe two.txt ip.id=$((id + 3)) --wait 0; loopcraft -q send --recipe one.txt ip.id=$((id + 4))"
expect 'Two halves of nothing.' packets "$back" 0
ask 'A firewall lets udp port 9000 through and drops the rest. It looks at each packet by itself. What can it do with the second piece?'

step 'The piece that never came'
sysctl -qw net.ipv4.ipfrag_time=1 net.ipv4.conf.lo.route_localnet=1 net.ipv4.conf.lo.accept_local=1
say 'The kernel keeps a first piece for 30 seconds; here it is set to one, so that you need not wait. Then it gives up, and tells the sender.'
predict 'Of which type will its ICMP message be?' icmp.type icmp 11 \
    'Time exceeded. With code 0 it says that the TTL ran out, and traceroute lives on that; with code 1, that a piece was waited for in vain.'
hint 'It is not "unreachable", type 3: the first piece did arrive. What has run out?'
hint 'It is the type that traceroute gets to see from every router.'
run "loopcraft -q send --recipe one.txt ip.id=$((id + 5)) --wait 1.5"
expect 'Code 1: the time for putting it together.' icmp.code icmp 1
say 'And the other way round: only the second piece.'
run "loopcraft -q send --recipe two.txt ip.id=$((id + 6)) --wait 1.5"
expect 'Silence: without the first piece nobody knows which program it was from.' packets icmp 0
sysctl -qw net.ipv4.ipfrag_time=30 net.ipv4.conf.lo.route_localnet=0 net.ipv4.conf.lo.accept_local=0

step 'The kernel cuts'
ip link set lo mtu 600
say "Now without your hands. The largest packet of lo is set to 600 bytes, and a program sends $much bytes to udp port 9002, which never answers." \
    'Of 600, IP takes 20; 580 are left, but pieces are multiples of 8: 576 bytes each. With the UDP header there are '"$((much + 8))"' bytes to carry.'
run "head -c $much /dev/zero > /dev/udp/127.0.0.1/9002"
show --view ladder
expect "That makes $(((much + 8 + 575) / 576)) pieces." packets ip $(((much + 8 + 575) / 576))
expect 'The last one is marked: no more fragments.' packets 'ip.flags.mf == 0' 1
expect 'Each of the others carries 576 bytes: ip.len is 596.' packets 'ip.flags.mf == 1 and ip.len != 596' 0
ip link set lo mtu 65536
say 'TCP does not let it come to that: it sets DF (do not cut), and makes its segments small enough. IPv6 routers never cut; there only the sender may, with an extension header.'

step 'Pieces that lie'
say 'What if two pieces say different things about the same bytes? Once, systems took either the old or the new ones, and an attacker could show a firewall other bytes than the server. Here the second piece begins 8 bytes too early.'
run "loopcraft -q send --recipe one.txt ip.id=$((id + 7)) --wait 0 -w one.pcapng; loopcraft -q send ip ip.proto=17 ip.frag_offset=$((blocks - 1)) data=DIFFERS-$second ip.id=$((id + 7)) -w two.pcapng"
expect 'Nothing came back: Linux throws the whole datagram away.' packets "$back" 0
run 'cat one.pcapng two.pcapng | loopcraft watch -q -'
expect 'An intrusion detector sees it too.' output 'overlapping-fragments' overlapping-fragments

step 'A false length'
say 'Lengths stand in packets as numbers, and numbers can lie. First: the IP header says 9999 bytes, and there are far fewer. (--exact leaves the lie as it is.)'
run 'loopcraft -q send udp dstport=9000 data=hello-there ip.len=9999 --exact --witness'
expect 'IP sees that bytes are missing: IpExtInTruncatedPkts +1.' output 'IpExtInTruncatedPkts \+1' 'IpExtInTruncatedPkts +1'
expect 'Nothing came back.' packets 'udp.srcport == 9000 and not icmp' 0
say "Now UDP's own length, and this one says too little: 8 bytes of header and $letters of the 11 letters in \"hello-there\". All of them are in the packet."
predict 'How long will the echoed datagram be, its header of 8 bytes included?' udp.length 'udp.srcport == 9000 and not icmp' $((8 + letters)) \
    'UDP believes its own length and cuts off what is behind. The rest travelled along for nothing; no program ever sees it.'
hint 'There are two lengths: IP says how long the packet is, UDP how long the datagram in it. Whose word does the program get?'
hint 'A length that says too much is a packet cut short. What might one be that says too little?'
run "loopcraft -q send udp dstport=9000 data=hello-there udp.length=$((8 + letters))"
expect 'The packet was longer: ip.len counted all 11 letters.' ip.len 'udp.dstport == 9000 and not icmp' 39
ask 'Between the end that UDP states and the end of the packet there is room for bytes that no program sees. Who might want that?'

step 'The piece in the middle'
head=ABCDEFGH center=$digits tail=XYZ all=$((8 + 8 + 8 + 3))
total=$(sum "$head$center$tail")
export center
begin="udp srcport=$port dstport=9000 udp.length=$all udp.checksum=$total data=$head ip.flags.mf=1 ip.id=$((id + 8))"
end="ip ip.proto=17 ip.frag_offset=3 data=$tail ip.id=$((id + 8))"
middle=$((id + 8))
check_middle() { # FILE
    sysctl -qw net.ipv4.ipfrag_time=3 # so that what a wrong try leaves behind is soon forgotten
    try "loopcraft -q send $begin --wait 0; loopcraft -q send $end --wait 0; loopcraft -q send --recipe '$1'"
    seen 'its number, the same as that of the others' ip.id 'frame.number == 3' "$middle"
    seen 'where it belongs, in steps of 8 bytes' ip.frag_offset 'frame.number == 3' 2
    seen 'more fragments follow behind it' ip.flags.mf 'frame.number == 3' 1
    seen 'datagrams that came back from the echo server' packets "$back" 1
    seen 'bytes of that datagram' udp.length "$back" "$all"
}
hint 'How many bytes of the datagram stand before it? UDP'"'"'s header counts.'
hint 'The first piece carried 8 bytes of header and 8 letters. And: is this piece the last one?'
exercise middle.txt check_middle "A datagram of $all bytes was cut in three: UDP's header and \"$head\"; \"$digits\"; \"$tail\". The check sends the first and the last. Write the one in the middle."

finish 'ip.flags.mf == 1 or ip.frag_offset > 0 or icmp.type == 11 or udp.port == 9000'
