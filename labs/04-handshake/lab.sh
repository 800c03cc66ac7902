#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 4 core 15 'The three-way handshake by hand' 'You send the packets of a client yourself, and work out every number in them.'
mine=$(pick mine 20000 29999)     # the server's port
from=$(pick from 62000 63900)     # yours; each step has one of its own, counted from here
first=$(pick first 1000 900000)   # where your numbers start

cd "$scratch" || exit 4
serve web "$mine" python3 -m http.server "$mine" --bind 127.0.0.1
# The kernel keeps quiet about your ports (lab 6 shows why it must), and a half-open
# connection waits for a student who thinks for a while.
firewall "tcp dport $from-$((from + 9)) drop"
sysctl -qw net.ipv4.tcp_synack_retries=20

# What the server sent to a port that is not one of those: their SYN-ACKs come again and again.
server="tcp.srcport == $mine and tcp.dstport < 62000"

# The number that the server chose: it stands in its SYN-ACK of the last command.
theirs() { # YOUR PORT
    [ -n "$skipping" ] || truth tcp.seq_raw "tcp.srcport == $mine and tcp.dstport == $1 and tcp.flags == 0x12"
}

step 'Somebody listens'
say "A web server listens on port $mine. Whoever wants to talk to it needs a connection first, and a connection begins with three packets: SYN, SYN-ACK, ACK." \
    'A program that calls connect() gets them from its kernel. Today you send your two of the three yourself.' \
    'Your kernel knows nothing of a connection that you make by hand, and would cut it off. A trick keeps it quiet here. Lab 6 shows which.' \
    'First a look at the server. This command lists the sockets on its port: the ends of connections, as the kernel keeps them.'
run "ss -tan 'sport = :$mine'"
expect 'One socket, and it is no connection: it listens for callers.' output '(LISTEN)' LISTEN
expect 'Nobody has called yet.' output '(SYN-RECV|ESTAB)' '!ESTAB'

step 'SYN: my numbers start here'
say 'TCP gives every byte a number, so that a lost one is missed. Each end counts its own bytes, and may begin anywhere. A SYN says where.' \
    "You send a SYN with the number $first (tcp.seq_raw). The answer acknowledges it: tcp.ack_raw is the number that the server expects from you next." \
    'No byte of yours is on its way yet. But the SYN itself takes one number, so that it can be acknowledged like a byte.'
predict 'Which ack_raw will the SYN-ACK have?' tcp.ack_raw "tcp.srcport == $mine and tcp.dstport == $from and tcp.flags == 0x12" $((first + 1)) \
    'The SYN took one number. The next one is what the server waits for.'
hint 'It is the number of what is still to come, not of what has come.'
hint "The SYN has the number $first, and it takes one number."
run "loopcraft -q send tcp srcport=$from dstport=$mine flags=SYN tcp.seq_raw=$first -w syn.pcapng"
expect 'The answer does two things at once: it acknowledges, and it asks.' tcp.flags "tcp.srcport == $mine and tcp.dstport == $from" SYN,ACK
say 'The two packets once more: flags (0x0002 is SYN, 0x0012 is SYN-ACK), seq_raw and ack_raw. The server counts its own bytes, from a number of its own.'
run 'loopcraft dump syn.pcapng --field tcp.flags,tcp.seq_raw,tcp.ack_raw'
say 'And what does the server'"'"'s kernel keep of it?'
run "ss -tan 'sport = :$mine'"
expect 'SYN-RECV: a SYN was received. Half a connection, beside the listener.' output "(SYN-RECV) [^L]*:$from" SYN-RECV

step 'ACK: I heard yours'
say 'Again your SYN, from a new port. The connection is yours to complete.'
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$mine flags=SYN tcp.seq_raw=$first"
y=$(theirs $((from + 1)))
say "Now the server's number has to be acknowledged: it said seq_raw=${y:-}. Your own next number is $((first + 1))."
predict 'Which ack_raw must your ACK have?' tcp.ack_raw "tcp.srcport == $((from + 1)) and tcp.flags == 0x10" $((y + 1)) \
    'The same rule the other way round: the server'"'"'s SYN took one number as well.'
hint 'The rule is the same in both directions.'
hint 'A SYN-ACK is a SYN too, and a SYN takes one number.'
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$mine flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
expect 'Nothing comes back: an ACK alone takes no number, so there is nothing to acknowledge.' packets "tcp.srcport == $mine and tcp.dstport == $((from + 1)) and tcp.flags.syn == 0" 0
run "ss -tan 'sport = :$mine'"
expect 'ESTABLISHED (ESTAB): the connection stands, and you made it by hand.' output "(ESTAB) [^L]*:$((from + 1))" ESTAB
expect 'The listener still listens: a connection is a socket of its own.' output '(LISTEN)' LISTEN

