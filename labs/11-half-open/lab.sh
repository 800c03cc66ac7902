#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 11 deeper 15 'Half-open' 'Eight SYNs shut a small server; SYN cookies open it again. The counters tell.'
PATH=$here:$PATH # door, eight: small programs in this lab's folder
port=$(pick port 20000 29999)
nobody='ip daddr 127.0.0.66 drop' # what goes to 127.0.0.66 arrives nowhere: a machine that is switched off
cookies() { # 0|1
    echo "$1" > /proc/sys/net/ipv4/tcp_syncookies
}
fresh() { # the server anew, with nobody waiting
    stop door
    serve door "$port" door "$port"
}

# How many a kernel keeps with a backlog of two: three, or two if it is older (before Linux 6.14, mostly).
firewall "$nobody"
cookies 0
fresh
fit=$(eight "$port" | sed -n 's/.*in SYN-RECV *//p')
if [ "$fit" = 2 ]; then
    full='are there two already?'
else
    fit=3 full='are there more than two?'
fi

step 'A caller who never comes back'
firewall "$nobody"
cookies 0
fresh
say "A small server listens on port $port. When a SYN comes, its kernel answers, and has to remember the caller until the ACK comes. That is a half-open connection; its state is SYN-RECV." \
    "The server asked for little room: its backlog is 2. Look at Send-Q."
run "ss -ltn 'sport = :$port'"
expect 'The backlog of this listener: two.' output "LISTEN 0 ([0-9]+) 127.0.0.1:$port" 2
say 'Now one SYN, whose source is 127.0.0.66: a machine that is switched off. All in this sandbox, of course: to do this to others is a crime.'
run "loopcraft -q send tcp ip.src=127.0.0.66 srcport=62999 dstport=$port --wait 1.15; ss -tno state syn-recv"
expect 'The SYN-ACK was sent again after a second: the kernel has not forgotten.' packets 'ip.dst == 127.0.0.66 && tcp.flags == 0x12' '>1'
expect 'The caller stands in the table, with a timer.' output 'timer:\(on' 'timer:(on'
say 'It asks six times in all, over a minute. So long one SYN takes up one place.'

step 'Eight at once'
firewall "$nobody"
cookies 0
fresh
say 'The backlog is two. Now eight such SYNs come, each from another port.'
predict 'How many will the kernel keep in SYN-RECV?' output 'in SYN-RECV ([0-9]+)' "$fit" \
    "Before it takes one more, this kernel asks: $full With $fit it is full. The others are dropped, without a word."
hint 'Not eight: that is more than there is room for.'
hint "Before each one this kernel asks: $full After how many is that true?"
run "eight $port"
expect "$fit SYNs were answered." output 'with SYN-ACK ([0-9]+)' "$fit"
expect "$((8 - fit)) were dropped, and counted: the queue of requests was full (TCPReqQFullDrop)." output 'TCPReqQFullDrop \+([0-9]+)' $((8 - fit))
expect 'To a listener they are lost callers (ListenDrops).' output 'ListenDrops \+([0-9]+)' $((8 - fit))

step 'The ninth caller'
firewall "$nobody"
cookies 0
fresh
say 'The server is fine, and has nothing to do. Eight knock as before; then an honest program calls connect().'
predict 'What will its port look like to it: open, closed or filtered?' state "$port/tcp" filtered \
    'Its SYN is dropped like the rest. Silence: as if a firewall stood there. Eight small packets made a port vanish.'
hint 'What did the kernel do with the last of the eight SYNs: answer, reset, or nothing?'
hint 'Which of the three states stands for silence?'
run "eight $port > /dev/null; loopcraft -q connect $port"
expect 'No SYN-ACK for the honest one.' packets "tcp.srcport == $port && ip.dst == 127.0.0.1" 0
expect 'Its SYN was sent again, in vain.' packets "tcp.dstport == $port && ip.src == 127.0.0.1" '>1'

step 'If somebody lives there'
firewall none
cookies 0
fresh
say 'The same eight SYNs. But now 127.0.0.66 is switched on: a machine that knows nothing of these calls, and gets the SYN-ACKs.'
predict 'How many will be left in SYN-RECV?' output 'in SYN-RECV ([0-9]+)' 0 \
    'Its kernel resets what it did not ask for, and each reset frees a place. So forgers choose addresses where nobody answers.'
