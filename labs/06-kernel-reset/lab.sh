#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 6 deeper 15 "The kernel's reset" 'Why a handshake made by hand dies within microseconds, and how not to.'
mine=$(pick mine 20000 24999)    # a web server
greet=$(pick greet 25000 29999)  # a server that speaks first
from=$(pick from 62000 63900)    # your ports: each step has one of its own, counted from here
first=$(pick first 1000 900000)  # where your numbers begin
own=$((from + 6)) # for the exercise

cd "$scratch" || exit 4
serve web "$mine" python3 -m http.server "$mine" --bind 127.0.0.1
serve greeter "$greet" python3 "$here/greeter.py" "$greet"
sysctl -qw net.ipv4.tcp_synack_retries=20 # half-open connections wait for a student who thinks

# The number that the server chose, from its SYN-ACK of the last command.
theirs() { # YOUR PORT
    [ -n "$skipping" ] || truth tcp.seq_raw "tcp.dstport == $1 and tcp.flags == 0x12"
}

step 'Dead within microseconds'
say 'In lab 4 a trick kept the kernel quiet. Here the trick is left out.' \
    "You send a SYN by hand, from port $from. The server on port $mine answers with a SYN-ACK. You would like to send your ACK now."
predict 'Which flags will the third packet have?' tcp.flags "tcp.dstport == $mine and tcp.flags.syn == 0" RST \
    'It is a reset, and it comes from your own port. You did not send it.'
hint 'Who else lives on your machine, and sees what arrives before you do?'
hint 'What does lab 5 say of a packet to a port where no program waits?'
run "loopcraft -q handshake $mine tcp.srcport=$from --let-kernel-reset -w dead.pcapng"
expect 'The reset has your port as its source.' tcp.srcport 'tcp.flags.reset == 1' "$from"
say 'How long did the connection live? The second column is the time in seconds; the third has the flags: SYN, SYN-ACK, RST.'
run 'loopcraft dump dead.pcapng --field frame.number,frame.time_relative,tcp.flags'
expect 'From SYN-ACK to RST it takes a few microseconds (millionths of a second): four on a quick machine.' output '(0\.0[0-9]+)[[:space:]]0x0004' '!'
say 'Could a program be quicker? This is loopcraft with the trick of lab 4, sending its ACK as soon as it can.'
run "loopcraft -q handshake $mine -w alive.pcapng > /dev/null; loopcraft dump alive.pcapng -Y 'frame.number <= 3' --field frame.number,frame.time_relative,tcp.flags"
expect 'The third packet is an ACK (0x0010), many times later. The kernel is on the spot; a program has to be told first.' output '(0\.[0-9]+)[[:space:]]0x0010' '!'

step 'Whose reset is it?'
say 'The kernel counts the resets that it sends: TcpOutRsts. This time a single SYN, and loopcraft asks the kernel before and after.'
run "loopcraft -q --witness send tcp srcport=$((from + 1)) dstport=$mine flags=SYN tcp.seq_raw=$first"
expect 'One more than before: it was the kernel.' output '(TcpOutRsts \+1)' 'TcpOutRsts +1'
y=$(theirs $((from + 1)))
say 'Why? Your SYN went out through a raw socket. The kernel passed it on, and made no note of a connection.' \
    'Then a SYN-ACK arrives for a port where it knows of no socket. It does what it does for every closed port: it resets.' \
    'Perhaps an ACK that comes late can still save the connection?'
run "loopcraft -q send tcp srcport=$((from + 1)) dstport=$mine flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
expect 'It can not. After the reset the server knows nothing of you, and resets in its turn.' tcp.flags "tcp.srcport == $mine" RST
expect 'That is the kernel of the server, which here is the same one: two ends, one clerk.' tcp.dstport "tcp.srcport == $mine" $((from + 1))

