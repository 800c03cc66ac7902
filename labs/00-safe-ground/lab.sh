#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 0 core 12 'Safe ground' 'Why every packet of yours stays on this machine, and what makes sure of it.'
stranger=192.0.2.$(pick stranger 1 254) # from a block that is set aside for examples: nobody lives there
forged=127.$(pick second 1 250).$(pick third 0 250).$(pick fourth 2 250)
word=$(pick word 1000 9999)

step 'A network with nobody in it'
say 'You are going to make packets by hand. A packet is a piece of data with an address on it, as a network carries it. So first of all: where do yours go?' \
    'All that this lab runs, runs in the sandbox: a private network of its own. Look which interfaces it has, that is, ways in and out.'
run 'ip -brief address'
expect 'One interface alone: lo, the loopback. No cable, no Wi-Fi. Its addresses are 127.0.0.1 and ::1.' output '^ ?(lo [A-Z]+ 127\.0\.0\.1/8) [0-9a-f:./ ]*$' 'lo UNKNOWN 127.0.0.1/8'
say 'A network like this is called a network namespace. Every process is in one; the kernel numbers them.'
run 'readlink /proc/self/ns/net'
ask 'Open a second terminal beside this one and type the same command there. What is different, and what does that mean for your packets?'

step 'Both ends of the line'
say 'A ping is one packet that asks "are you there?". All that crosses lo is captured here, so that we can look at it. Your machine pings itself.'
predict 'How many packets will cross lo: question and answer together?' packets 'icmp' 2 \
    'One there, one back. On loopback you see both ends of every talk: that is what makes it a good place to learn.'
hint 'Every packet is seen once, on its way from the sender to the receiver.'
hint 'The question is a packet, and the answer is a packet. Nobody else is here.'
run 'loopcraft -q ping'
expect 'The hardware address of the receiver is all zero: no network card has seen this packet.' eth.dst 'icmp.type == 8' 00:00:00:00:00:00
expect 'It was answered from 127.0.0.1, the address that it was sent to.' ip.src 'icmp.type == 0' 127.0.0.1
say 'Each address that begins with 127, and ::1, means "this machine", on every machine. The kernel hands such a packet over to itself. That is why loopback, and only loopback: whatever you get wrong, it can hit nobody but you.'

step 'The guard refuses a stranger'
say "Now an address that is not yours: $stranger. It comes from a block that is set aside for examples in books." \
    "You ask loopcraft to send a SYN there, the packet that asks a program to talk."
predict 'How many packets will be on the network?' packets 'ip or ipv6' 0 \
    'Before anything is sent, a guard reads the finished packet. Not from loopback to loopback? Then nothing is sent at all.'
hint 'Think of what the guard is for: when does it look, before or after?'
hint 'A packet that was sent can not be called back.'
run "loopcraft syn --to $stranger 80" 3
expect 'It says why.' output '(not a loopback address)' 'not a loopback address'
say 'The exit status is 3, which always means: refused by the guard. There is no option that switches it off.' \
    'The sandbox is a second wall, of another kind. Let some other program try, one without a guard: here the shell itself.'
run "echo hello > /dev/udp/$stranger/9" 1
expect 'The kernel knows no way there: this network has none.' output '(Network is unreachable)' 'Network is unreachable'
expect 'Again no packet.' packets 'ip or ipv6' 0

step 'The guard refuses a forged sender'
say 'Every packet has two addresses: where it goes, and where it comes from. Made by hand, the second can be anything.' \
    "Port 9000 of 127.0.0.1 sends back what it gets. You write to it, and give $forged as the sender. You are 127.0.0.1; nobody set up the other one."
predict 'To which address will the answer go?' ip.dst 'udp.srcport == 9000' "$forged" \
    'The server knows only what the packet says. It answers the address that stands there.'
hint 'How does the server know who asked?'
hint 'Think of a letter: the answer goes to the sender on the envelope, whoever wrote that there.'
run "loopcraft -q send udp ip.src=$forged dstport=9000 data=hello"
say "Here the answer stayed on loopback. With a stranger's address it would go to a stranger, who never asked for it: your machine would be used against somebody. So the guard looks at both addresses."
run "loopcraft -q send udp ip.src=$stranger dstport=9000 data=hello" 3
expect 'Refused, though it was to go to 127.0.0.1.' output '(not a loopback address)' 'not a loopback address'
expect 'No packet was sent.' packets 'ip or ipv6' 0

