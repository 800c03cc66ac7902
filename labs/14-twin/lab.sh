#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 14 deeper 15 "The kernel's twin" 'Every system has its handwriting: you write a SYN that can not be told from the one that the kernel writes.'
mtu=$(pick mtu 1300 9000)
ttl=$(pick ttl 65 250)
room=$((1 << $(pick room 24 27))) # bytes that a socket may buffer: the window's scale follows

# Quietly, what a step needs of an earlier one: the kernel's SYN, as things are set now.
kernel_syn() { loopcraft -q connect 8080 -w kernel.pcapng > "$scratch/quiet"; }

step 'What the kernel writes'
say 'connect() makes the kernel write a SYN. It has more to say than "hello": behind the 20 bytes of the TCP header stand options, in which it says what it can do.' \
    'One of them is the MSS, the most data that a segment may bring it. lo takes packets of 65536 bytes (its MTU). IPv4 needs 20 of them, TCP 20.'
predict 'Which MSS will the kernel ask for?' tcp.options.mss_val 'tcp.flags == 0x002' 65495 \
    'One less than 65536 - 40. The field ip.len has 16 bits: it can not say more than 65535, so there is no longer IPv4 packet, whatever the wire would take.'
hint 'Take both headers off the MTU. Then look for a trap: some field may be too small for that.'
hint 'ip.len holds the length of the whole packet, in 16 bits. What is the largest number of 16 bits?'
run 'loopcraft -q connect 8080 -w kernel.pcapng'
expect 'Its TCP header has 40 bytes: 20 of them are options.' tcp.hdr_len 'tcp.flags == 0x002' 40
expect 'It asks routers not to cut it (DF).' ip.flags.df 'tcp.flags == 0x002' 1
say 'Every byte of it. The options begin at 0036.'
run 'loopcraft dump kernel.pcapng --packet 1'
expect 'The first of them is the MSS, the last the window scale: the order is a habit of Linux.' output '0036 02 04 .* 0047 03 03 .. (tcp.options.wscale)' tcp.options.wscale

step 'Two of a kind'
say 'loopcraft diff compares two captures, field by field: what differs in substance, and what must differ between any two packets. First the kernel with itself.'
kernel_syn
run 'loopcraft -q connect 8080 -w again.pcapng'
run 'loopcraft diff kernel.pcapng again.pcapng | head -n 15'
expect 'Two SYNs of one kernel have numbers of their own, drawn by chance: ports, first sequence numbers, clocks. All that is marked ~.' output '~ tcp.seq_raw' '~ tcp.seq_raw'
run 'loopcraft -q diff kernel.pcapng again.pcapng'
expect 'With -q only what differs in substance is left: nothing.' output 'The same but for what must differ' 'The same but for what must differ'

step 'Yours beside it'
kernel_syn
say 'Now a SYN made by hand, with nothing but what it needs. The server answers both.' \
    'One option of the kernel'"'"'s SYN is timestamps: I put a clock into each segment, will you do the same? Yours has no such option.'
predict 'In how many of the server'"'"'s packets to you will there be timestamps?' packets 'tcp.srcport == 8080 and tcp.options.timestamp' 0 \
    'An option is an offer. The server takes up what you offered and offers nothing beyond: what you leave out of a SYN is gone for the whole connection.'
hint 'Options are agreed upon by both ends. What did your end say?'
hint 'A server that put a clock into segments for someone who does not know what that is: would that be wise?'
run 'loopcraft -q send tcp dstport=8080 flags=SYN -w mine.pcapng'
run 'loopcraft -q diff mine.pcapng kernel.pcapng' 1
expect 'One field of the IP header differs: ip.flags.df.' output 'ip.flags.df A not set B set' 'ip.flags.df A not set B set'
expect 'And four options are not there; so the SYN-ACKs differ as well.' output 'tcp.options.wscale A not there B there' 'tcp.options.wscale A not there B there'
say 'It is by such fields that programs like nmap -O and p0f tell systems apart, from one SYN: the TTL, the window, which options there are, and in which order.'

step 'Another handwriting'
say "The handwriting can be changed: this sandbox's kernel gets another MTU, another TTL, and another size for its buffers."
run "ip link set lo mtu $mtu && sysctl -w net.ipv4.ip_default_ttl=$ttl net.ipv4.tcp_rmem='4096 131072 $room'"
predict "Which MSS will it ask for, with an MTU of $mtu?" tcp.options.mss_val 'tcp.flags == 0x002' $((mtu - 40)) \
    'The MTU without the two headers: this time nothing stands in the way. So a stranger can read your MTU off your SYN: 1460, for example, is the 1500 of Ethernet.'
