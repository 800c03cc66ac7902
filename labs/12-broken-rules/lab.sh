#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 12 deeper 15 'Broken rules' 'Segments that no handshake allows: who answers, what the kernel did with each, who notices.'
mine=$(pick mine 20000 29999) # a port behind a careless firewall
seq=$(pick seq 1000 99999999) ack=$(pick ack 1000 99999999)

step 'No flag at all'
say 'Every segment of a connection has at least one flag. This one has none: a NULL segment.' \
    'It goes to 8080 (open), 8081 (closed) and 8082 (the firewall drops).'
predict 'From which of the three ports will an answer come?' tcp.srcport 'tcp.flags.reset == 1' 8081 \
    'The closed one. RFC 793 said so in 1981: where nobody listens, reset whatever comes; a listener ignores what is no SYN, ACK or RST.'
hint 'Who has a reason to say "not here"? And who could just ignore it?'
hint 'It is the other way round than with a SYN.'
run 'loopcraft -q --witness scan --probe null 8080-8082'
expect 'The reset came from 8081 alone: no other port answered.' packets 'tcp.flags.reset == 1 && tcp.srcport != 8081' 0
say 'Two are silent, and the wire does not tell them apart. The kernel does: --witness reads its counters before and after.'
expect '8080: TCP got the segment, and ignored it.' output '8080/tcp.*TCP received it.*(ignored, not stopped by a firewall).*8081/tcp' 'ignored, not stopped by a firewall'
expect '8081: the kernel itself reset it.' output '8081/tcp.*(TcpOutRsts \+1).*8082/tcp' 'TcpOutRsts +1'
expect '8082: it never reached TCP.' output '8082/tcp.*(never reached TCP)' 'never reached TCP'

step 'Goodbye, stranger'
say "A FIN says goodbye, to somebody with whom one never spoke. Its number is $seq."
run "loopcraft -q --witness send tcp dstport=8081 flags=FIN seq_raw=$seq --wait 0.1"
expect "The reset acknowledges $((seq + 1)): a FIN takes one number, as a byte would." tcp.ack_raw 'tcp.flags.reset == 1' $((seq + 1))
say 'FIN, PSH and URG together are called XMAS: lit like a Christmas tree. Open and closed once more:'
run 'loopcraft -q --witness scan --probe xmas 8080 8081'
expect 'Open: silence, and the kernel ignored it.' output '8080/tcp.*(it was ignored)' 'it was ignored'
expect 'Closed: a reset.' state 8081/tcp closed
say 'And FIN alone, to the open port:'
run 'loopcraft -q --witness send tcp dstport=8080 flags=FIN --wait 0.1'
expect 'Silence ...' packets 'tcp.srcport == 8080' 0
expect '... and the kernel ignored it.' output '(it was ignored, not stopped)' 'it was ignored, not stopped'
say 'Why would anybody scan like that? Filters that only look for SYNs let it pass, and many programs never hear of it.'

step 'Hello and goodbye at once'
say "SYN and FIN in one segment: opens and closes at once. It goes to the closed port, and its number is $seq."
predict 'Which number will the reset acknowledge (tcp.ack_raw)?' tcp.ack_raw 'tcp.flags.reset == 1' $((seq + 2)) \
    'SYN takes one number and FIN another. The kernel counts well, even when it refuses.'
hint 'The reset acknowledged one more for the FIN. What takes numbers here?'
hint 'SYN takes one as well: in a handshake the SYN-ACK acknowledges one more, too.'
run "loopcraft -q --witness send tcp dstport=8081 flags=SYN,FIN seq_raw=$seq --wait 0.1"
expect 'The kernel itself reset it.' output '(TcpOutRsts \+1)' 'TcpOutRsts +1'
say 'And to the open port:'
run "loopcraft -q --witness send tcp dstport=8080 flags=SYN,FIN seq_raw=$seq --wait 0.1"
expect 'No SYN-ACK: Linux does not open for it.' packets 'tcp.srcport == 8080' 0
expect 'It did reach TCP, which ignored it.' output 'it was ignored, not stopped' 'it was ignored, not stopped'
say 'That was not always so. Some systems took it for a SYN, and some filters did not: a way in. Seen today, it is a scanner.'

step 'An ACK from nowhere'
say "An ACK belongs to a connection. This one acknowledges $ack, which nobody ever sent. It goes to the open port."
predict 'Something comes back. Which sequence number will it have?' tcp.seq_raw 'tcp.srcport == 8080' "$ack" \
    'A reset, with the number that the ACK asked for next. So a lost peer accepts it: it is just what he waits for.'
