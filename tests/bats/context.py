#!/usr/bin/env python3
"""context.py: what the dump makes of a capture's conversations, held against tshark.

    tests/bats/context.py LOOPCRAFT CAPTURE...

For each packet: is it sent again, a keep-alive, after a gap (tcp.analysis.*), how large is its
scaled window (tcp.window_size), which packet does it answer (icmp.resp_to, dns.response_to). Prints
each difference that no named exception explains, and each exception that nothing needed.
Exit: 0 all well, 1 not.
"""
import json
import re
import subprocess
import sys

AGAIN = ('retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order')
FIELDS = ['frame.number', 'tcp.window_size', 'tcp.window_size_scalefactor', 'icmp.resp_to',
          'icmpv6.resp_to', 'dns.response_to',
          'tcp.analysis.keep_alive', 'tcp.analysis.lost_segment',
          'tcp.analysis.reused_ports', 'tcp.flags', 'tcp.seq_raw', 'tcp.stream', 'icmp.type',
          'ip.flags.mf', '_ws.malformed'] + ['tcp.analysis.' + name for name in AGAIN]


def tshark(path):
    """What tshark says, a dictionary a packet; the first of several values."""
    command = ['tshark', '-n', '-r', path, '-T', 'fields', '-E', 'occurrence=f', '-E', 'separator=/t',
               '-o', 'tcp.relative_sequence_numbers:FALSE', '-o', 'ip.defragment:FALSE',
               '-o', 'ipv6.defragment:FALSE', '-o', 'tcp.desegment_tcp_streams:FALSE']
    for name in FIELDS:
        command += ['-e', name]
    text = subprocess.run(command, check=True, text=True, capture_output=True).stdout
    return [dict(zip(FIELDS, line.split('\t'))) for line in text.splitlines()]


def dump(program, path):
    """What the dump says: the meanings by name, of the first row of each."""
    text = subprocess.run([program, 'dump', '--json', path], check=True, text=True,
                          capture_output=True).stdout
    packets = []
    for event in map(json.loads, text.splitlines()):
        if event['type'] != 'packet':
            continue
        means = {'note': event.get('note', '')}
        for layer in event['layers']:
            for field in layer['fields']:
                means.setdefault(field.get('name'), field.get('means', ''))
        packets.append(means)
    return packets


def ours(means):
    """The same things, read off the dump's words."""
    seq, window = means.get('tcp.seq_raw', ''), means.get('tcp.window_size_value', '')
    said = {}
    if re.match('(partly )?sent again|late, |the same SYN, now', seq):
        said['again'] = True
    if 'a keep-alive' in seq:
        said['keep_alive'] = True
    if ' before it are missing' in seq:
        said['gap'] = True
    scaled = re.search(r'= (\d+) bytes of room', window)
    if scaled:
        said['window'] = int(scaled.group(1))
    for name in ('icmp.seq', 'icmpv6.echo.sequence_number', 'dns.id'):
        answer = re.match(r'answers #(\d+)', means.get(name, ''))
        if answer:
            said['answers'] = int(answer.group(1))
    return said


def theirs(packet):
    said = {}
    if any(packet.get('tcp.analysis.' + name) for name in AGAIN):
        said['again'] = True
    if packet.get('tcp.analysis.keep_alive'):
        said['keep_alive'] = True
    if packet.get('tcp.analysis.lost_segment'):
        said['gap'] = True
    factor = packet.get('tcp.window_size_scalefactor')
    if factor and int(factor) > 1 and not int(packet['tcp.flags'], 16) & 6:
        said['window'] = int(packet['tcp.window_size'])
    for name in ('icmp.resp_to', 'icmpv6.resp_to', 'dns.response_to'):
        if packet.get(name):
            said['answers'] = int(packet[name])
    return said


# --- exceptions ------------------------------------------------------------------------------
#
# Where tshark (4.0) and the dump see it differently, and why. Each looks at the difference (what,
# ours, theirs), the packet and the capture before it; one that nothing needs is an error too.