step 'A program on your port'
serve listener $((from + 2)) python3 -m http.server $((from + 2)) --bind 127.0.0.1
say "The kernel resets because nobody is on your port. So put a program there: a server now listens on $((from + 2))."
run "ss -tln 'sport = :$((from + 2))'"
say 'Then the SYN, by hand, from the same port.'
predict 'Which flags will the third packet have now?' tcp.flags "tcp.dstport == $mine and tcp.flags.syn == 0" RST \
    'A socket that listens waits for a SYN. A SYN-ACK answers a question that this socket never asked.'
hint 'What is a listening socket waiting for? Is a SYN-ACK that?'
hint 'The kernel looks not only for a port, but for a socket to which this packet makes sense.'
run "loopcraft -q send tcp srcport=$((from + 2)) dstport=$mine flags=SYN tcp.seq_raw=$first"
expect 'A port is not enough. A connection is four things and a state, and only connect() writes them down.' packets "tcp.srcport == $((from + 2)) and tcp.flags.reset == 1" 1
stop listener

step 'The kernel must not see it'
firewall "tcp dport $((from + 3)) tcp flags & (syn | ack) == syn | ack drop"
say "What the kernel does not get, it can not reset. A firewall rule now drops each SYN-ACK that comes to port $((from + 3))." \
    'But you need the SYN-ACK: its number has to be acknowledged. loopcraft reads packets with libpcap, which gets its copy where packets enter the machine.'
run 'nft list table inet lab'
predict 'How many SYN-ACKs will loopcraft see?' packets "tcp.dstport == $((from + 3)) and tcp.flags == 0x12" 1 \
    'libpcap takes its copy before the firewall decides. Dropped means: not for the kernel.'
hint 'Which of the two stands nearer to the wire: libpcap, or the firewall?'
hint 'If it saw nothing, what would it put into the ACK?'
run "loopcraft -q send tcp srcport=$((from + 3)) dstport=$mine flags=SYN tcp.seq_raw=$first"
expect 'And no reset.' packets 'tcp.flags.reset == 1' 0
y=$(theirs $((from + 3)))
run "loopcraft -q send tcp srcport=$((from + 3)) dstport=$mine flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
run "ss -tan 'sport = :$mine and dport = :$((from + 3))'"
expect 'ESTABLISHED: the handmade connection lives.' output '(ESTAB)' ESTAB

step 'Until the server speaks'
firewall "tcp dport $((from + 4)) tcp flags & (syn | ack) == syn | ack drop"
say "The same rule, for port $((from + 4)), and another server: on port $greet is one that greets whoever connects. Many do: mail, SSH, FTP."
run "loopcraft -q send tcp srcport=$((from + 4)) dstport=$greet flags=SYN tcp.seq_raw=$first"
y=$(theirs $((from + 4)))
say 'Now the ACK. With it the connection stands, and the greeting comes.'
predict 'What will be the flags of the packet that answers the greeting?' tcp.flags "tcp.srcport == $((from + 4)) and tcp.seq_raw == $((first + 1)) and tcp.flags != 0x10" RST \
    'The rule drops SYN-ACKs. The greeting is no SYN-ACK, so the kernel gets it, knows no such connection, and resets.'
hint 'Does the rule match the greeting? Which flags does data have?'
hint 'Nobody has answered it yet. Who answers when nobody does?'
run "loopcraft -q send tcp srcport=$((from + 4)) dstport=$greet flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
expect 'The greeting was there: 8 bytes.' tcp.len "tcp.srcport == $greet and tcp.len > 0" 8
run "ss -tan 'sport = :$greet and dport = :$((from + 4))'"
expect 'And the connection is gone.' output '(ESTAB)' '!ESTAB'

