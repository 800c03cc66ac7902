#!/usr/bin/env python3
"""parity.py: does `loopcraft dump FILE --json` say what tshark says?

    tests/parity.py FILE JSON [FILE JSON]...   JSON: a file with the dump's lines, or - for stdin

Every field that the dump names must be in tshark's PDML with the same position, size, show
and value, in the order in which its name occurs. Prints each difference, and how many of
the sized, visible fields that tshark has for our protocols the dump names: DESIGN.md wants
95 %, of all files together. Exit: 0 all well, 1 a difference or too few fields, 2 wrong
usage, 77 no tshark here.
"""
import collections
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

OURS = ('eth', 'null', 'raw', 'sll', 'vlan', 'ieee8021ad', 'ieee8021ah', 'arp', 'ip', 'ipv6', 'tcp',
        'udp', 'icmp', 'icmpv6', 'dns', 'data')
PREFERENCES = ('tcp.relative_sequence_numbers:FALSE', 'ip.defragment:FALSE',
               'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE')
WANTED = 0.95

Field = collections.namedtuple('Field', 'name pos size show value visible')


class Packet:
    """What tshark says of one packet."""

    def __init__(self, element):
        self.fields = []  # of our protocols, those with a size
        self.marks = set()  # names, and what its experts say
        self.others = []  # first byte and end of what protocols without a table here say
        for part in element.iter():
            name, size = part.get('name', ''), int(part.get('size') or 0)
            pos = int(part.get('pos') or 0)
            if name.split('.')[0] in OURS and size:
                if part.tag in ('field', 'proto'):
                    self.fields.append(Field(name, pos, size, part.get('show', ''),
                                             part.get('value', ''), part.tag == 'field' and
                                             part.get('hide') != 'yes'))
            elif size and part.tag == 'proto' and name not in ('geninfo', 'frame'):
                self.others.append((pos, pos + size))
            self.marks.add(name)
            if name == '_ws.expert.message':
                self.marks.add(part.get('show', ''))

    def at(self, pos):
        return [field for field in self.fields if field.pos == pos]

    def has(self, name, pos):
        return any(field.name == name for field in self.at(pos))


# --- exceptions ----------------------------------------------------------------------------
#
# Where tshark (4.0) reads more out of the context than a packet says, or less than there is.
# Each: our names, why, and what must be so in tshark's packet. They never excuse a field that
# tshark has with the same name at the same place, but for the one marked so.

# tshark stops reading a packet where its experts say one of these; our tables go on.
GAVE_UP = {'_ws.malformed', 'Bogus IPv4 version', 'tcp.bogus_header_length', 'ip.bogus_header_length',
           'ip.bogus_ip_length', 'udp.length.bad', 'udp.length.bad_zero', 'ipv6.bogus_payload_length',
           'ipv6.opt.header_mismatch', 'tcp.short_segment', '_ws.short', '_ws.unreassembled'}


def stopped(field, packet):
    return bool(packet.marks & GAVE_UP)


def under(*names):
    """tshark has the same bytes, or the first of them, under one of these names."""
    return lambda field, packet: any(other.name in names and field.value.startswith(other.value)
                                     for other in packet.at(field.pos))


def longer(field, packet):
    return any(other.name == field.name and other.size > field.size and
               other.value.startswith(field.value) for other in packet.at(field.pos))


def elsewhere(field, packet):
    return any(start <= field.pos < end for start, end in packet.others)


def is_ace(field, packet):
    return 'tcp.flags.ace' in packet.marks or any(f.name == 'tcp.flags.ace' for f in packet.fields)


def eight_bytes(field, packet):
    return packet.has('tcp.srcport', field.pos - 4) and not packet.has('tcp.ack_raw', field.pos + 4)


def one_byte(field, packet):
    return field.size == 1 and any(other.name == 'icmp' for other in packet.fields)


EXCEPTIONS = (
    (('ip.dst',), 'a source route that is not at its end: ip.dst is the last place of it',
     under('ip.cur_rt')),
    (('ip.src_rt',), 'the last place of such a route', under('ip.dst')),
    (('tcp.payload', 'data.data'), 'the payload of a RST is a reason', under('tcp.reset_cause')),
    (('data.data',), 'an echo\'s data that begins with a time', under('icmp.data_time')),
    (('udp.payload', 'dns.opt', 'dns.opt.data', 'dns.opt.cookie.server'),
     'a false length: tshark takes bytes behind the end of what is around it', longer),
    (('tcp.flags.ae', 'tcp.flags.cwr', 'tcp.flags.ece', 'tcp.flags.str'),
     'after an AccECN handshake three flags are one counter', is_ace),
    (('tcp.seq', 'tcp.seq_raw'), 'a TCP header of which only 8 bytes are there', eight_bytes),
    (('udp.payload', 'tcp.payload', 'data.data'), 'a quoted payload of one byte', one_byte),
    (('data.data',), 'a protocol that has no table here', elsewhere),
    (('data.data',), 'tshark leaves out the data of a segment that continues another',
     lambda field, packet: 'tcp.continuation_to' in packet.marks),
    (None, 'tshark gave up on the packet', stopped),
)


