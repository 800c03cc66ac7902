# The end of a connection. Lines that begin with # do not count. Given from outside:
#   $PORT  your port          $SEQ  your next number
#   $FIN   the number that the server's FIN took

# First: acknowledge the server's FIN.
loopcraft -q send tcp srcport=$PORT dstport=80 flags=ACK tcp.seq_raw=$SEQ tcp.ack_raw=$((FIN + 1))

# Then: say goodbye yourself.
loopcraft -q send tcp srcport=$PORT dstport=80 flags=FIN,ACK tcp.seq_raw=$SEQ tcp.ack_raw=$((FIN + 1))