step 'The guard refuses a disguise'
say 'Addresses with colons belong to IPv6, those with four numbers to IPv4. They are two versions of one protocol, and ::ffff:127.0.0.1 looks like version 6.' \
    'The shell, an ordinary program, connects to it.'
predict 'Which version of IP will the packets have, 4 or 6?' ip.version 'tcp.dstport == 8080' 4 \
    'This is a "mapped" address: IPv4 in the spelling of IPv6. It never stands in a packet; the kernel takes the IPv4 address out of it and sends IPv4.'
hint 'Look at the end of the address.'
hint 'The part before it, ::ffff:, is a mark for programs, and no network anywhere.'
run 'echo > /dev/tcp/::ffff:127.0.0.1/8080'
expect 'The packet went to 127.0.0.1.' ip.dst 'tcp.dstport == 8080' 127.0.0.1
say 'An address in disguise can get past a check that looks at its spelling only. The guard takes no disguise, not even of a harmless address; nor what programs read in different ways.'
run "for a in ::ffff:127.0.0.1 0177.0.0.1 127.1 0.0.0.0; do loopcraft syn --to \$a 80; done" 3
expect 'The mapped address is refused.' output '(::ffff:127.0.0.1 is IPv4 inside IPv6)' '::ffff:127.0.0.1 is IPv4 inside IPv6'
expect '0177.0.0.1 as well: some programs read 127 there, some 177.' output '(0177.0.0.1 is read differently)' '0177.0.0.1 is read differently'
expect 'Not one packet.' packets 'ip or ipv6' 0

step 'What is yours here'
say 'For all this nobody has to be administrator. The sandbox is your own: its firewall, its ports, its addresses. It has practice servers, always the same.'
run 'id -un; loopcraft sandbox --list'
expect 'Port 8080 is open; you will meet the others in lab 5.' output 'tcp 8080 (open)' open
say "An ordinary user can't even look at a machine's firewall. This one anybody may see and change who is in here: it belongs to the sandbox, and the machine's own is another."
run 'nft list ruleset | grep 808'
expect 'This rule makes port 8082 silent.' output 'dport 8082 (drop)' drop
say 'When the lab ends, all this is gone: no rule, no server and no setting stays behind. So try what you like. The key s opens a shell in here at any time.'

step 'Before you ask a port anything'
say 'A scan rings at doors to see which ones open. At doors of others that is no game: it may be a crime, it sets off alarms, and it can break old machines.' \
    'The rule is short: only what is yours, or what the owner has allowed you in writing: which machines, when, and how. "It was easy" is no permission.' \
    'loopcraft keeps to that by itself. Other tools ask nobody; there you are the guard. This is the guard, asked once more, by a name:'
run 'loopcraft syn --to example.com 80' 3
expect 'A name is refused before anybody is asked for its address: that question would leave the machine.' output '(names are not looked up)' 'names are not looked up'
expect 'No question was sent.' packets 'ip or ipv6' 0
ask 'A friend says: "Just scan our school'"'"'s server, nobody will notice." What do you answer?'

step 'Past the guard'
check_recipe() { # FILE
    try "loopcraft send --recipe $(printf '%q' "$1")"
    seen 'what loopcraft says' output '(loopcraft: .*[^ ]|Sent 1 packet)' 'Sent 1 packet'
    seen 'datagrams that reached the echo server' packets 'udp.dstport == 9000' 1
    seen 'the sender it names' ip.src 'udp.dstport == 9000' "$forged"
    seen 'where the answer went' ip.dst 'udp.srcport == 9000' "$forged"
    seen "the answer says \"ground $word\"" packets "udp.srcport == 9000 and udp contains \"ground $word\"" 1
}
hint 'Ask the guard: loopcraft send --recipe FILE says what it refuses, one thing at a time.'
hint 'Two addresses are wrong, each in a way that you have met in this lab. Neither needs to be a stranger or in disguise.'
exercise recipe.txt check_recipe "A recipe is a text file with a packet in it, in words. The guard refuses this one, twice. Change it until the datagram goes to 127.0.0.1, names $forged as its sender, and the echo comes back."

finish "icmp or udp.port == 9000 or tcp.port == 8080"