step 'A wrong number'
say 'What if your ACK is wrong, by one only? A SYN first, as before.'
run "loopcraft -q send tcp srcport=$((from + 2)) dstport=$mine flags=SYN tcp.seq_raw=$first"
y=$(theirs $((from + 2)))
say "The right ack_raw would be $((y + 1))."
run "loopcraft -q send tcp srcport=$((from + 2)) dstport=$mine flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 2))"
expect 'A reset: you acknowledged what the server never said.' tcp.flags "tcp.srcport == $mine and tcp.dstport == $((from + 2)) and tcp.flags.syn == 0" RST
run "ss -tan 'sport = :$mine and dport = :$((from + 2))'"
expect 'The half-open connection was not harmed: it waits for the right number.' output '(SYN-RECV)' SYN-RECV
say 'This is a lock. The server chose its number at random, and tells it to the address that the SYN came from. Who forges that address never sees the number, and can not complete the handshake.'

step 'The last number'
say 'The field for the number has 32 bits. The highest number that fits is 4294967295.' \
    'You begin there. This time loopcraft does both of your parts, and says goodbye as well.'
predict 'Your SYN has the number 4294967295. Which ack_raw will the SYN-ACK have?' tcp.ack_raw "$server and tcp.flags == 0x12" 0 \
    'The numbers go round in a circle: behind the highest comes 0. A long download goes round many times.'
hint 'Add one. How many bits does the result need, and how many are there?'
hint 'Think of the mileage counter of an old car that shows 99999.'
run "loopcraft -q handshake $mine tcp.seq_raw=4294967295"
expect 'Your ACK goes on with that number.' tcp.seq_raw "tcp.dstport == $mine and tcp.flags == 0x10" 0
expect 'The states stand beside each packet: SYN-RECV, then ESTABLISHED.' output 'SYN-RECV .*(ESTABLISHED)' ESTABLISHED

step 'Half-open'
say 'Now the ACK never comes. You send a SYN, and then wait for one and a half seconds, in silence.' \
    'The server can not know what became of its SYN-ACK: it may be lost. It has a clock for that, which rings after one second.'
predict 'How many SYN-ACKs will you get in one and a half seconds?' packets "$server and tcp.flags == 0x12" 2 \
    'The server sends its SYN-ACK again after 1 second, then after 2 more, then 4, and so on. All the while it keeps the half-open connection.'
hint 'One comes at once. What does the clock do?'
hint 'What does anybody do who was perhaps not heard?'
run "loopcraft -q handshake $mine --stop-after syn --hold 1.5"
expect 'At the end it was still SYN-RECV.' output "server's socket is (SYN-RECV)" SYN-RECV
[ -n "$skipping" ] || asked=$(truth tcp.seq_raw "$server and tcp.flags == 0x12")
expect 'Both have the same number: it is one question, asked twice.' packets "$server and tcp.flags == 0x12 and tcp.seq_raw == ${asked:-0}" 2
say 'Your packet cost nothing, and the server keeps something for it. Lab 11 shows what happens with many of them.'

step 'As every program does it'
say 'The kernel can do all this too: here it connects, as for any program. It keeps the same rules.'
run "loopcraft -q handshake $mine --by kernel"
[ -n "$skipping" ] || x=$(truth tcp.seq_raw "tcp.dstport == $mine and tcp.flags == 0x02") y=$(truth tcp.seq_raw "$server and tcp.flags == 0x12")
expect 'The SYN-ACK acknowledges the number of the SYN, plus one.' tcp.ack_raw "$server and tcp.flags == 0x12" $(((${x:-0} + 1) & 0xffffffff))
expect 'And the ACK that of the SYN-ACK, plus one.' tcp.ack_raw "tcp.dstport == $mine and tcp.flags == 0x10" $(((${y:-0} + 1) & 0xffffffff))
ask 'Explain to a friend why three packets are needed, and two would not do.'

step 'The whole of it'
check_handshake() { # FILE
    local theirs
    try "PORT=$((from + 3)) bash $1; ss -tan 'sport = :$mine and dport = :$((from + 3))'"
    theirs=$(truth tcp.seq_raw "tcp.srcport == $mine and tcp.dstport == $((from + 3)) and tcp.flags == 0x12")
    seen 'your SYN is answered' tcp.flags "tcp.srcport == $mine and tcp.dstport == $((from + 3))" SYN,ACK
    seen 'flags of your third packet' tcp.flags "tcp.srcport == $((from + 3)) and tcp.flags.syn == 0" ACK
    seen 'its seq_raw: your next number' tcp.seq_raw "tcp.srcport == $((from + 3)) and tcp.flags.syn == 0" $(((first + 1) & 0xffffffff))
    seen 'its ack_raw: what you expect of the server' tcp.ack_raw "tcp.srcport == $((from + 3)) and tcp.flags.syn == 0" $(((theirs + 1) & 0xffffffff))
    seen 'the server'"'"'s socket' output '(ESTAB|SYN-RECV)' ESTAB
    try "loopcraft -q send tcp srcport=$((from + 3)) dstport=$mine flags=RST tcp.seq_raw=$((first + 1))"
}
hint 'Which of its lines sends the third packet? Compare it with what you sent in step 3.'
hint "Three things are wrong with it. \$((theirs + 2)) is how a shell adds 2 to a number."
exercise handshake.sh check_handshake 'The script does a handshake, and its third packet is wrong. Mend it until the connection is ESTABLISHED.'

finish "tcp.port == $mine"
