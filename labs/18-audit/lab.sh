#!/bin/bash
# shellcheck source=labs/lib/lab.sh
. "${BASH_SOURCE%/*}/../lib/lab.sh"

title 18 deeper 15 'Audit' 'What is open here, who listens, is it encrypted, should it be: the sandbox first, then your machine.'
needs ncat ncat
shut=$(pick shut 20000 22999) wide=$(pick wide 23000 25999)  # two web servers
mine=$(pick mine 26000 29999) names=(465 636 993 995 8443) # the exercise's: a web server; a port where TLS is usual
other=${names[$(pick other 0 4)]}
page=$home/$folder/audit.md
[ -n "$interactive" ] || page=$scratch/audit.md

step 'What is open?'
say 'An audit asks four things of each port: is it open, who listens, is it encrypted, should it be open?' \
    'You begin in the sandbox, where you know the answers. Port 8080 is open, 8081 is closed, and a firewall answers for 8083 and 8084.' \
    'The audit has three witnesses: the kernel, which has a table of all sockets; a SYN made by hand; and an ordinary connect().'
predict 'On how many of these four ports does the audit find a program?' output '([0-9]+) ports? in use' 1 \
    'A firewall answers for ports that nobody uses, too. Only the table of sockets shows whether anybody is behind it.'
hint 'What a port answers and who sits behind it are two things. Ask the table of sockets, not the port.'
hint 'A firewall can answer in the name of a program. Can it also stand there when there is none?'
run 'loopcraft -4 audit 8080,8081,8083,8084'
expect 'Three witnesses agree on 8080: a socket, a SYN-ACK, and a connection.' output 'open by hand \(syn-ack\), connect\(\) connected' 'open by hand (syn-ack), connect() connected'
expect 'And who listens? The kernel knows which process holds the socket.' output 'who +([a-z]+), process' loopcraft

step 'Bound to what?'
serve shut "$shut" python3 -m http.server "$shut" --bind 127.0.0.1
serve wide "$wide" python3 -m http.server "$wide"
firewall "tcp dport $shut reject with tcp reset"
say "Two web servers were started: one on port $shut with --bind 127.0.0.1, one on port $wide with no such word. A firewall answers for port $shut, with a reset."
predict "What is the server on $wide bound to: \"loopback\" or \"every interface\"?" output " $wide/tcp[^/]* open +(loopback|every interface|one address)" 'every interface' \
    'Who does not say where to listen, listens everywhere: on the Wi-Fi of a cafe, too.'
hint 'Nobody told it an address. What would be handy for most users of a server?'
hint 'A server is there to be reached. From where, if nobody says?'
run "loopcraft -4 audit $shut,$wide"
expect 'The other one asked for loopback alone.' output " $shut/tcp[^/]* (loopback)" loopback
expect 'There the witnesses differ: it listens, and a reset comes back. From outside it looks closed.' output '(a firewall refuses in its name)' 'a firewall refuses in its name'
say '"Bound to" is what a program asked for. It does not say who can reach it: firewalls and routers decide that, and from this machine you can not see it.'
stop shut
stop wide
firewall none

step 'Encrypted?'
serve vault 443 python3 "$here/vault.py" 443
say 'Port 443 is for HTTPS. Here a small program of its own listens there: it waits for a name and a password, and says nothing before.' \
    'The audit tries to see: it waits for a greeting, and then says hello in TLS, the encryption of HTTPS.'
predict 'What does it say of port 443: "encrypted, seen", "encrypted, usual" or "plaintext, seen"?' \
    output ' 443/tcp +https +open[a-z ]+ ((encrypted|plaintext), (seen|usual))' 'encrypted, usual' \
    'It saw nothing, so it tells what is usual on that port. Usual is a guess by number, and this guess is wrong.'