hint 'As in the first step; the trap is not there this time.'
hint "What is $mtu without 20 and 20?"
run 'loopcraft -q connect 8080 -w kernel.pcapng'
expect "Its packets start with a TTL of $ttl. Linux says 64 by habit, Windows 128." ip.ttl 'tcp.flags == 0x002' "$ttl"
say 'So a fingerprint is a hint, not evidence: three settings, and the same kernel has another one.'

step 'A copy that is too good'
ip link set lo mtu 65536
say 'Of the checksum the kernel does one part only: the sum over the addresses, the protocol and the length (lab 13). For a SYN of 20 bytes between 127.0.0.1 and itself that is 0xfe1c.' \
    'You write the same number into yours: a true copy, down to the checksum.'
predict 'How many SYN-ACKs will come back?' packets 'tcp.srcport == 8080' 0 \
    'Beside its own packet the kernel keeps a note that is not in the bytes: sum not done yet. Yours has no such note, so it is added up, found wrong and thrown away.'
hint 'The receiver here is the very kernel that writes such sums. How does it know which of them to trust?'
hint 'Your packet comes from a program. What would a kernel do with a number that a program claims?'
run 'loopcraft -q send tcp dstport=8080 flags=SYN tcp.checksum=0xfe1c --witness'
expect 'It was counted as broken: TcpInCsumErrors +1.' output 'TcpInCsumErrors \+1' 'TcpInCsumErrors +1'
expect 'The bytes on the wire were those that the kernel would have written.' tcp.checksum 'tcp.dstport == 8080' 0xfe1c
say 'So leave your checksum to loopcraft. It will be another number than the kernel'"'"'s, and both are right: diff knows that.'

step 'The twin'
ip link set lo mtu "$mtu"
sysctl -qw net.ipv4.ip_default_ttl="$ttl" net.ipv4.tcp_rmem="4096 131072 $room"
kernel_syn
read -r window mss shift < <(loopcraft dump kernel.pcapng --packet 1 --field tcp.window_size_value,tcp.options.mss_val,tcp.options.wscale.shift)
export window mss shift
check_twin() { # FILE
    try "loopcraft -q send --recipe '$1' -w mine.pcapng; loopcraft -q connect 8080 -w kernel.pcapng; loopcraft -q diff mine.pcapng kernel.pcapng"
    # What diff itself says of the two SYNs.
    sed 's/\x1b\[[0-9;]*m//g' "$output" | sed -n '/^A #1 /,/^A #2 \|^- Set\|^$/{ /^A #2 \|^- Set\|^$/!p }'
    seen 'the flags of your packet' tcp.flags 'tcp.dstport == 8080' SYN
    seen 'the server answered it, and the kernel'"'"'s: SYN-ACKs' packets 'tcp.srcport == 8080 and tcp.flags == 0x012' 2
    seen 'what diff says of the two' output '(The same but for what must differ: 2 pairs|Different in substance|Nothing in common|The same but for what must differ)' \
        'The same but for what must differ: 2 pairs'
}
say "The kernel writes with a hand of its own now: an MTU of $mtu and what else was set. Its SYN is in kernel.pcapng, beside your file: s opens a shell there."
hint 'loopcraft dump kernel.pcapng --packet 1 shows every field. loopcraft send --help says how options are written.'
hint 'The order of the options is their order in the dump; every nop counts. Of a timestamp diff does not mind the number, but there has to be one.'
exercise twin.txt check_twin 'Write a SYN to port 8080 that diff can not tell from the kernel'"'"'s own.'

step 'And then?'
kernel_syn
say 'Your SYN is answered like the kernel'"'"'s. This is what the kernel says next, when it has made the connection itself.'
run 'loopcraft dump -q kernel.pcapng --packet 1-3'
say 'And this, when the connection is one of yours.'
run 'loopcraft -q send tcp dstport=8080 flags=SYN'
expect 'A reset: the kernel knows nothing of your SYN, and gives it away (lab 6). A twin has to go on being one.' packets 'tcp.dstport == 8080 and tcp.flags.reset == 1' 1
ask 'A web shop refuses visitors whose SYN does not fit the browser that they claim to have. Whom will it hit, and whom not?'

finish 'tcp.flags.syn == 1 and tcp.port == 8080'
