#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 13 deeper 15 'Checksums' 'One wrong bit, and a packet vanishes without a word: who throws it away, and when a wrong sum is not wrong.'
port=$(pick port 20000 29999)
host=$(pick host 2 250)
first=$(printf '%b' "\\x$(pick a 61 69)\\x$(pick b 61 69)")  # two letters, a to i
second=$(printf '%b' "\\x$(pick c 70 79)\\x$(pick d 70 79)") # two others, p to y

# The Internet checksum of 16-bit numbers: added, carries added below, every bit turned.
sum() { # NUMBER...
    local total=0 number
    for number; do total=$((total + number)); done
    while ((total > 0xffff)); do total=$(((total & 0xffff) + (total >> 16))); done
    printf '0x%04x' $((total ^ 0xffff))
}
two() { printf '0x%02x%02x' "'${1:0:1}" "'${1:1:1}"; } # two letters as one 16-bit number

# A datagram from 127.0.0.1 to itself, protocol 17, 12 bytes long: pseudo-header, header, four letters.
good_sum=$(sum 0x7f00 1 0x7f00 1 17 12 "$port" 9000 12 "$(two "$first")" "$(two "$second")")
wrong=$(printf '0x%04x' $((good_sum ^ (good_sum == 1 ? 2 : 1))))

step 'A sum that travels along'
say 'A bit can flip on its way. So the sender adds up all 16-bit words of the datagram and sends the sum along; the receiver adds them up again.' \
    "Four letters go to the echo server, udp port 9000: \"$first$second\". Look at the last table: every word, and at the right the sum so far."
run "loopcraft -q send udp srcport=$port dstport=9000 data=$first$second -w sum.pcapng"
run 'loopcraft dump -q sum.pcapng --packet 1 --explain-checksum'
expect "This lab added the same words up by itself, and got the same: $good_sum." output "in the packet ${good_sum#0x} right" "in the packet ${good_sum#0x} right"
say 'The sender also adds the two addresses (the pseudo-header). They stand in another header; but this way a datagram that arrives at a wrong address is noticed.'

step 'Break it'
say "The right sum is $good_sum. You send $wrong: one bit of 96 is another one. With --witness the kernel's counters are read before and after."
predict 'How many packets will come back?' packets 'udp.srcport == 9000 and not icmp' 0 \
    'Who can tell what else is broken, when the sum is wrong? Perhaps the address of the sender. So nobody is told, and nothing is repaired.'
hint 'The receiver can not know which bit it was: in the data, in the sum, or in the port to answer to.'
hint 'An error message would need a good address to go to.'
predict 'Which part of the kernel will throw it away: IP or UDP?' output 'the kernel counted a wrong ([A-Z]+)' UDP \
    'IP looks at the sum of its own header alone, and that is right. The sum over ports and data is UDP'"'"'s business.'
hint 'There are two sums: one in the IP header, over that header; one in the UDP header, over the data.'
hint 'Which of the two did you break?'
run "loopcraft -q send udp srcport=$port dstport=9000 data=$first$second udp.checksum=$wrong --witness"
expect 'It did cross the wire: the capture saw it.' udp.checksum 'udp.dstport == 9000' "$wrong"
expect 'A program has the port (BOUND): the server is there, and never heard of it.' output BOUND BOUND
expect 'IP handed it up (IpInDelivers +1).' output 'IpInDelivers \+1' 'IpInDelivers +1'
expect 'UDP counted it as broken (UdpInCsumErrors +1). That counter is the only trace.' output 'UdpInCsumErrors \+1' 'UdpInCsumErrors +1'

step 'The other sum'
say 'The IP header has a sum of its own. You ask for a wrong one.'
run "loopcraft send udp dstport=9000 data=$first$second ip.checksum=0x0bad | grep 'kernel, was'"
expect 'The datagram was answered all the same.' packets 'udp.srcport == 9000 and not icmp' 1
say 'Look at the end of the line: the kernel wrote the right sum over yours. With --exact the bytes go to lo just as they are.'
run "loopcraft -q send udp dstport=9000 data=$first$second ip.checksum=0x0bad --exact --witness"
expect 'Now the wrong sum is on the wire.' ip.checksum 'udp.dstport == 9000' 0x0bad
expect 'Nothing came back.' packets 'udp.srcport == 9000 and not icmp' 0
expect 'This time it was IP (IpExtInCsumErrors +1): UDP never got to see it.' output 'IpExtInCsumErrors \+1' 'IpExtInCsumErrors +1'

step 'No sum at all'
say 'In UDP over IPv4 a checksum of 0 means: I did not add up, take it as it is.'
run "loopcraft -q send udp dstport=9000 data=$first$second udp.checksum=0"
expect 'It was answered.' packets 'udp.srcport == 9000 and not icmp' 1
say 'IPv6 has no sum in its header, so UDP'"'"'s is all there is. There 0 is not allowed.'
run "loopcraft -q send udp -6 dstport=9000 data=$first$second udp.checksum=0 --witness"
expect 'Nothing came back.' packets 'udp.srcport == 9000 and not icmp' 0
expect 'It was counted as broken.' output 'Udp6InCsumErrors \+1' 'Udp6InCsumErrors +1'

