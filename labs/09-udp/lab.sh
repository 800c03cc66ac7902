#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 9 core 15 'Fire and forget' 'UDP: no handshake, no promise; and why a scan of it is slow, or unsure.'
PATH=$here:$PATH               # fire, clock, limit: small programs in this lab's folder
mine=$(pick mine 20000 29999)  # the clock's port
low=$(pick low 300 380)00      # 200 ports with nobody behind them
high=$((low + 199))
word=hello$(pick word 10 9999)

step 'The first packet is the message'
say 'TCP begins with a handshake. UDP begins with the data: a datagram is 8 bytes of header, and what you have to say.' \
    'At UDP port 9000 a program sends back whatever it gets: an echo. You say one word to it.'
predict 'How many packets will pass in all, there and back?' packets 'udp.port == 9000' 2 \
    'One asks, one answers. Nobody says hello first, and nobody says goodbye.'
hint 'With TCP there would be three before the first word. What is left without a handshake?'
hint 'Nothing is acknowledged, either. Which packets cannot be left out?'
run "loopcraft -q send udp dstport=9000 data=$word"
expect "The length is 8 bytes of header and the ${#word} of the word." udp.length 'udp.dstport == 9000' $((8 + ${#word}))
expect 'What came back is the same, byte for byte.' data.data 'udp.srcport == 9000' "$(printf %s "$word" | od -An -v -tx1 | tr -d ' \n')"
say 'Beside it TCP: a program connects to port 8080 and hangs up, without a word.'
run 'loopcraft -q connect 8080'
expect 'Five packets or more, and nothing was said yet.' packets 'tcp.port == 8080' '>4'
expect 'Not one of them carries data.' packets 'tcp.len > 0' 0

step 'Nobody there'
say 'Nobody has UDP port 9001. The program "fire" sends two datagrams there, one after the other, and says what the kernel told it about each.' \
    'If the kernel refuses, it says "Connection refused". Else the program says "sent".'
predict 'What will it say of the first one: "sent", or "Connection refused"?' output 'first send: (sent|[A-Z][a-z ]+[a-z])' sent \
    'To send is to hand it to the kernel, no more. When send() returns, nobody knows yet whether anybody is there.'
hint 'When does the kernel learn that nobody has the port: before it sends, or afterwards?'
hint 'An answer can only come to something that has been sent.'
run 'fire 9001'
expect 'The kernel answered with ICMP 3/3, port unreachable, which quotes the datagram.' udp.dstport 'icmp.type == 3 && icmp.code == 3' 9001
expect 'The second one is "refused": it got the answer to the first.' output 'second send: (Connection refused)' 'Connection refused'
say 'Without the second send() the program would never have known. That is "fire and forget".'
run 'loopcraft -q udp 9001'
expect 'For a scanner that message is the sign of a closed port.' state 9001/udp closed

step 'Silence'
say 'At UDP port 9002 a program listens, and never answers. Before port 9004 stands a firewall that drops.'
predict 'How many packets will come back, from both ports together?' packets 'udp.srcport == 9002 || udp.srcport == 9004 || icmp' 0 \
    'A program that keeps silent and a packet that was thrown away look the same. UDP has nothing like a SYN-ACK, which the kernel sends for the program.'
hint 'Who would answer: the kernel, or the program? In UDP the kernel speaks only when nobody has the port.'
hint 'One program keeps silent, one datagram never arrives. What reaches you?'
run 'loopcraft -q udp 9002 9004'
expect 'Each was asked three times: one datagram may get lost.' packets 'udp.dstport == 9002' 3
expect 'A program is there: "open|filtered", which means: open or filtered, no telling.' state 9002/udp 'open|filtered'
expect 'A firewall is there: the very same words.' state 9004/udp 'open|filtered'
say 'Only the machine itself can tell, by its counters. And a firewall that rejects aloud (port 9003) can be told by anybody.'
run 'loopcraft -q --witness udp 9002 9003 9004'
expect '9002: the kernel has it, in the queue of a program.' output '9002/udp.*(a program has the port).*9003/udp' 'a program has the port'
expect '9003: filtered, for ICMP 3/13 says so.' state 9003/udp filtered
expect '9004: it came in, and never reached UDP.' output '9004/udp.*(never reached UDP)' 'never reached UDP'

step 'Small talk'
say "A clock is put at UDP port $mine, a small time server. Most programs answer only what they understand." \
    'loopcraft asks "is anybody there?", in plain text.'
serve clock "udp/$mine" clock "$mine"
run "loopcraft -q --witness udp $mine"
expect 'Open it is, but nobody can see it: the clock says nothing.' state "$mine/udp" 'open|filtered'
expect 'It did read what came (UdpInDatagrams).' output '(a program here read it)' 'a program here read it'
say 'So a scanner of UDP has to speak many languages: DNS to port 53, NTP to 123, SNMP to 161. A service on another port than its usual one stays unseen.'

step 'In its own words'
check_question() { # FILE
    try "loopcraft send --recipe $1 --wait 0.3"
    seen 'length of your datagram: 8 and 48' udp.length "udp.dstport == $mine" 56
    seen 'answers of the clock' packets "udp.srcport == $mine" 1
    seen 'length of its answer: 8 and 48' udp.length "udp.srcport == $mine" 56
}
hint 'Version 4 is 100 in three bits, mode 3 is 011. Write the eight bits in a row: 00, version, mode.'
hint 'Hexadecimal takes four bits a digit: 0000 is 0, 0001 is 1, 0010 is 2, 0011 is 3, 0100 is 4 ...'
exercise question.txt check_question 'The recipe in the file asks the clock, in words that it does not understand. Change its first byte, until the clock answers.'
stop clock

step 'A sweep, and a limit'
limit off
say "Nobody has the UDP ports $low to $high. Here each says so at once."
run "time loopcraft scan --udp $low-$high"
expect 'Two hundred questions ...' packets "udp.dstport >= $low && udp.dstport <= $high" '>199'
expect '... and an answer to each: all closed.' output '200 closed' '200 closed'
say 'Elsewhere it is not like that. Kernels and routers limit how many of these messages they send: else a stranger could make them send without end.' \
    'On loopback Linux has no limit, so you make one: twenty a second. What is over it is dropped, without a word.'
run 'limit 20'
say 'All 200 ports are closed, as before. The sweep is the same as before, too.'
predict 'What will it say of most of them: open, closed or open|filtered?' output 'Not listed: [0-9]+ ([a-z|]+) ports' 'open|filtered' \
    'No answer, no verdict. The ports are closed, and the message that says so was held back.'
hint 'How does a scanner know that a UDP port is closed? Which packet tells it?'
hint 'And what does it say when nothing comes back?'
run "time loopcraft -q scan --udp $low-$high"
expect 'It asked many more times than before ...' packets "udp.dstport >= $low && udp.dstport <= $high" '>400'
expect '... and most answers never came.' packets 'icmp' '<200'

step 'Slow, or wrong'
limit 20 > /dev/null
say 'The limit still stands. Now ask slower than it: fifteen ports a second, and only 21 ports, for time is short.'
run "time loopcraft -q scan --udp --rate 15 $low-$((low + 20))"
expect 'All 21 are closed again: right, and slow.' output '21 closed' '21 closed'
expect 'An answer came to each question.' packets icmp '>20'
say 'All 65,535 ports would take more than an hour at this pace.' \
    'What does Linux itself allow? The number is in milliseconds: so long each other machine has to wait for the next such message.'
run 'cat /proc/sys/net/ipv4/icmp_ratelimit'
expect 'Of 65,535 closed ports, at one a second, the last is known after 18 hours.' output '[0-9]+' 1000
say 'Now the limit is lifted.'
run "limit off; time loopcraft -q scan --udp $low-$high"
expect 'All 200 closed, in no time. The ports were never different: only what could be seen of them.' output '200 closed' '200 closed'
ask 'A scan says of a UDP port: open|filtered. What could you do to find out more?'

finish 'udp || icmp'