class Seen:
    """What came before, of one capture."""

    def __init__(self):
        self.answered = set()  # questions that have had their answer
        self.far = set()  # streams with a number that no window reaches
        self.malformed = set()  # streams with a segment that can't be read


def no_handshake(what, mine, yours, packet, means, seen):
    """RFC 7323, 2.2: the scale counts when both SYNs offered it; tshark multiplies by what one of
    them, or an option in any segment, says."""
    return what == 'window' and mine is None and 'scale unknown' in means['tcp.window_size_value']


def once_more(what, mine, yours, packet, means, seen):
    """A second answer to a question: tshark counts the first alone."""
    return what == 'answers' and yours is None and mine in seen.answered


def clock(what, mine, yours, packet, means, seen):
    """ICMP timestamps: tshark pairs only echoes."""
    return what == 'answers' and yours is None and packet['icmp.type'] == '14'


def used_again(what, mine, yours, packet, means, seen):
    """A connection after another between the same ports: its SYN-ACK has a number of its own, which
    tshark holds against those of the connection before."""
    return what == 'gap' and mine is None and packet['tcp.analysis.reused_ports'] != ''


def far_off(what, mine, yours, packet, means, seen):
    """Numbers that no window reaches (nmap's probes outside of a connection): the dump begins to
    count anew, tshark goes on from the old ones."""
    return what in ('gap', 'again') and packet['tcp.stream'] in seen.far


def from_zero(what, mine, yours, packet, means, seen):
    """tshark takes a number 0 as one that is not known."""
    return what == 'again' and yours is None and packet['tcp.seq_raw'] == '0'


def fragment(what, mine, yours, packet, means, seen):
    """The first fragment has the whole TCP header; tshark analyses none that goes on elsewhere."""
    return what == 'again' and yours is None and packet['ip.flags.mf'] == '1'


def unreadable(what, mine, yours, packet, means, seen):
    """tshark begins a connection with a SYN whose header contradicts itself; the dump passes it by,
    for no kernel takes it."""
    return what == 'again' and yours is None and packet['tcp.stream'] in seen.malformed


EXCEPTIONS = (no_handshake, once_more, clock, used_again, far_off, from_zero, fragment, unreadable)


# --- together --------------------------------------------------------------------------------

def compare(program, path, counts, used):
    """Counts what agrees; prints what differs, and returns how often it does."""
    seen, wrong = Seen(), 0
    theirs_all, means_all = tshark(path), dump(program, path)
    if len(theirs_all) != len(means_all):
        print(f'{path}: {len(means_all)} packets, tshark has {len(theirs_all)}')
        return 1
    for packet, means in zip(theirs_all, means_all):
        mine, yours = ours(means), theirs(packet)
        if means.get('tcp.seq_raw', '').startswith('far from its last'):
            seen.far.add(packet['tcp.stream'])
        if packet['_ws.malformed']:
            seen.malformed.add(packet['tcp.stream'])
        for what in sorted(mine.keys() | yours.keys()):
            pair = mine.get(what), yours.get(what)
            reason = next((each for each in EXCEPTIONS if each(what, *pair, packet, means, seen)),
                          None)
            if pair[0] == pair[1]:
                counts[what] = counts.get(what, 0) + 1
            elif reason:
                used[reason.__name__] = used.get(reason.__name__, 0) + 1
            else:
                print(f"{path}: {packet['frame.number']}: {what}: {pair[0]}, tshark {pair[1]}: "
                      f"{means.get('tcp.seq_raw', '')} {means.get('tcp.window_size_value', '')}")
                wrong += 1
        seen.answered.add(mine.get('answers'))
    return wrong


def main(program, paths):
    counts, used = {}, {}
    wrong = sum(compare(program, path, counts, used) for path in paths)
    needless = [each.__name__ for each in EXCEPTIONS if each.__name__ not in used]
    print('context:', ', '.join(f'{count} {what}' for what, count in sorted(counts.items())),
          'agree;', f'{wrong} different;',
          'explained:', ', '.join(f'{count} {name}' for name, count in sorted(used.items())))
    if needless:
        print('exceptions that nothing needs:', ', '.join(needless))
    return 1 if wrong or needless else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2:]))