step 'What a sum does not see'
say "You send \"$second$first\" in place of \"$first$second\", with the sum of \"$first$second\": $good_sum."
predict 'How many packets will come back from the echo server?' packets 'udp.srcport == 9000 and not icmp' 1 \
    'It does not matter in which order numbers are added. The sum finds accidents; who wants to change your data mends the sum as well, or swaps two words.'
hint "In the table of step 1, \"$first\" was one of the words that were added, and \"$second\" the next."
hint 'What becomes of 3 + 5 when it is written 5 + 3?'
run "loopcraft -q send udp srcport=$port dstport=9000 data=$second$first udp.checksum=$good_sum"
expect "The server took \"$second$first\" for good, and sent it back." data.data 'udp.srcport == 9000 and not icmp' "$(printf %s "$second$first" | od -An -tx1 | tr -d ' ')"
ask 'A file is sent over TCP, whose sum is this one too. Why do people still compare a SHA-256 of it afterwards?'

step 'Half a sum'
say "Now a packet that the kernel makes: connect() to 127.0.0.$host, a SYN whose TCP part is 40 bytes long." \
    'A network card can add up faster than the kernel. So the kernel adds the pseudo-header alone, leaves that in the checksum, and trusts the card with the rest. lo has no card.'
half=$(printf '0x%04x' $((0x7f00 + 1 + 0x7f00 + host + 6 + 40)))
predict "Pseudo-header: source 7f00 0001, destination 7f00 $(printf %04x "$host"), length 0028, protocol 0006. Which number will stand in the SYN's checksum? (No bit is turned. Begin with 0x.)" \
    tcp.checksum 'tcp.flags == 0x002' "$half" \
    'The sum of these six words, and nothing of the segment. On a network card'"'"'s way out the rest would have been added; here nobody does, and nobody needs to.'
hint 'Add the six numbers, hexadecimal. 7f00 + 7f00 is fe00.'
hint "fe00 + 1 + $(printf %x "$host") + 28 + 6, all of them hexadecimal."
run "loopcraft -q connect 8081 --to 127.0.0.$host -w kernel.pcapng"
run 'loopcraft dump -q kernel.pcapng --packet 1 --explain-checksum | tail -n 5'
expect 'Not wrong: unfinished.' output 'the sum of the pseudo-header' 'the sum of the pseudo-header'
say 'The answer is a reset from the closed port 8081. A kernel writes that one without a socket, and adds it up itself.'
run 'loopcraft dump -q kernel.pcapng --packet 2 --explain-checksum | tail -n 4'
expect 'A full sum.' output 'right: the receiver gets the same sum' 'right: the receiver gets the same sum'

step 'Wireshark, told to check'
loopcraft -q connect 8081 --to "127.0.0.$host" -w kernel.pcapng > "$output"
say 'Wireshark leaves sums alone unless told to look: Edit, Preferences, Protocols, TCP, "Validate the TCP checksum if possible". On a command line: -o tcp.check_checksum:TRUE.' \
    'Its field tcp.checksum.status then says 1 for good, 0 for bad; 2 means that nobody looked.'
if command -v tshark > "$output"; then
    run 'tshark -r kernel.pcapng -o tcp.check_checksum:FALSE -T fields -e tcp.checksum -e tcp.checksum.status'
    expect 'Not told to: nobody looked.' output "${half}[[:space:]]([0-9])" 2
    run 'tshark -r kernel.pcapng -o tcp.check_checksum:TRUE -T fields -e tcp.checksum -e tcp.checksum.status'
    expect 'Told to: the reset is good.' output "${half}[[:space:]][0-9] 0x[0-9a-f]+[[:space:]]([0-9])" 1
    expect 'The SYN is not called good, and yet it was answered. (Since Wireshark 4.2 it is called partial.)' output "${half}[[:space:]]([0-9])" '!1'
else
    say 'tshark, Wireshark for the command line, is not on this machine: try it in Wireshark, on the capture that -w keeps.'
fi
say 'So red packets in a capture of the sender'"'"'s own machine mean little. Whether a packet was thrown away, the receiver'"'"'s counters tell.'

step 'By hand'
check_sum() { # FILE
    try "grep -v '^ *#' '$1'; loopcraft send --recipe '$1'"
    seen 'a checksum of your own is in the file' output '(udp.checksum)=(0x)?[0-9a-fA-F]' udp.checksum
    seen 'the letters are still the same' data.data 'udp.dstport == 9000' "$(printf %s "$first$second" | od -An -tx1 | tr -d ' ')"
    seen 'the checksum is not left out' udp.checksum 'udp.dstport == 9000' '!0'
    seen "UDP took it: packets that came back to port $port" packets "udp.srcport == 9000 and udp.dstport == $port and not icmp" 1
}
hint 'The table of step 1 is the same sum, for the same words. Can you find each of your numbers in it?'
hint 'If the total has five digits, take the first off and add it to the other four. Then turn every bit: f minus each digit.'
exercise datagram.txt check_sum 'Work out the checksum of one datagram, with pencil and paper, and write it into the file. The kernel is the judge.'

finish 'udp.port == 9000 or tcp.port == 8081'
