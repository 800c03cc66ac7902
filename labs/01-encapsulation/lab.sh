#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 1 core 15 'Encapsulation' 'One datagram that says hello, unwrapped layer by layer, down to the word.'
more=$(pick more 2 9)
word=hello$(head -c "$more" <<< 'ooooooooo') # its length is the student's own
size=${#word}
file=$(printf '%q' "$home/$folder/hello.pcapng")
file=${file/#"$HOME/"/\~/} # as one would type it
long=$(pick long 800 1400)
lengths=$((42 + size))$'\t'$((28 + size))$'\t'$((8 + size))
secret=$(pick secret 100 999)
boxes="loopcraft dump $file --packet 1 --view boxes"

step 'Down through the layers'
say "You want to send a word: $word, $size bytes. A network carries no words. It carries frames, and a frame has more in it." \
    'A letter goes into an envelope, envelopes into a sack, the sack onto a lorry. Here: the word goes into a UDP datagram (its header: 8 bytes), that into an IP packet (20 bytes more), that into an Ethernet frame (14 more). A header is what a layer writes in front, for its own use.'
predict "Your word has $size bytes. How many bytes will cross the network to carry it?" frame.len 'udp.dstport == 9000' $((42 + size)) \
    "Three headers stand in front of it: 14 + 20 + 8 = 42 bytes. With the word: 42 + $size."
hint 'Nothing is taken away: each layer puts its header in front of what it got.'
hint 'Add up the three headers, and do not forget the word itself.'
run "loopcraft send udp dstport=9000 data=$word --view brief -w $file"
expect 'Port 9000 echoes: the same number of bytes came back.' frame.len 'udp.srcport == 9000' $((42 + size))
expect 'The word is in both.' packets "udp contains \"$word\"" 2

step 'Link: the frame'
say 'Now we unwrap what was sent, from the outside. The outermost header belongs to the link layer, the one that knows cables and cards. Its number is 2.' \
    'The scale on top counts bits: 32 in a line, 8 of them are a byte.'
run "$boxes | sed -n '/Link (2)/,/Internet (3)/p'"
say 'Two hardware addresses: to which card, from which card. On lo there is no card, so they are zero. Then two bytes, the type: they say what is inside.'
run "loopcraft dump $file --packet 1 --field eth.dst,eth.src,eth.type"
expect 'Type 0x0800 means: an IPv4 packet follows.' output '(0x[0-9a-f]+) ?$' 0x0800

step 'Internet: the packet'
say 'We throw the 14 bytes away. What is left is a packet of the internet layer, number 3. It knows addresses of machines, and the way between them.' \
    'The packet has a field "total length".'
predict "The whole frame has $((42 + size)) bytes. Which number stands in the packet's total length?" output 'Total length: ([0-9]+)' $((28 + size)) \
    "A packet counts itself, its header and what is inside: 20 + 8 + $size. Of the frame around it, it knows nothing: the next cable may use another."
hint 'Each layer knows what it carries. Does it know by what it is carried?'
hint 'The frame, without the header of the frame.'
run "$boxes | sed -n '/Internet (3)/,/Transport (4)/p'"
expect 'Again a field that says what is inside: protocol 17 is UDP.' output '(17 UDP)' '17 UDP'

step 'Transport: the datagram. Application: the word'
say 'Away with these 20 bytes as well. The transport layer, number 4, knows programs: each has a number on its machine, a port. UDP needs only 8 bytes.' \
    'What is left then is the word. It belongs to the application layer, number 7.'
run "$boxes | sed -n '/Transport (4)/,\$p'"
expect "UDP's length: its 8 bytes and your word." output 'Length: ([0-9]+)' $((8 + size))
expect 'And the third that says for whom the inside is: port 9000.' output 'Destination port: ([0-9]+)' 9000
say 'Nothing else was in the frame. Each layer reads its own header, and does not look at what it carries. That is why your word can travel by cable, by Wi-Fi, or by lo.'

step 'The same bytes, all at once'
say 'This is the same packet once more: each byte with its place (0000 is the first), its value, its name, and what it means. A box inside a box is a layer inside a layer.' \
    'Each layer has its own word for its unit: frame, packet, datagram (TCP says segment), message.'
run "loopcraft dump $file --packet 1"
expect 'Link is layer 2; its unit is the frame.' output 'Link \(2\) [^ ]+ (frame)' frame
expect 'Internet is layer 3: the packet.' output 'Internet \(3\) [^ ]+ (packet)' packet
expect 'Transport is layer 4: with UDP, the datagram.' output 'Transport \(4\) [^ ]+ (datagram)' datagram
expect 'Application is layer 7: the message.' output 'Application \(7\) [^ ]+ (message)' message
expect 'Your word begins at byte 42 (2a in hexadecimal), behind the three headers.' output '(002a) 68 65 6c 6c 6f' 002a
say 'The numbers come from the OSI model, which has seven layers. The internet is built in four: of OSI'"'"'s, number 1 is the cable itself, and 5 and 6 have no header of their own here. The numbers stayed: "layer 4" means transport.'

step 'What it costs'
say 'Headers are overhead: bytes that travel and are not your message. A short message pays as much as a long one. Here is your word, then a message of '"$long zeros."
run "loopcraft send udp dstport=9000 data=$word -w - | loopcraft dump - --packet 1 --field frame.len,ip.len,udp.length
loopcraft send udp dstport=9002 data=\$(printf %0${long}d 0) --wait 0.1 -w - | loopcraft dump - --field frame.len,ip.len,udp.length"
expect "Of the first frame's $((42 + size)) bytes 42 are headers: $((4200 / (42 + size))) percent." frame.len 'udp.dstport == 9000' $((42 + size))
expect "Of the second's $((42 + long)) bytes it is 42 as well: $((4200 / (42 + long))) percent." frame.len 'udp.dstport == 9002' $((42 + long))
say 'Over IPv6 the packet has a header of 40 bytes in place of 20. Only that layer changes; those above and below need not know.'
run "loopcraft -6 send udp dstport=9000 data=$word -w - | loopcraft dump - --packet 1 --field frame.len,udp.length"
expect "Your word now takes 62 bytes more: $((62 + size))." frame.len 'udp.dstport == 9000' $((62 + size))
say 'UDP sends the word at once. TCP, the other one of the transport layer, first asks whether anybody is there. Its packets have names like SYN and ACK; lab 4 is about them.'
predict 'Over TCP: which packet will carry your word? 1 is the first, whoever sends it.' frame.number "tcp contains \"$word\"" 4 \
    'SYN, SYN-ACK, ACK: three packets with headers only, and then the word. That is the price of a connection.'
hint 'It asks, gets an answer, and says that it got the answer.'
hint 'Each of these three is a packet of its own, and none has any of your data in it.'
run "loopcraft -q handshake 8080 --data $word --stop-after data"
expect 'The three before it carry nothing at all.' packets 'frame.number < 4 and tcp.len == 0' 3

step 'In Wireshark'
say "The packets of step 1 are kept for you in a file: $file" \
    'If you have Wireshark, open that file with it in another terminal. In the middle stand the layers; click on one, and its bytes light up below. All names of fields in loopcraft are Wireshark'"'"'s.'
if command -v tshark > /dev/null; then
    say 'tshark is Wireshark without a window. It reads the same layers in the same bytes:'
    run "tshark -r $file -c 1 -V | grep -e '^[A-Z]' -e ' Length: ' -e 'Total Length: '"
    expect 'The frame: the same number of bytes.' output 'Frame 1: ([0-9]+) bytes' $((42 + size))
    expect 'The packet: the same total length.' output 'Total Length: ([0-9]+)' $((28 + size))
    expect 'The datagram, and your word.' output ' Length: [0-9]+ .* Length: ([0-9]+) .*Data \([0-9]+ byte' $((8 + size))
else
    say 'Neither Wireshark nor tshark is installed here (sudo apt install wireshark): look at the file another time. These are the numbers to look for there:'
    run "loopcraft dump $file --packet 1 --field frame.len,ip.len,udp.length"
    expect 'The lengths of frame, packet and datagram: each is smaller than what it lies in.' output '.+' "$lengths "
fi
ask 'Explain to a friend, in two sentences, why a word of '"$size"' bytes needs '"$((42 + size))"' on the way.'

step 'Unwrap it yourself'
frame() { # what the last command sent, in hexadecimal
    "$LOOPCRAFT" dump "$capture" -Y 'udp.dstport == 9000' --json | sed -n 's/.*"bytes":"\([0-9a-f]*\)".*/\1/p' | head -n 1
}
check_peel() { # FILE
    try "loopcraft send udp dstport=9000 'data=secret $secret'"
    try "python3 $(printf '%q' "$1") $(frame)"
    seen 'unwrapped, an ordinary frame' output "(b'.*'|b\".*\"|Error.*)" "b'secret $secret'"
    try "loopcraft send udp dstport=9000 'data=the other is $((secret * 7))' ip.options=nop,nop,nop,nop"
    try "python3 $(printf '%q' "$1") $(frame)"
    seen 'unwrapped, a frame with 4 bytes more in its IPv4 header' output "(b'.*'|b\".*\"|Error.*)" "b'the other is $((secret * 7))'"
}
hint 'The sizes of two headers never change: you have seen both in the boxes.'
hint "The third size stands in its header's first byte, 0x45 as a rule. The 4 is the version. The 5 counts the header in pieces of 4 bytes. In Python, x & 15 is the right half of a byte."
exercise peel.py check_peel 'This little program gets a frame in hexadecimal, and is to print the message in it. It does not know yet how long the headers are. Teach it, also for a frame whose IPv4 header is longer than usual.'

finish 'udp.port == 9000'