def explained(field, packet):
    same = packet.has(field.name, field.pos)
    for names, reason, holds in EXCEPTIONS:
        excuses = field.name in names if names else not same
        if excuses and holds(field, packet):
            return reason
    return None


# --- both sides -----------------------------------------------------------------------------

def theirs(path):
    arguments = ['tshark', '-r', path, '-n', '-T', 'pdml']
    for preference in PREFERENCES:
        arguments += ['-o', preference]
    env = {**os.environ, 'WIRESHARK_CONFIG_DIR': '/nonexistent', 'LC_ALL': 'C.UTF-8'}
    done = subprocess.run(arguments, check=False, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    if done.returncode:
        sys.exit('parity: tshark: ' + done.stderr.decode(errors='replace').strip())
    return [Packet(element) for element in ElementTree.fromstring(done.stdout).iter('packet')]


def ours(path):
    """One list of fields a packet. An XML attribute can't hold a tab or a line end: a space."""
    packets = []
    space = str.maketrans('\t\n\r', '   ')
    with sys.stdin if path == '-' else open(path, encoding='utf-8') as lines:
        for line in lines:
            event = json.loads(line)
            if event.get('type') == 'packet':
                packets.append([Field(f['name'], f['pos'], f['size'], f['show'].translate(space),
                                      f['value'], True)
                                for layer in event['layers'] for f in layer['fields'] if 'name' in f])
    return packets


# --- side by side ---------------------------------------------------------------------------

class Report:
    def __init__(self):
        self.reasons, self.missing = collections.Counter(), collections.Counter()
        self.packets = self.fields = self.different = self.total = self.named = 0

    def differs(self, place, field, packet, candidates):
        found = [tuple(packet.fields[c][1:5]) for c in candidates]
        self.different += 1
        print(f'{place}: {field.name}: ours (pos, size, show, value) {tuple(field[1:5])}, '
              f'tshark: {found or "has no such field"}'[:400])

    def compare(self, place, mine, packet):
        """Pairs the fields of one packet."""
        by_name = collections.defaultdict(list)
        for index, field in enumerate(packet.fields):
            by_name[field.name].append(index)
        next_of, pairs = collections.Counter(), set()
        for field in mine:
            candidates, at = by_name[field.name], next_of[field.name]
            while at < len(candidates) and packet.fields[candidates[at]].pos < field.pos:
                at += 1
            if at < len(candidates) and packet.fields[candidates[at]][1:5] == field[1:5]:
                pairs.add(candidates[at])
                next_of[field.name] = at + 1
                continue
            reason = explained(field, packet)
            if reason:
                self.reasons[reason] += 1
            else:
                self.differs(place, field, packet, candidates)
        self.packets += 1
        self.fields += len(mine)
        for index, field in enumerate(packet.fields):
            self.total += field.visible
            self.named += field.visible and index in pairs
            self.missing[field.name] += field.visible and index not in pairs

    def share(self):
        return self.named / self.total if self.total else 0

    def tell(self):
        for name, count in self.missing.most_common():
            if count:
                print(f'not named: {name} ({count})')
        for reason, count in self.reasons.most_common():
            print(f'explained: {reason} ({count})')
        print(f'parity: {self.packets} packets, {self.fields} fields of ours, {self.different} '
              f'different, {sum(self.reasons.values())} explained; {self.named} of {self.total} of '
              f'tshark\'s named: {100 * self.share():.2f} %')


def main():
    if len(sys.argv) < 3 or len(sys.argv) % 2 == 0:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which('tshark'):
        print('parity: SKIPPED: there is no tshark here to compare with')
        return 77
    captures, dumps = sys.argv[1::2], sys.argv[2::2]
    report = Report()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for capture, dump, packets in zip(captures, dumps, pool.map(theirs, captures)):
            mine, name = ours(dump), os.path.basename(capture)
            if len(mine) != len(packets) or not mine:
                print(f'parity: {name}: {len(mine)} packets in the dump, {len(packets)} in tshark')
                return 1
            for number, (one, other) in enumerate(zip(mine, packets), 1):
                report.compare(f'{name}, packet {number}', one, other)
    report.tell()
    return 1 if report.different or report.share() < WANTED else 0


if __name__ == '__main__':
    sys.exit(main())
