#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 3 core 15 'Ports and sockets' 'Who owns a port, how one port serves many, and why its number proves nothing.'
needs curl curl
unset http_proxy all_proxy ALL_PROXY # curl is to ask the server itself
mine=$(pick mine 20000 29999) # a port of the student's own
own=$(pick own 62000 62999)   # and one to call from
password=blue$(pick password 1000 9999)
programs=$(printf '%q' "$here")
file=$(printf '%q' "$home/$folder/login.pcapng")
file=${file/#"$HOME/"/\~/} # as one would type it
page=$scratch/page # an empty folder, for the web servers to show
mkdir "$page"

step 'A port lives as long as its program'
say 'One machine runs many programs. A port is a number, from 0 to 65535, that says which of them a packet is for. A program asks the kernel for one, and then listens there.' \
    "Port $mine is yours: a web server has asked for it. ss shows the kernel's table of sockets; a socket is one program's end of a talk, or of one that may come."
serve mine "$mine" python3 -m http.server "$mine" --bind 127.0.0.1 --directory "$page"
run "ss -tlnp 'sport = :$mine'"
expect 'The socket belongs to a process, by its number.' output 'LISTEN.*pid=([0-9]+)' "$(server mine)"
run "loopcraft -q syn $mine --expect open"
say 'Now that process is killed. Nobody has closed the port.'
run "kill $(server mine)"
stop mine
run "loopcraft -q syn $mine --expect closed"
expect 'The port closed by itself: the kernel takes back what a process had. Now the kernel answers with a reset.' tcp.flags "tcp.srcport == $mine" RST,ACK

step 'tcp/53 is not udp/53'
serve udp53 udp/53 python3 "$here/yes.py" 53
say 'TCP and UDP are two protocols, and each has its own 65,536 ports. A server listens on UDP port 53.'
run "loopcraft -q udp 53 | sed -n '/PORT/,\$p'"
expect 'It answers.' state 53/udp 'open'
predict 'You send a TCP SYN to port 53. In which state is it: open or closed?' state 53/tcp closed \
    'The number is the same, the port is another one. At TCP port 53 nobody listens.'
hint 'The packet says "TCP" one layer below the port: the kernel reads that first.'
hint 'Look for the socket that would have to answer.'
run "ss -tuln 'sport = :53'; loopcraft -q syn 53"
say 'So the number is free there. Another program takes it: a web server, on TCP port 53.'
serve tcp53 53 python3 -m http.server 53 --bind 127.0.0.1 --directory "$page"
run "ss -tulnp 'sport = :53'; loopcraft -q syn 53 --expect open"
expect 'Two programs, two sockets, one number, and no quarrel.' output 'udp UNCONN.*(tcp LISTEN)' 'tcp LISTEN'
stop udp53
stop tcp53

step 'One port, two callers'
say 'A web server listens on port 8080. Two clients connect to it at the same time, and both stay connected.' \
    'We ask the kernel for all sockets whose own port is 8080. The clients'"'"' own ends have other numbers, and do not count.'
predict 'How many sockets will have port 8080 as their own?' output '([0-9]+) sockets have port' 3 \
    'One listens, and goes on listening. Each caller gets a socket for itself, with the same port 8080: no connection moves to a new port.'
hint 'Can the server take a third caller while it talks to two?'
hint 'Count the one that waits, and those that talk. Does a talk need a new port?'
run "python3 $programs/callers.py"
expect 'The listener has no partner: its peer is 0.0.0.0:*.' output 'LISTEN [0-9]+ [0-9]+ (127.0.0.1:8080 0.0.0.0:\*)' '127.0.0.1:8080 0.0.0.0:*'
expect 'Two connections, both at 127.0.0.1:8080.' output '(ESTAB) 0 0 127.0.0.1:8080 127.0.0.1:[0-9]+ ESTAB 0 0 127.0.0.1:8080' ESTAB
expect 'On the wire the same: two SYNs came to 8080.' packets 'tcp.flags == 0x02 and tcp.dstport == 8080' 2
expect 'Both were answered from 8080.' packets 'tcp.flags == 0x12 and tcp.srcport == 8080' 2
expect 'No packet of the server came from another port.' packets 'tcp and not tcp.port == 8080' 0
say 'How does the kernel know for whom a packet is? By four numbers: source address and port, destination address and port. Three of them are the same for both clients here, and the fourth, the client'"'"'s port, differs. That is enough.'

step 'Three classes of ports'
serve mine "$mine" python3 -m http.server "$mine" --bind 127.0.0.1 --directory "$page"
say 'Who gets which number? Some are agreed on, so that clients know where to knock.'
run "loopcraft explain 443 $mine 50000"
expect 'Below 1024: well-known, for services that all agree on. To listen there takes a privilege; in the sandbox you have it.' output '443/tcp.*(system port \(0 to 1023\))' 'system port (0 to 1023)'
expect 'Up to 49151: registered. Anybody may listen there.' output "$mine/tcp.*(user port \(1024 to 49151\))" 'user port (1024 to 49151)'
expect 'Above: dynamic. Never registered, for short use.' output '50000/tcp.*(dynamic port \(49152 to 65535\))' 'dynamic port (49152 to 65535)'
say 'A client needs a port too, or no answer would find it. Most do not mind which: the kernel lends one, from a range of its own. Here the shell makes two connections to your server.'
run "cat /proc/sys/net/ipv4/ip_local_port_range; exec 3<> /dev/tcp/127.0.0.1/$mine 4<> /dev/tcp/127.0.0.1/$mine; ss -tn 'dport = :$mine'"
expect 'The range reaches from 32768 to 60999, more than half of it in the registered class: Linux does not go by that list.' output '(32768.60999)' $'32768\t60999'
expect 'Both were lent a port from it.' packets "tcp.flags == 0x02 and tcp.dstport == $mine and tcp.srcport >= 32768 and tcp.srcport <= 60999" 2

step 'Who is on port 22?'
serve login 22 python3 "$here/login.py" 22
say 'A program listens on port 22. What it is, nobody has told you. This is what the list of services says:'
run 'loopcraft explain 22'
expect 'The list says ssh, which is encrypted.' output '22/tcp (ssh)' ssh
say 'You connect, and say something that belongs to neither: "who is there?". The first line of what comes back begins with the name of a protocol.'
predict 'Which one will it be, SSH or HTTP?' output '(SSH|HTTP)' HTTP \
    'Somebody started a web server on port 22. The list tells what usually is there. It gives no port to anybody, and forbids none.'
hint 'Who wrote the list, and who started the program?'
hint 'Could the kernel tell one program from the other, when it asks for the port?'
run "exec 3<> /dev/tcp/127.0.0.1/22; echo 'who is there?' >&3; head -n 1 <&3"
expect 'That stands in a packet from port 22.' tcp.srcport 'tcp contains "HTTP/1.0 400"' 22

step 'A password on the way'
say "It is a web server with a login page. Ann logs in; her password is $password. The port is ssh's, and ssh is encrypted."
predict 'In how many packets can somebody on the way read the password?' packets "tcp contains \"$password\"" 1 \
    'It travels once, as it is. A port encrypts nothing: a program does, or does not.'
hint 'How often does she have to send it?'
hint 'Ask yourself what would have to encrypt it, and whether that is here.'
run "curl -sS -i -d 'user=ann&password=$password' http://127.0.0.1:22/login"
[ -n "$skipping" ] || cp "$capture" "$home/$folder/login.pcapng"
say 'This is the packet, from its data on. Read it as anybody could who carries it.'
run "loopcraft dump $file -Y 'tcp contains \"$password\"' | sed -n '/Application/,\$p'"
expect 'There it stands, in plain text.' output "password=($password)" "$password"
if command -v tshark > /dev/null; then
    say 'Programs that watch go by the number as well. What does Wireshark make of this packet? (tshark is Wireshark without a window.)'
    run "tshark -r $file -Y 'tcp contains \"$password\"'"
    say 'If that says "SSH" and "encrypted": it guessed, from the port. In Wireshark the remedy is a right click, Decode As, HTTP.'
fi
ask 'You find port 22 open on a machine. What do you know now, and what would you do to learn more?'
stop login

step 'Four numbers make a connection'
say 'Source address, source port, destination address, destination port: no two connections may have all four alike. How many have to differ, for it to be another connection?'
check_calls() { # FILE
    try "python3 $(printf '%q' "$1")"
    seen "calls from port $own to port 8080" packets "tcp.flags == 0x02 and tcp.srcport == $own and tcp.dstport == 8080" 2
    seen 'calls that were answered' packets "tcp.flags == 0x12 and tcp.srcport == 8080 and tcp.dstport == $own" 2
    seen 'what the program says' output '([0-9]+ calls stand|Error.*)' '2 calls stand'
}
hint 'Run it, and read the error: which of the two calls fails? Then look what they have in common.'
hint 'The ports are to stay, and the server listens at 127.0.0.1 alone. One of the four numbers is left. Lab 0 said how many addresses are this machine.'
exercise calls.py check_calls "This program calls port 8080 twice, both times from port $own, and the second call fails. Change one of the numbers, but no port, so that both calls stand at the same time."

finish "tcp.port == 22 or tcp.port == 8080 or udp.port == 53"