hint 'What comes back is a reset. For the one who sent such an ACK, which number comes next?'
hint 'A receiver believes only a reset whose number fits. Which one does he expect?'
run "loopcraft -q --witness send tcp dstport=8080 flags=ACK ack_raw=$ack --wait 0.1"
expect 'A bare reset: there is nothing to acknowledge.' tcp.flags 'tcp.srcport == 8080' RST
expect 'Not an answer of the server: of the kernel, which found no connection.' output '(TcpOutRsts \+1)' 'TcpOutRsts +1'
say 'Open and closed ports answer alike. So it says nothing of ports, but something of firewalls:'
run 'loopcraft -q scan --probe ack 8080-8082'
expect '8081 is closed, and yet: "unfiltered". The segment arrived.' state 8081/tcp unfiltered
expect '8082: filtered. Something stands before it.' state 8082/tcp filtered

step 'From an unexpected port'
serve mine "$mine" python3 -m http.server "$mine" --bind 127.0.0.1
firewall 'tcp sport 53 accept' "tcp dport $mine drop"
say "A server listens on port $mine, behind a firewall that drops what goes there. But its owner wanted answers from DNS servers to come in, and they come from port 53."
run 'nft list chain inet lab input'
run "loopcraft -q syn $mine --expect filtered"
say 'Clients use any free port. You choose 53.'
predict 'Open, closed or filtered?' state "$mine/tcp" open \
    'Who sends chooses his port. A rule that trusts a source port trusts everybody.'
hint 'Read the rules from above: which one fits first?'
hint 'The first rule looks at one field alone. Who fills that one in?'
run "loopcraft -q --witness syn $mine tcp.srcport=53"
expect 'A SYN-ACK, to port 53: past the firewall.' tcp.flags 'tcp.dstport == 53' SYN,ACK
expect 'The kernel had made a half-open connection of it, until our reset came (EmbryonicRsts).' output '(EmbryonicRsts \+1)' 'EmbryonicRsts +1'
say 'The owner wanted answers. A bare SYN is never an answer: the first rule can say so.'
firewall 'tcp sport 53 tcp flags & (syn | ack) != syn accept' "tcp dport $mine drop"
run "nft list chain inet lab input; loopcraft -q syn $mine tcp.srcport=53"
expect 'Filtered, from port 53 as well.' state "$mine/tcp" filtered
firewall none
stop mine

step 'Who notices?'
say 'An intrusion detector reads along, and points out what ordinary traffic does not have. "loopcraft watch" is a small one. All five again, past its eyes:'
# shellcheck disable=SC2016 # the line expands it
run 'for flags in 0 FIN FIN,PSH,URG SYN,FIN ACK; do loopcraft send tcp dstport=8080 flags=$flags --wait 0.05 -w -; done | loopcraft watch -q -'
expect 'The NULL segment ...' output '! (null) ' 'null'
expect '... FIN without ACK ...' output '! (fin) ' 'fin'
expect '... XMAS ...' output '! (xmas) ' 'xmas'
expect '... SYN+FIN ...' output '! (syn-fin) ' 'syn-fin'
expect '... and the ACK without a handshake: all of them.' output '! (no-handshake) ' 'no-handshake'
run 'loopcraft syn 8080 tcp.srcport=53 -w - | loopcraft watch -q -'
expect 'A client on a port of servers is noticed as well.' output '! (client-port) ' 'client-port'
say 'And an honest handshake, with a goodbye?'
run 'loopcraft handshake 8080 -w - | loopcraft watch -q -'
expect 'Nothing to tell. A detector is worth as much as what it does not cry at.' output '(no anomaly)' 'no anomaly'
ask 'Some of the findings have an innocent explanation beside them. Which would you want to be woken for at night?'

step 'Nothing for strangers'
firewall none
check_rules() { # FILE
    nft -c -f "$1" || missed=1 # what nft does not understand, in its own words
    try "nft -f $1 && port=62001 && for flags in 0 FIN FIN,PSH,URG SYN,FIN; do loopcraft -q send tcp dstport=8081 srcport=\$((port++)) flags=\$flags --wait 0.05; done; loopcraft -q syn 8081; loopcraft -q handshake 8080"
    seen 'NULL segments sent' packets 'tcp.srcport == 62001' 1
    seen 'answers to NULL' packets 'tcp.dstport == 62001' 0
    seen 'answers to FIN without ACK' packets 'tcp.dstport == 62002' 0
    seen 'answers to XMAS' packets 'tcp.dstport == 62003' 0
    seen 'answers to SYN+FIN' packets 'tcp.dstport == 62004' 0
    seen 'the closed port, asked by a SYN' state 8081/tcp closed
    seen 'an honest connection' output '(closed in order by both ends)' 'closed in order by both ends'
    nft delete table inet mine 2>/dev/null
}
hint 'SYN and FIN both set: the mask has both, and so have the flags.'
hint 'FIN alone and XMAS have in common what they lack. Look at two flags only: FIN set, and ACK not.'
exercise rules.nft check_rules 'The firewall in the file drops NULL segments. Let it drop SYN+FIN, and FIN without ACK (XMAS has none either), and nothing that is honest.'

finish 'tcp.flags.reset == 1 || tcp.flags == 0 || (tcp.flags.fin == 1 && tcp.flags.ack == 0)'