step 'Every segment'
firewall "tcp dport $((from + 5)) drop"
say "So the rule must be wider: it drops each segment that comes to port $((from + 5)), whatever its flags. This is the trick of lab 4."
run "loopcraft -q send tcp srcport=$((from + 5)) dstport=$greet flags=SYN tcp.seq_raw=$first"
y=$(theirs $((from + 5)))
run "loopcraft -q send tcp srcport=$((from + 5)) dstport=$greet flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 1))"
expect 'The greeting came.' tcp.len "tcp.srcport == $greet and tcp.len > 0" 8
expect 'And nobody reset.' packets 'tcp.flags.reset == 1' 0
say 'Nobody acknowledged it, either: that is your work now. Its 8 bytes took 8 numbers.'
run "loopcraft -q send tcp srcport=$((from + 5)) dstport=$greet flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((y + 9))"
run "ss -tan 'sport = :$greet and dport = :$((from + 5))'"
expect 'The connection lives, and nothing waits to be acknowledged (Send-Q is 0).' output '(ESTAB 0 0)' 'ESTAB 0 0'

step 'A rule that dies with its owner'
say 'A forgotten rule would make a port deaf. So loopcraft makes its own with "flags owner": such a table belongs to a process, and the kernel removes it when the process ends.' \
    'Here loopcraft holds a connection, is killed without any chance to clean up (kill -9), and we look for its table before and after.'
run "loopcraft -q handshake $mine --stop-after ack --hold 30 > held & until nft list tables | grep loopcraft_; do sleep 0.1; done; kill -9 \$!; wait \$! 2> killed; echo 'After kill -9:'; nft list tables"
expect 'There was a table with the number of the process in its name.' output '(loopcraft_[0-9]+)_.*After kill' '!'
expect 'Afterwards it is gone; the table of the practice firewall stays.' output 'After kill -9:.*(loopcraft_)' '!loopcraft_'
ask 'Your kernel resets connections that it does not know. Whom does that protect, and from what?'

step 'The other end of the path'
firewall none
check_rules() { # FILE
    local me=$own y
    nft delete table inet mine 2>/dev/null
    # what an earlier try may have left at the server
    loopcraft -q send tcp srcport="$me" dstport="$greet" flags=RST tcp.seq_raw=$((first + 1)) --wait 0.01 > /dev/null
    grep -v '^ *#' "$1" | nft -f - || missed=$((missed + 1))
    try "loopcraft -q --witness send tcp srcport=$me dstport=$greet flags=SYN tcp.seq_raw=$first"
    seen 'the SYN-ACK comes in' packets "tcp.dstport == $me and tcp.flags == 0x12" 1
    seen 'the kernel sends its reset' output '(TcpOutRsts \+1)' 'TcpOutRsts +1'
    seen 'which never gets to the wire' packets "tcp.srcport == $me and tcp.flags.reset == 1" 0
    y=$(truth tcp.seq_raw "tcp.dstport == $me and tcp.flags == 0x12")
    try "loopcraft -q send tcp srcport=$me dstport=$greet flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((${y:-0} + 1)); ss -tan 'sport = :$greet and dport = :$me'"
    seen 'bytes of the greeting' tcp.len "tcp.dstport == $me and tcp.len > 0" 8
    seen 'the connection' output '(ESTAB)' ESTAB
    try "loopcraft -q syn 8081; loopcraft -q send tcp srcport=$((me + 1)) dstport=$greet flags=SYN"
    nft delete table inet mine 2>/dev/null
    seen 'a closed port may still reset' state 8081/tcp closed
    seen 'and the kernel for ports other than yours' packets "tcp.srcport == $((me + 1)) and tcp.flags.reset == 1" 1
}
hint 'The reset is a packet that goes out. Which hook of nft sees what goes out, and is your port there the source or the destination?'
hint 'Only resets may be dropped, or your own packets are lost too. The rules of step 4 show how flags are matched.'
exercise rules.nft check_rules "There is another way: let everything in, and drop the kernel's reset on its way out. Change the rules so that port $own can hold a handmade connection that way."

finish 'tcp.srcport >= 62000 or tcp.dstport >= 62000'
