#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 10 deeper 15 'Names' 'A name becomes an address: by the system, then by hand; and how an answer hits somebody else.'
needs dnsmasq dnsmasq-base
PATH=$here:$PATH # question, factor: small programs in this lab's folder
four=192.0.2.$(pick four 1 254)
six=2001:db8::$(pick six 1 9999)
victim=127.0.$(pick victim 1 254).$(pick flat 2 254)
printf -v long '%.0sNobody who reads this has asked for it. ' {1..6}
long=${long:0:$(pick long 210 240)} long=$long,$long,$long,$long # four strings of at most 255 bytes

step 'Ask the system'
say 'Programs do not look names up themselves. They ask the system, which looks into a file first (/etc/hosts), and asks a server only for what is not there.' \
    'Every machine knows the name "localhost".'
predict 'How many packets will pass until its address is found?' packets 'ip || ipv6' 0 \
    'It stands in a file of this machine. The port of "ssh" does, too (/etc/services).'
hint 'Does anybody else need to be asked?'
hint 'What is read from a file does not travel.'
run 'loopcraft resolve localhost ssh --type A'
expect 'An address for the name, and a port for the service.' output 'ssh port ([0-9]+)/tcp' 22
run 'grep -w localhost /etc/hosts'
say 'This machine has a name of its own. And what is in no file is told as plainly.'
run 'loopcraft resolve'
run 'loopcraft resolve --offline nowhere.test' 1

step 'Ask by hand'
serve names udp/53 dnsmasq -k -C /dev/null -x '' --no-resolv --no-hosts --local=/test/ \
    "--host-record=www.lab.test,$four,$six" "--host-record=old.lab.test,$four" \
    "--txt-record=long.lab.test,$long"
say 'Now a server: dnsmasq, a real one, at UDP port 53. You make the question yourself.' \
    'The question has a number (dns.id), the name, and what is wanted of it: A, an IPv4 address.'
run 'loopcraft -q resolve www.lab.test @127.0.0.1 --type A'
expect 'One datagram asks, one answers.' packets 'udp.port == 53' 2
say 'The answer once more, byte by byte. Look at dns.qry.name: each part of the name has its length before it. The name of the record (dns.resp.name) is two bytes: "see byte 12".'
run "loopcraft send udp dstport=53 data=hex:\$(question www.lab.test A) -w - | loopcraft dump - --packet 2"
expect 'The answer has the number of the question. That, the port and the name are all that vouches for it.' dns.id 'dns.flags.response == 1' 0x1234
expect "The address has four bytes: $four." dns.a 'dns.flags.response == 1' "$four"
say 'All of it can be read on the way, and a forger who guesses number and port can answer first. DNS over TLS (port 853) or HTTPS hides it; DNSSEC signs it.'

step 'IPv6, and two kinds of no'
say 'A name can have an IPv6 address as well. That is another type: AAAA, for it is four times as long.'
run 'loopcraft -q resolve www.lab.test @127.0.0.1'
expect "Asked twice, answered twice; the second address has 16 bytes." dns.aaaa 'dns.qry.type == 28 && dns.flags.response == 1' "$six"
say 'The name old.lab.test has an IPv4 address alone. You ask for the IPv6 one. An answer has a code: 0 "no error", 3 "no such name".'
predict 'Which code will the answer have?' dns.flags.rcode 'dns.flags.response == 1' 0 \
    'The name is there; it has nothing of that type. "No error", and no answer in it.'
hint 'Is it the name that is missing?'
hint 'Would "no such name" be true? There is an address, of the other kind.'
run 'loopcraft -q resolve old.lab.test @127.0.0.1 --type AAAA' 1
expect 'No error, and no answer.' dns.count.answers 'dns.flags.response == 1' 0
say 'And a name that does not exist at all:'
run 'loopcraft -q resolve none.lab.test @127.0.0.1' 1
expect 'Code 3: no such name (NXDOMAIN).' dns.flags.rcode 'dns.flags.response == 1' 3
expect 'The IPv6 address is not even asked for: what does not exist has none.' packets 'dns.qry.type == 28' 0