hint 'Lab 5: what does a kernel send when a packet comes for which there is nobody?'
hint 'And what does the server do with a connection that is reset?'
run "eight $port"
expect 'Eight resets, one for each SYN-ACK.' packets 'ip.src == 127.0.0.66 && tcp.flags.reset == 1' 8
expect 'All eight were answered: there was room again each time.' output 'with SYN-ACK ([0-9]+)' 8
expect 'None was dropped.' output 'ListenDrops \+([0-9]+)' 0

step 'SYN cookies'
firewall "$nobody"
fresh
cookies 1
say 'Nobody lives there again. But SYN cookies are on, as they are on most systems: when the queue is full, the kernel answers, and remembers nothing.' \
    'What it would have to remember it puts into the sequence number of its SYN-ACK, signed with a secret: the cookie. An honest caller sends it back in his ACK.' \
    'Eight knock; then the honest program calls connect(). The last lines are counters of the kernel.'
predict 'How many of the eight SYNs will be answered now?' output 'with SYN-ACK ([0-9]+)' 8 \
    'A cookie costs no room, so there is one for everybody.'
hint 'What made the kernel drop most of them? Does it still need that?'
hint 'For a cookie nothing has to be remembered. How many of them are there room for?'
run "eight $port; loopcraft -q connect $port; grep TcpExt: /proc/net/netstat | head -n 2 | cut -d ' ' -f 1-4"
expect "Still only $fit are remembered." output 'in SYN-RECV ([0-9]+)' "$fit"
expect "$((8 - fit)) got a cookie (SyncookiesSent)." output 'SyncookiesSent \+([0-9]+)' $((8 - fit))
expect 'None was dropped for want of room.' output 'TCPReqQFullDrop \+([0-9]+)' 0
expect 'The honest one gets in, past all who wait.' state "$port/tcp" open
expect 'The kernel made a connection of a cookie that came back (SyncookiesRecv).' output 'TcpExt: [0-9]+ ([0-9]+)' '>0'
say 'The price: a sequence number is 32 bits, so some of what the SYN offered is lost, if the caller sends no timestamps. That is why cookies are used only when the queue is full.'

step 'A limit for each caller'
few=$((fit - 1)) # one less than fit
limit="tcp dport $port tcp flags & (syn | ack) == syn meter callers { ip saddr limit rate over 1/minute burst $few packets } drop"
cookies 0
firewall "$nobody" "$limit"
fresh
say "Another defence, without cookies: a firewall that takes $few of each address at once, then one a minute."
run 'nft list chain inet lab input'
run "eight $port; loopcraft -q connect $port"
expect "So few came through: $few. The server has room left." output 'in SYN-RECV ([0-9]+)' "$few"
expect 'The server lost nobody.' output 'ListenDrops \+([0-9]+)' 0
expect 'The honest caller has another address, and gets in.' state "$port/tcp" open
say 'It helps against one caller. Against forged sources, each another one, it does not; and many honest people behind one address share what it may send.'

step 'More room'
stop door
firewall "$nobody"
cookies 0
check_door() { # FILE
    try "ninth $1 $port"
    seen 'half-open connections that the kernel holds' output 'in SYN-RECV ([0-9]+)' 8
    seen 'SYNs that were dropped' output 'ListenDrops \+([0-9]+)' 0
    seen 'cookies sent' output 'SyncookiesSent \+([0-9]+)' 0
    seen 'the port, for the ninth caller' state "$port/tcp" open
}
hint 'Where does the program say how many may wait?'
hint 'Eight wait, and a ninth must find room. More is no harm: the kernel has a limit of its own (/proc/sys/net/core/somaxconn).'
exercise door.py check_door 'The server in the file is the one of this lab. Change it so that eight half-open callers do not keep the ninth out, without cookies or firewall.'
ask 'Eight SYNs were enough here. Which of the three defences still helps against a million a second, and why?'

finish 'tcp.flags.syn == 1 || tcp.flags.reset == 1'
