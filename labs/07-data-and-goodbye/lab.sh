#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 7 core 15 'Data and goodbye' 'A web page asked for by hand, the two goodbyes, who remembers them, and a program that sleeps.'
mine=$(pick mine 62000 62900)    # ports of the client
by_hand=$((mine + 9))            # one of them for the exercise, where packets are made by hand
first=$(pick first 1000 900000)  # where your numbers begin
page=$(pick page 100 999)        # what the server's page says

cd "$scratch" || exit 4
mkdir -p site
echo "The number of the day is $page." > site/index.html
cp "$here/get.py" .
serve web 80 python3 "$here/web.py" 80 site
web=$(server web)
firewall "tcp dport $by_hand drop" # the trick of lab 6
request='GET / HTTP/1.0\r\n\r\n' # 18 bytes

step 'A question by hand'
say 'A web server listens on port 80. It is a real one, of Python. A browser would ask it in text, and so do you: GET, what you want, the version, and an empty line.' \
    "\\r\\n is the end of a line, two bytes. The whole request has 18 bytes. Your SYN has the number $first; the first byte of the request has the number $((first + 1))."
predict 'The server acknowledges your request. Which ack_raw will that packet have?' tcp.ack_raw 'tcp.srcport == 80 and tcp.flags.syn == 0' $((first + 19)) \
    '1 for the SYN, 18 for the bytes: the number of the byte that it expects next.'
hint 'Each byte takes a number. How many did you send?'
hint "The last of the 18 bytes has the number $((first + 18)). An ACK names the next one."
run "loopcraft -q handshake 80 tcp.seq_raw=$first --data '$request' -w talk.pcapng"
[ -n "$skipping" ] || answer=$(truth frame.number 'tcp.srcport == 80 and tcp.len > 0')
say 'The answer came in the same way: bytes with numbers, and your acknowledgement. Let us read the first packet of it.'
run "loopcraft dump talk.pcapng --packet ${answer:-1}"
expect 'Text, and readable by everybody on the way: HTTP is not encrypted.' output '(HTTP/1\.1 200 OK)' 'HTTP/1.1 200 OK'

step 'Two goodbyes'
say 'A FIN says: I have no more to say. It closes one direction only, so there are two of them. Each takes one number, as a SYN does, and each is acknowledged.'
run "loopcraft -q handshake 80 tcp.seq_raw=$first --data '$request'"
expect 'The server has nothing to add to its page, and says goodbye first.' tcp.srcport 'tcp.flags.fin == 1' 80
[ -n "$skipping" ] || fin=$(truth tcp.seq_raw 'tcp.srcport == 80 and tcp.flags.fin == 1') bytes=$(truth tcp.len 'tcp.srcport == 80 and tcp.flags.fin == 1')
expect "Its FIN takes the number $(((${fin:-0} + ${bytes:-0}) & 0xffffffff)); you acknowledge the next one." packets "tcp.dstport == 80 and tcp.ack_raw == $(((${fin:-0} + ${bytes:-0} + 1) & 0xffffffff))" '>0'
expect 'Then your own FIN: it takes the number behind your request.' tcp.seq_raw 'tcp.dstport == 80 and tcp.flags.fin == 1' $((first + 19))
expect 'And the last word is the acknowledgement of that.' tcp.ack_raw "tcp.srcport == 80 and tcp.ack_raw == $((first + 20))" $((first + 20))
say 'Read the states at both edges of the ladder: who has said goodbye and waits (FIN-WAIT), and who has heard one and has not answered yet (CLOSE-WAIT).'

step 'Who closes first'
say 'The last ACK can get lost. Then the other end sends its FIN again, and somebody must still be there to answer. So one end keeps the connection in mind for a minute: TIME-WAIT.' \
    "A program, get.py, asks for the page from port $mine. It waits until the server has closed. Then we ask the kernel which sockets are in TIME-WAIT."
