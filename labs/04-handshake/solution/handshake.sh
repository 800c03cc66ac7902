# A handshake by hand. Lines that begin with # do not count. $PORT is your port, given from outside.
loopcraft -q send tcp srcport=$PORT dstport=@mine@ flags=SYN tcp.seq_raw=@first@ -w answer.pcapng

# What the server said: the number in its SYN-ACK.
theirs=$(loopcraft dump answer.pcapng -Y 'tcp.flags == 0x12' --field tcp.seq_raw)

# The third packet.
loopcraft -q send tcp srcport=$PORT dstport=@mine@ flags=ACK tcp.seq_raw=$((@first@ + 1)) tcp.ack_raw=$((theirs + 1))
