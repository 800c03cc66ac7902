# Three pieces of a text. Lines that begin with # do not count. Given from outside:
#   $PORT  your port    $SEQ  the number of your first byte    $ACK  what you expect of the server
piece() { # NUMBER TEXT
    loopcraft -q send tcp srcport=$PORT dstport=@letters@ flags=PSH,ACK tcp.ack_raw=$ACK tcp.seq_raw=$1 data=$2
}

piece $((SEQ + 11)) @three@
piece $SEQ @one@
piece $((SEQ + 5)) @two@
