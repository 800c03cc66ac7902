#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 8 core 15 'Reliable' 'A fifth of the packets is lost, or out of order, or too much: what TCP does, and UDP does not.'
lossy=$(pick lossy 20000 21999)    # the numbers
halves=$(pick halves 22000 23999)  # HELLO and WORLD
both=$(pick both 24000 25999)      # two sends
full=$(pick full 26000 27999)      # the reader that stops
letters=$(pick letters 28000 29999) # the exercise
from=$(pick from 62000 63800)      # your own ports, from here on
first=$(pick first 1000 5000)    # where your numbers begin

cd "$scratch" || exit 4
cp "$here"/*.py .
quiet="tcp dport $from-$((from + 99)) drop" # the trick of lab 6

# The number that the server chose, from its SYN-ACK of the last command.
theirs() { # YOUR PORT
    [ -n "$skipping" ] || truth tcp.seq_raw "tcp.dstport == $1 and tcp.flags == 0x12"
}

step 'A fifth is lost: UDP'
firewall "udp dport $lossy numgen inc mod 5 == 4 drop"
say 'Networks lose packets: a queue is full, a radio is disturbed. Here a firewall rule does it. It drops every fifth packet, without a word.' \
    'A program, numbers.py, sends 20 numbers by UDP, one in each datagram.'
run "python3 numbers.py udp $lossy"
expect '16 of 20: each fifth is missing.' output '([0-9]+) arrived' 16
expect 'All 20 were on the wire: loopcraft sees them before the firewall does.' packets "udp.dstport == $lossy" 20
expect 'Nobody told the sender. No packet came back at all.' packets "udp.srcport == $lossy or icmp" 0
say 'UDP sends a datagram, and forgets it. Whoever wants more has to do it in the program.'

step 'A fifth is lost: TCP'
firewall "tcp dport $lossy numgen inc mod 5 == 4 drop"
say 'The same rule, now for TCP. The same program sends the same 20 numbers, each in a segment of its own.'
run "python3 numbers.py tcp $lossy"
[ -n "$skipping" ] || cp "$capture" numbers.pcapng
expect 'All 20 arrived, and in order.' output '([0-9]+) arrived: 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20' 20
expect 'That took more than 20 segments.' packets "tcp.dstport == $lossy and tcp.len > 0" '>20'
say 'What got lost was sent again. The kernel counts it.'
run 'nstat -asz TcpRetransSegs'
expect 'Segments that were sent once more.' output 'TcpRetransSegs ([0-9]+)' '>0'
[ -n "$skipping" ] || syn=$(loopcraft dump numbers.pcapng -Y "tcp.dstport == $lossy and tcp.flags == 0x02" --field tcp.seq_raw | head -n 1)
say "The third number was the fifth packet, behind SYN and ACK: it was lost. Its bytes begin with number $((${syn:-0} + 7))."
run "loopcraft dump numbers.pcapng -Y 'tcp.dstport == $lossy and tcp.seq_raw == $(((${syn:-0} + 7) & 0xffffffff)) and tcp.len > 0' --field frame.number,frame.time_relative,tcp.seq_raw,tcp.len"
expect 'It went out again: the same number, the same bytes.' output "([0-9]+) *$" '!'
say 'How does the sender know? The other end acknowledges what it has without a gap. While something is missing, that is the same number again and again.'
run "loopcraft dump numbers.pcapng -Y 'tcp.srcport == $lossy and tcp.ack_raw == $(((${syn:-0} + 7) & 0xffffffff))' --field frame.number,frame.time_relative,tcp.ack_raw"
expect 'The same ack_raw more than once: something has come, but not what is missing.' output "($(((${syn:-0} + 7) & 0xffffffff)) .*$(((${syn:-0} + 7) & 0xffffffff)))" '!'

step 'Second half first'
firewall "$quiet"
serve halves "$halves" python3 reader.py tcp "$halves"
say 'What does the receiver do with a segment that is too early? Now you are the sender, by hand, and a program reads. First a handshake, as in lab 4.'
run "loopcraft -q send tcp srcport=$from dstport=$halves flags=SYN tcp.seq_raw=$first"
y=$(theirs "$from")
run "loopcraft -q send tcp srcport=$from dstport=$halves flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
say "You want to say HELLOWORLD. HELLO has the numbers $((first + 1)) to $((first + 5)), WORLD has $((first + 6)) to $((first + 10)). You send WORLD first."
predict 'WORLD arrives, and HELLO is missing. Which ack_raw does the server answer?' tcp.ack_raw "tcp.srcport == $halves" $((first + 1)) \
    'It still waits for the first byte of HELLO. An ACK names the first byte that is missing, whatever came behind it.'
hint 'An ACK says: I have everything up to here. Up to where does it have everything?'
hint "It has the SYN, number $first, and no byte of HELLO."
run "loopcraft -q send tcp srcport=$from dstport=$halves flags=PSH,ACK tcp.seq_raw=$((first + 6)) tcp.ack_raw=$((y + 1)) data=WORLD"
say 'And the program? Its log shows what each recv() gave, and Recv-Q the bytes that wait for it.'
run "cat halves.log; ss -tn 'sport = :$halves'"
expect 'The program sees nothing.' output '(recv)' '!recv'
expect 'Nothing waits for it, either: the kernel keeps WORLD to itself.' output '(ESTAB 0)' 'ESTAB 0'
say 'Now the first half.'
predict 'HELLO arrives. Which ack_raw does the server answer now?' tcp.ack_raw "tcp.srcport == $halves" $((first + 11)) \
    'It jumps over both halves at once: WORLD was there already, only the gap was in the way.'
hint 'It does not need WORLD a second time.'
hint 'Which byte is the first that it has never seen?'
run "loopcraft -q send tcp srcport=$from dstport=$halves flags=PSH,ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1)) data=HELLO"
run 'until cat halves.log | grep recv; do sleep 0.1; done'
expect 'One recv(), 10 bytes, in order. The program can not tell how they came.' output '(recv\(\) gave 10 bytes: HELLOWORLD)' 'recv() gave 10 bytes: HELLOWORLD'

step 'Two sends, one recv'
firewall none
serve both "$both" python3 reader.py tcp "$both"
serve apart "udp/$both" python3 reader.py udp "$both"
say 'The reader of this step is busy: SIGSTOP halts it, until SIGCONT wakes it.'
run "kill -STOP $(server both); until grep stopped /proc/$(server both)/status; do sleep 0.1; done"
say 'Now a program sends twice: HELLO, then WORLD. Then the reader goes on.'
predict 'How many bytes will its first recv() give: 5 or 10?' output 'recv\(\) gave ([0-9]+) bytes' 10 \
    'TCP is a stream of bytes, without marks between them. How they were sent, or cut into segments, is not to be seen at the other end.'
hint 'Which field of the TCP header says where a message ends?'
hint 'The bytes wait in one queue. recv() takes what is there.'
run "exec 3<>/dev/tcp/127.0.0.1/$both; printf HELLO >&3; printf WORLD >&3; kill -CONT $(server both); until grep recv both.log; do sleep 0.1; done"
expect 'And yet there were two segments, of 5 bytes each.' packets "tcp.dstport == $both and tcp.len == 5" 2
say 'Two sends and one recv; under load it can be one send and two recvs. A program that expects a message each time works on its own desk, and fails elsewhere. The same with UDP:'
run "kill -STOP $(server apart); exec 3<>/dev/udp/127.0.0.1/$both; printf HELLO >&3; printf WORLD >&3; kill -CONT $(server apart); until grep -q WORLD apart.log; do sleep 0.1; done; cat apart.log"
expect 'A datagram stays a datagram: two recvs.' output '(gave 5 bytes: HELLO.*gave 5 bytes: WORLD)' '!'

step 'A reader that stops'
firewall "$quiet"
rooms=$(sysctl -n net.ipv4.tcp_rmem)
sysctl -qw 'net.ipv4.tcp_rmem=4096 8192 8192' # a small queue is soon full
serve full "$full" python3 reader.py tcp "$full"
sysctl -qw "net.ipv4.tcp_rmem=$rooms"
say 'Where do the bytes go when the program does not read? Into a queue in its kernel, which is small here. The reader is halted, and you connect by hand.'
run "kill -STOP $(server full); loopcraft -q send tcp srcport=$((from + 1)) dstport=$full flags=SYN tcp.seq_raw=$first -w room.pcapng"
y=$(theirs $((from + 1)))
[ -n "$skipping" ] || room=$(truth tcp.window_size_value "tcp.srcport == $full and tcp.dstport == $((from + 1))")
half=$((${room:-2} / 2))
head -c $half /dev/zero | tr '\0' x > half.txt
say 'Each packet says how much room its sender has for data: window_size_value. Here are the flags and the room of both packets.'
run 'loopcraft dump room.pcapng --field tcp.flags,tcp.window_size_value'
say "You send half of what the server has room for, $half bytes, with your ACK."
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$full flags=PSH,ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1)) data=@half.txt"
expect 'The bytes are acknowledged, and the room is less.' tcp.window_size_value "tcp.srcport == $full and tcp.dstport == $((from + 1)) and tcp.flags.syn == 0" $half
say 'Then the other half. The program still sleeps.'
predict 'Which window_size_value will the server announce?' tcp.window_size_value "tcp.srcport == $full and tcp.dstport == $((from + 1)) and tcp.ack_raw == $((first + 1 + 2 * half))" 0 \
    'The queue is full, and the window is closed. A sender has to wait: that is how a slow reader slows down a fast sender.'
hint "There was room for ${room:-} bytes. How many will have come?"
hint 'Nobody has taken a byte out of the queue.'
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$full flags=PSH,ACK tcp.seq_raw=$((first + 1 + half)) tcp.ack_raw=$((y + 1)) data=@half.txt"
say 'What if you do not wait, and send five more?'
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$full flags=PSH,ACK tcp.seq_raw=$((first + 1 + 2 * half)) tcp.ack_raw=$((y + 1)) data=HELLO"
expect 'They are not acknowledged: there was no room, and they were thrown away.' tcp.ack_raw "tcp.srcport == $full and tcp.dstport == $((from + 1))" $((first + 1 + 2 * half))
say 'The reader wakes up, and takes its bytes.'
run "kill -CONT $(server full); until grep recv full.log; do sleep 0.1; done"
expect 'At once the server tells you that there is room again, without being asked.' tcp.window_size_value "tcp.srcport == $full and tcp.dstport == $((from + 1))" '>0'
ask 'A download is slow. How could you tell from the packets whether the network loses some, or the reader is too slow?'

step 'Three pieces'
firewall "$quiet"
words=(FIVE-SUNNY-MORNINGS FOUR-GREEN-HARBOURS FIVE-QUIET-LANTERNS NINE-ROUND-MOUNTAIN)
word=${words[$(pick word 0 3)]}
one=${word:0:5} two=${word:5:6} three=${word:11}
tries=9
check_pieces() { # FILE
    local me=$((from + ++tries)) theirs
    stop letters
    serve letters "$letters" python3 reader.py tcp "$letters"
    try "loopcraft -q send tcp srcport=$me dstport=$letters flags=SYN tcp.seq_raw=$first"
    theirs=$(truth tcp.seq_raw "tcp.dstport == $me and tcp.flags == 0x12")
    try "loopcraft -q send tcp srcport=$me dstport=$letters flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((theirs + 1))"
    try "PORT=$me SEQ=$((first + 1)) ACK=$((theirs + 1)) bash $1; echo; sed -n 's/.* bytes: //p' letters.log | tr -d '\n'"
    seen "the first packet is the third piece: its length" tcp.len "tcp.srcport == $me" ${#three}
    seen '  and its seq_raw' tcp.seq_raw "tcp.srcport == $me and tcp.len == ${#three}" $((first + 1 + ${#one} + ${#two}))
    seen '  and the answer: the ack stays' tcp.ack_raw "tcp.dstport == $me" $((first + 1))
    seen 'seq_raw of the first piece' tcp.seq_raw "tcp.srcport == $me and tcp.len == ${#one}" $((first + 1))
    seen 'seq_raw of the second piece' tcp.seq_raw "tcp.srcport == $me and tcp.len == ${#two}" $((first + 1 + ${#one}))
    seen 'the last ack: behind all of it' packets "tcp.dstport == $me and tcp.ack_raw == $((first + 1 + ${#word}))" 1
    seen 'what the program has read' output '([A-Z-]*)$' "$word"
}
hint 'Each byte has a number. If the first letter of all has SEQ, which number has the first letter of each piece?'
hint "\$((SEQ + 2)) is how a shell adds 2. The pieces have ${#one}, ${#two} and ${#three} letters."
exercise pieces.sh check_pieces "Three pieces of a text, sent in the wrong order. Change their numbers, not their order, until the program reads $word."

finish "tcp.port in {$lossy, $halves, $both, $full, $letters} or udp"