hint 'The program is silent. What can the audit have seen?'
hint 'What was seen is a fact. What is left, when nothing was?'
run 'loopcraft -4 audit 443'
expect 'Its hello in TLS got no answer.' packets 'tcp.srcport == 443 and tcp.len > 0' 0
run 'echo "ada lovelace" | ncat 127.0.0.1 443'
expect 'The password crossed the wire as it was typed.' packets 'tcp.dstport == 443 and tcp contains "lovelace"' 1
stop vault

step 'Who listens?'
serve ssh 22 ncat -4 -lk 127.0.0.1 22 --sh-exec 'echo SSH-2.0-OpenSSH_9.2; cat'
say 'Something on port 22 greets everybody with "SSH-2.0-OpenSSH_9.2", as a real SSH server does. It is none: this lab started ncat there, a tool that says what it is told to.'
predict 'Now the audit gets a greeting. What does it say: "encrypted, seen", "encrypted, usual" or "plaintext, seen"?' \
    output ' 22/tcp +ssh[^/]* ((encrypted|plaintext), (seen|usual))' 'encrypted, seen' \
    'It believed the greeting. But a greeting is text that anybody can send: it shows what a server says, not what it is.'
hint 'The greeting is the very one of a program that encrypts.'
hint 'The audit heard something this time, and what it heard sounds like SSH.'
run 'loopcraft -4 audit 22'
expect 'The kernel was not fooled: it names the program that holds the port.' output 'who +(ncat), process' ncat
expect 'So the port is reported as odd.' output ' 22/tcp.* odd +(Its program makes a server of anything)' 'Its program makes a server of anything'
say 'Port number, greeting, process: each may lie in its own way. A program can even take another name. That is why an audit has several witnesses, and a person who judges.'
stop ssh