step 'An answer that does not fit'
say 'long.lab.test has a text of almost a thousand bytes. An answer over UDP has 512 bytes at most, if nothing else was said.'
run 'loopcraft -q resolve long.lab.test @127.0.0.1 --type TXT'
expect 'The datagram is a stub: "truncated", it says.' dns.flags.truncated 'udp.srcport == 53' 1
expect 'So the question is put again over TCP, which takes a handshake first.' packets 'tcp.dstport == 53 && tcp.flags.syn == 1' 1
expect 'The text came over TCP (6), not UDP (17).' ip.proto 'frame.len > 800' 6

step 'A short question, a long answer'
say 'A program may say that it takes more at once: "4096 bytes are welcome", eleven bytes in the question (EDNS).' \
    'The question is then 70 bytes long, with all headers. Count the bytes that go out, and those that come back.'
predict 'Will more come back than went out? Say 1 (about as much), 2 (more than twice as much) or 10 (more than ten times as much).' \
    output 'more than ([0-9]+) times' 10 'A text of almost a thousand bytes, for 70. Whoever can send one megabyte a second makes this server send more than ten.'
hint 'The whole text comes in one datagram now.'
hint 'Almost 1,000 bytes, divided by 70.'
run "loopcraft send udp dstport=53 data=hex:\$(question long.lab.test TXT 4096) -w - | factor"
expect 'Out: 70 bytes.' ip.len 'udp.dstport == 53' 70
expect 'Back: more than ten times that. It is called amplification.' ip.len 'udp.srcport == 53' '>700'
expect 'Nothing was cut off this time.' dns.flags.truncated 'udp.srcport == 53' 0

step 'Who gets it?'
say "UDP has no handshake: nobody checks whether the source address is true. You send the same question, and write another machine's address into it: $victim." \
    'All of 127.x.x.x is this very machine, so nobody is harmed. On the wire it looks as it would elsewhere.'
predict 'To which address will the answer go?' ip.dst 'udp.srcport == 53' "$victim" \
    'The server answers whoever the packet says that asked. The victim gets what it never wanted, from a server that it can not blame.'
hint 'Where does the server find the address to answer to?'
hint 'It knows nothing but what the packet says.'
run "loopcraft send udp ip.src=$victim dstport=53 data=hex:\$(question long.lab.test TXT 4096) --count 5 -w - | factor"
expect 'Five went out under a false name ...' packets "ip.src == $victim && udp.dstport == 53" 5
expect '... and not one answer came back to the sender, 127.0.0.1.' packets 'udp.srcport == 53 && ip.dst == 127.0.0.1' 0
say 'Over TCP that does not work: the SYN-ACK goes to the victim, who knows nothing of it, and no handshake is ever completed.' \
    'And loopcraft itself? An address that is not of this machine it refuses, as source and as target.'
run 'loopcraft send udp ip.src=192.0.2.66 dstport=53 data=hello' 3
expect 'Nothing was sent.' packets 'ip || ipv6' 0

step 'Not with my server'
stop names
check_names() { # FILE
    try "defended $1"
    seen 'the answer over UDP, at most 60 bytes' udp.length 'udp.srcport == 53 && dns.qry.type == 16' '<61'
    seen 'packets that bring the text over TCP' packets 'tcp.srcport == 53 && tcp.len > 800' '>0'
    seen 'the address of www.lab.test' dns.a 'udp.srcport == 53 && dns.qry.type == 1' "$four"
}
hint 'What did the server do with the long text when nobody had said that more is welcome?'
hint 'The number of bytes that UDP began with, in 1987, stands in step 4.'
exercise names.conf check_names 'Change the configuration of the server so that it is of no use to an attacker: no long answers over UDP. The text must still be had, over TCP, and the address of www.lab.test as well.'
ask 'A provider can stop forged source addresses. Where would it look, and at what?'

finish 'dns || (tcp.port == 53)'