predict "One socket is left. Which will be its Local port: 80 (the server's) or $mine (the client's)?" output "(80|$mine) 127\.0\.0\.1:(80|$mine) *$" 80 \
    'Who closes first sends the last ACK, and has to keep it in mind. Here that is the server.'
hint 'Which end sends the last ACK: the one that said goodbye first, or the other?'
hint 'The ladder before: beside which end does TIME-WAIT stand?'
run "python3 get.py $mine 1.0; ss -tan state time-wait '( sport = :$mine or dport = :$mine )'"
expect 'The first FIN came from the server.' tcp.srcport 'tcp.flags.fin == 1' 80
expect 'And there were two of them.' packets 'tcp.flags.fin == 1' 2
say 'A busy server that closes first has thousands of such sockets. They are no fault.'

step 'The other way round'
say "Now HTTP/1.1, from port $((mine + 1)). There the server keeps the connection open, for the next question. The client has its page, and closes first."
predict "Which will be the Local port of the socket in TIME-WAIT: 80 or $((mine + 1))?" output "(80|$((mine + 1))) 127\.0\.0\.1:(80|$((mine + 1))) *$" $((mine + 1)) \
    'It is not a matter of client and server: whoever closes first, keeps it.'
hint 'Who sends the first FIN this time?'
hint 'Who closes first sends the last ACK.'
run "python3 get.py $((mine + 1)) 1.1; ss -tan state time-wait '( sport = :$((mine + 1)) or dport = :$((mine + 1)) )'"
expect 'The first FIN came from the client.' tcp.srcport 'tcp.flags.fin == 1' $((mine + 1))
say "And by hand? You connect from port $((mine + 2)), ask nothing, and close first."
run "loopcraft -q handshake 80 tcp.srcport=$((mine + 2)); ss -tan state time-wait '( sport = :$((mine + 2)) or dport = :$((mine + 2)) )'"
expect 'You closed first, and should keep TIME-WAIT.' tcp.srcport 'tcp.flags.fin == 1' $((mine + 2))
expect 'But no socket has it.' output '(127\.0\.0\.1:80 *$)' '!127.0.0.1:80'
ask 'You closed first, by hand, and no socket is in TIME-WAIT. Where did it go?'

step 'A reset is no goodbye'
say "A connection can also be cut off. From port $((mine + 3)) you send half a request. Then a RST: no FIN, no acknowledgement, no waiting."
run "loopcraft -q handshake 80 tcp.srcport=$((mine + 3)) --data 'GET / HT' --close rst; ss -tan '( sport = :$((mine + 3)) or dport = :$((mine + 3)) )'"
expect 'There was no FIN in any direction.' packets "tcp.flags.fin == 1 and (tcp.srcport == $((mine + 3)) or tcp.dstport == $((mine + 3)))" 0
expect 'The last packet is the RST. Nobody answers a reset.' packets "tcp.srcport == 80 and tcp.dstport == $((mine + 3)) and tcp.flags.reset == 1" 0
expect 'Nobody waits: the connection is gone from the table.' output '(127\.0\.0\.1:80 *$)' '!127.0.0.1:80'
say 'What did the program get to know? The server was reading, and keeps a log.'
run 'until grep -o "ConnectionResetError.*" web.log; do sleep 0.1; done'
expect 'After a FIN, reading ends. After a RST, it fails.' output '(Connection reset by peer)' 'Connection reset by peer'

step 'The program sleeps'
say 'Who shakes hands: the program, or its kernel? We put the server to sleep. SIGSTOP is a signal that halts a program until SIGCONT wakes it.'
run "kill -STOP $web; until grep stopped /proc/$web/status; do sleep 0.1; done"
expect 'It does nothing any more, not one instruction.' output '(stopped)' stopped
say 'Now a client calls connect().'
predict 'Which flags will the answer have? Say none if nothing comes.' tcp.flags 'tcp.srcport == 80' SYN,ACK \
    'The kernel shakes hands, not the program. A program only fetches the connections that are ready.'
