#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 5 core 15 'Open, closed, filtered' 'Four answers to one SYN, three states, and how to tell who gave the answer.'
mine=$(pick mine 20000 29999) # a port of the student's own

step 'A port with a server'
say 'You send one SYN to a port. What comes back tells you what is there. Port 8080 has a web server.'
predict 'Which flags will the answer have?' tcp.flags 'tcp.srcport == 8080' SYN,ACK \
    'One packet says both: I heard you (ACK), and I ask back (SYN).'
hint 'The server has to say two things: that it heard you, and a question of its own.'
hint 'A SYN asks. An ACK says "heard". Which of them would a polite server send?'
run 'loopcraft syn 8080'
expect 'The verdict is "open", and its reason is that one packet.' state 8080/tcp open

step 'A port where nobody listens'
say 'Nobody listens on port 8081. The machine is there all the same, and so is its kernel.'
predict 'Which flags will the answer have now?' tcp.flags 'tcp.srcport == 8081' RST,ACK \
    'The kernel resets what nobody asked for, and acknowledges the SYN that it resets.'
hint 'The kernel is a clerk: there is no such office here. Which flag ends a connection at once?'
hint 'Not FIN: that is a goodbye between two who know each other.'
run 'loopcraft syn 8081'
expect 'A reset is an answer: "closed" means that somebody told you so.' state 8081/tcp closed

step 'Silence'
say 'A firewall stands before port 8082. It drops what comes, without a word.' \
    'loopcraft asks again when nothing comes back, for a packet may get lost. Then it believes the silence.'
predict 'How many packets will come back from port 8082?' packets 'tcp.srcport == 8082' 0 \
    'Silence is no packet at all. That is why a filtered port takes a scanner so long: it has to wait.'
hint 'How would your packets get past the firewall, and the answers back?'
hint 'Dropped means: thrown away. Who would answer?'
run 'loopcraft syn 8082'
expect 'Filtered: an open port would have answered, and a closed one too.' state 8082/tcp filtered
expect 'The question was asked three times.' packets 'tcp.dstport == 8082' 3

step 'A firewall that says no'
say 'A firewall may also refuse aloud: port 8083 answers with an ICMP message, a packet of another protocol that quotes yours.'
run 'loopcraft syn 8083'
expect 'ICMP type 3 (unreachable), code 13: forbidden by the administrator.' icmp.code 'icmp' 13
expect 'The message quotes the SYN that it is about: its port stands inside.' tcp.dstport 'icmp' 8083
say 'Drop or reject? A drop tells a stranger nothing, and makes your own users wait for a timeout. A reject is quick and honest. Both are "filtered".'

step 'The forged reset'
say 'A firewall stands before port 8084. It answers each SYN with a reset, in the kernel'"'"'s place. Before port 8081 there is none, and nobody listens.' \
    'On the wire the two look alike. But the kernel counts the resets that it sends itself (TcpOutRsts); a firewall'"'"'s are not among them.'
run 'loopcraft --witness syn 8081 8084'
expect 'Both say closed.' state 8084/tcp closed
expect 'For 8081 the kernel counted its reset.' output '(TcpOutRsts \+1)' 'TcpOutRsts +1'
expect 'For 8084 it counted none: a firewall forged it.' output '(a firewall forged it)' 'a firewall forged it'

step 'What a program is told'
say 'A program never sees these packets. It calls connect(), and gets a connection, or an error with a name.' \
    'Port 8083 answered "forbidden by the administrator". Programs know no such error: the kernel has to pick one of those that there are.'
predict 'Which words will a program get to read for port 8083: "Connection refused", "No route to host" or "Connection timed out"?' \
    output '8083/tcp.*EHOSTUNREACH \(([A-Za-z ]+)\)' 'No route to host' \
    'The route is fine, and the host is this very one. The kernel turns ICMP 3/13 into EHOSTUNREACH, whose text is that. An error message is not evidence; a packet is.'
hint 'The kernel goes by what came back. Which packet makes a program read "refused"?'
hint 'And what came back from 8083: that packet, nothing, or something else?'
run 'loopcraft -q connect 8081 8082 8083 8084'
expect '"Connection refused" is a packet: RST became ECONNREFUSED.' output '8081/tcp closed conn-refused' '8081/tcp closed conn-refused'
expect 'The forged reset is refused as well: a program can not tell.' output '8084/tcp closed conn-refused' '8084/tcp closed conn-refused'
say 'And 8082, which is silent? There connect() asks again and again, for a minute or two; loopcraft did not wait for the end. Now the kernel is told to ask twice only, and the shell calls.'
run 'sysctl -qe net.ipv4.tcp_syn_retries=1 net.ipv4.tcp_syn_linear_timeouts=0; echo > /dev/tcp/127.0.0.1/8082' 1
expect 'Silence became "Connection timed out" (ETIMEDOUT).' output '(Connection timed out)' 'Connection timed out'
expect 'It had asked twice, and nobody answered.' packets 'tcp.port == 8082' 2

step 'Your own server'
say "Port $mine is yours. Nobody listens there yet."
run "loopcraft -q syn $mine --expect closed"
say 'Now a web server is started on it.'
serve mine "$mine" python3 -m http.server "$mine" --bind 127.0.0.1
run "loopcraft -q syn $mine --expect open"
say 'And it is stopped again.'
stop mine
run "loopcraft -q syn $mine --expect closed"
expect 'A port is open for as long as a program listens, and no longer.' state "$mine/tcp" closed
ask 'A friend asks: "Is my port 22 open?" Which packet would you look for, and what would its absence mean?'

step 'You are the firewall'
serve mine "$mine" python3 -m http.server "$mine" --bind 127.0.0.1
check_rules() { # FILE
    try "grep -v '^ *#' $1 | nft -f - && loopcraft --witness syn $mine"
    seen 'the state of your port' state "$mine/tcp" filtered
    seen 'ICMP type that came back' icmp.type icmp 3
    seen 'ICMP code: port unreachable' icmp.code icmp 3
    seen 'the server behind it still runs' output 'no reset' '!no reset'
    nft delete table inet mine 2>/dev/null
}
hint 'Which word of nft lets the sender know that its packet was refused? Compare drop.'
hint 'man nft, REJECT STATEMENT: it can be told which ICMP message to send, by type.'
exercise rules.nft check_rules "A server listens on port $mine. Change the firewall's rules in the file until the port is filtered, and a port-unreachable message (ICMP 3/3) says so."

finish 'tcp.port in {8080..8084} or icmp'