step 'Put it right'
check_servers() { # FILE
    try "set -m; bash '$1' > /dev/null 2>&1 & for i in {1..100}; do
        [ \"\$(ss -Hltn 'sport = :$mine or sport = :$other' | wc -l)\" -ge 2 ] && break; sleep 0.05; done
        loopcraft -4 audit $mine,$other; kill -- -\$!"
    seen "$mine: bound to" output " $mine/tcp[^/]* open +(loopback|every interface|one address)" loopback
    seen "$other: bound to" output " $other/tcp[^/]* open +(loopback|every interface|one address)" loopback
    seen "$other: encryption" output " $other/tcp[^/]* (encrypted, seen|plaintext, seen|unknown)" 'encrypted, seen'
    seen 'both answer' output '([0-9]+) ports? in use' 2
}
hint 'Step 2 had a web server that asked for loopback alone: by which word?'
hint "ncat takes an address before the port. The word that makes it speak TLS stands in \`ncat --help\`, under SSL, as TLS was called once."
exercise start.sh check_servers "The script in the file starts two servers, bound to every interface. Change it: both on loopback alone, and the one on port $other in TLS."

step 'Your own machine'
say "Now your machine. This lab can't look: it is in a sandbox, and nothing leads out of it. Not even with a request for the host."
run 'loopcraft audit --host' 4
expect 'Refused: a sandbox that you could leave by a word would be none.' output "(can't be reached from inside the sandbox)" "can't be reached from inside the sandbox"
# shellcheck disable=SC2034 # they stand as @name@ in the exercise's files
program=$LOOPCRAFT machine=$(hostname) today=$(date +%F)
check_page() { # FILE
    local ports
    looked=$scratch/nothing try "tr -d '\\\\' < '$1'; echo; echo \"rows \$(ports_of '$1' | wc -l)\""
    ports=$(truth output 'Outcome: ([0-9]+|[Nn]o) ports? in use')
    seen 'whose ports' output '# Ports of ([^ ]+)' "$machine"
    seen 'made on' output '- When: ([0-9-]+)' "$today"
    seen 'where' output '- Where: (host|sandbox)' host
    seen 'ports in its table' output 'rows ([0-9]+)' "${ports:-as many as it counted}"
}
ports_of() { # PAGE: each port in use, once
    grep -oE '^\| [0-9]+/(tcp|udp) ' "$1" 2>/dev/null | tr -d '| ' | sort -u -t/ -k1,1n -k2
}
export -f ports_of
hint 'Open a second terminal, outside of this lab. The line to type stands in the file, too.'
hint 'It needs no root. Without it some things are left out, such as UDP; the page says which. With sudo in front there is more.'
say 'So you ask it yourself, in a second terminal. No root is needed: ordinary connections are made, to loopback alone, and the table of sockets is read. What is left out without root, the page says: UDP, for one. In the second terminal type:'
[ -n "$skipping" ] || printf '    %s\n\n' "$LOOPCRAFT audit --report '$page'" # in one piece, to be copied
exercise audit.md check_page 'Make the page of your own machine by the line above, then press Enter here. (Read it in a terminal or an editor: what is open, who listens, encrypted or not?)'

step 'Your report'
# shellcheck disable=SC2034 # it stands as @lines@ in the exercise's file
lines=$(ports_of "$page" | sed 's/$/: /')
check_judgement() { # FILE
    local port ports
    mapfile -t ports < <(ports_of "$page")
    # shellcheck disable=SC2016 # for awk
    looked=$scratch/nothing try "grep -q '^# Ports of' '$page' && echo 'page there' || echo 'page missing'
        awk '/^ *#/ { next } \$1 ~ /^[0-9]+\\/(tcp|udp):\$/ {
            print \$1, \$2 !~ /^(yes|no|ask)[,.:;]?\$/ ? \"neither yes, no nor ask\" : NF < 5 ? \"no reason\" : \"judged\" }' '$1'"
    seen 'the page of the audit' output 'page ([a-z]+)' there
    for port in ${ports[@]+"${ports[@]}"}; do
        seen "$port" output " $port: (judged|no reason|neither yes, no nor ask)" judged
    done
}
say 'A page of facts is no audit yet. Somebody has to say of each port whether it is right that it is open.'
hint 'Does anybody use it? From where? The page says which program it is, and what it is bound to.'
hint 'What you do not know is an "ask", and that is a judgement as well. The form: 22/tcp: yes, and why, in three words at least.'
exercise judgement.md check_judgement 'Write behind each port yes, no or ask (you would have to ask somebody), and why, in three words at least.'
say 'Last, what all of it rests on. Look once more at how a connection begins.'
run 'loopcraft -q handshake 8080'
expect 'You asked,' packets 'tcp.dstport == 8080 and tcp.flags == 0x002' '>0'
expect 'the server agreed and asked back,' packets 'tcp.srcport == 8080 and tcp.flags == 0x012' '>0'
expect 'you agreed, and both knew that the other one hears.' packets 'tcp.dstport == 8080 and tcp.flags == 0x010' '>0'
typed=''
ask 'Explain the handshake to somebody who has never heard of it, in your own words: what is in each of the three packets, and why are two not enough?'
report=${page%/*}/report.md
if [ -z "$skipping" ] && grep -q '^# Ports of' "$page"; then
    {
        cat "$page"
        printf '\n## Should they be open?\n\n'
        grep -v '^ *#' "${page%/*}/judgement.md"
        printf '\n## The handshake, in my own words\n\n%s\n' "${typed:-(nothing yet)}"
    } > "$report"
fi
if [ -n "$skipping" ] || [ -e "$report" ]; then
    say "Your report to hand in: the page of the audit, your judgement, and the handshake, in $report"
    run "grep '^#' '$report'"
    expect 'It begins with the facts,' output '(Ports, the worst first)' 'Ports, the worst first'
    expect 'and ends with your words.' output '(The handshake, in my own words)' 'The handshake, in my own words'
else
    say "There is no report yet: it is made of the audit's page, and you have put that off. \`loopcraft lab 18 --watch\` comes back to the exercises; then run this step again."
fi

finish 'tcp.flags.syn == 1 and tcp.port in {22, 443, 8080..8084}'