hint 'A web server is a program that reads requests. Is there a line in it that sends a SYN-ACK?'
hint 'Which part of the machine is still awake?'
run 'loopcraft -q connect 80'
expect 'connect() succeeds.' state 80/tcp open
say 'Even data is taken. This line opens a connection (3), sends the request, looks at the server'"'"'s sockets, wakes the server, and prints what comes.'
run "exec 3<>/dev/tcp/127.0.0.1/80; printf '$request' >&3; sleep 0.1; ss -tn 'sport = :80'; kill -CONT $web; cat <&3"
expect 'ESTABLISHED, while the program slept. Recv-Q: 18 bytes lie in the queue for it.' output '(ESTAB 18)' 'ESTAB 18'
[ -n "$skipping" ] || syn=$(truth tcp.seq_raw 'tcp.dstport == 80 and tcp.flags == 0x02')
expect 'Its kernel had acknowledged them all. An ACK means: arrived. It does not mean: read.' packets "tcp.srcport == 80 and tcp.len == 0 and tcp.ack_raw == $(((${syn:-0} + 19) & 0xffffffff))" '>0'
expect 'Awake, the program reads its queue, and answers as if nothing had been.' output "(The number of the day is $page)" "The number of the day is $page"
say 'So an open port does not tell you that the program behind it is well.'

step 'Your goodbye'
check_goodbye() { # FILE
    local theirs fin seq=$((first + 19))
    try "loopcraft -q send tcp srcport=$by_hand dstport=80 flags=SYN tcp.seq_raw=$first"
    theirs=$(truth tcp.seq_raw "tcp.dstport == $by_hand and tcp.flags == 0x12")
    try "loopcraft -q send tcp srcport=$by_hand dstport=80 flags=ACK tcp.seq_raw=$((first + 1)) tcp.ack_raw=$((${theirs:-0} + 1)) 'data=$request'"
    fin=$(truth tcp.seq_raw "tcp.dstport == $by_hand and tcp.flags.fin == 1")
    fin=$(((${fin:-0} + $(truth tcp.len "tcp.dstport == $by_hand and tcp.flags.fin == 1")) & 0xffffffff))
    try "PORT=$by_hand SEQ=$seq FIN=$fin bash $1; ss -tan 'sport = :80 and dport = :$by_hand'"
    seen 'flags of your first packet' tcp.flags "tcp.srcport == $by_hand" ACK
    seen "its ack_raw: behind the server's FIN" tcp.ack_raw "tcp.srcport == $by_hand" $(((fin + 1) & 0xffffffff))
    seen 'flags of your goodbye' tcp.flags "tcp.srcport == $by_hand and tcp.flags != 0x10" FIN,ACK
    seen 'its seq_raw: your next number' tcp.seq_raw "tcp.srcport == $by_hand and tcp.flags != 0x10" "$seq"
    seen "the server's last word acknowledges your FIN" packets "tcp.dstport == $by_hand and tcp.flags == 0x10 and tcp.ack_raw == $((seq + 1))" 1
    seen "the server's socket" output '(TIME-WAIT|FIN-WAIT-1|FIN-WAIT-2|CLOSING)' TIME-WAIT
    try "loopcraft -q send tcp srcport=$by_hand dstport=80 flags=RST tcp.seq_raw=$((seq + 1))"
}
hint 'Two packets: an ACK that takes in the server'"'"'s FIN, and a FIN of your own. What number does a FIN take?'
hint "Your goodbye should have the flags FIN,ACK. \$((FIN + 2)) is how a shell adds 2."
exercise goodbye.sh check_goodbye 'You asked by hand. The server has answered, and said goodbye. Change the script so that you answer it in order, and the server comes to rest in TIME-WAIT.'

finish 'tcp.port == 80'
