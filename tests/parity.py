#!/usr/bin/env python3
"""parity.py: does `loopcraft dump FILE --json` say what tshark says?

    tests/parity.py [--set] FILE JSON [FILE JSON]...   JSON: a file with the dump's lines, or -

Every field that the dump names must be in tshark's PDML with the same position, size, show
and value, in the order in which its name occurs. Prints each difference, and how many of
the sized, visible fields that tshark has for our protocols the dump names: DESIGN.md wants
95 %, of all files together. --set: these are all the captures of a set that make-captures
made: it must have 2,000 packets of 10 programs, 95 % of each protocol named too, and need every
exception below. Exit: 0 all well, 1 a difference, too few fields or too small a set, 2 wrong
usage, 77 no tshark here.
"""
import collections
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

OURS = ('eth', 'null', 'raw', 'sll', 'vlan', 'ieee8021ad', 'ieee8021ah', 'arp', 'ip', 'ipv6', 'tcp',
        'udp', 'icmp', 'icmpv6', 'dns', 'data')
PREFERENCES = ('tcp.relative_sequence_numbers:FALSE', 'ip.defragment:FALSE',
               'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE')
WANTED = 0.95
WANTED_PACKETS, WANTED_PROGRAMS = 2000, 10

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

# tshark leaves a header where its experts say one of these; our tables go on.
FALSE_HEADER = {'Bogus IPv4 version', 'tcp.bogus_header_length', 'ip.bogus_header_length',
                'ip.bogus_ip_length', 'udp.length.bad', 'udp.length.bad_zero'}


def leaves(field, packet):
    return bool(packet.marks & FALSE_HEADER)


MALFORMED = {'_ws.malformed', '_ws.unreassembled', '_ws.short'}


def malformed(field, packet):
    """tshark found no sense in the packet from somewhere on, and has nothing behind that."""
    behind = ('eth.padding', 'eth.trailer', 'eth.fcs', 'tcp.payload', 'tcp.reset_cause', 'data.data')
    last = max((other.pos for other in packet.fields if other.name not in behind), default=0)
    return bool(packet.marks & MALFORMED) and field.pos >= last


OUT_OF_TURN = {'tcp.analysis.out_of_order', 'tcp.analysis.retransmission',
               'tcp.analysis.fast_retransmission', 'tcp.analysis.spurious_retransmission'}


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


def redirected(field, packet):
    return field.name.startswith('tcp.') and 'icmp.redir_gw' in packet.marks


def zero_length(field, packet):
    return field.value == '0000' and packet.has('ip.len', field.pos)


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
    (('tcp.seq_raw',), 'tshark leaves it out of a segment that is quoted, and names tcp.seq',
     under('tcp.seq')),
    (('tcp.seq', 'tcp.seq_raw'), 'a TCP header of which only 8 bytes are there', eight_bytes),
    (None, 'of the TCP header that a redirect quotes tshark reads the 8 bytes of RFC 792', redirected),
    (('ip.len',), 'a length of 0 in a longer packet, left to a network card (TSO, BIG TCP): tshark '
     'shows the bytes that are there', zero_length),
    (('udp.payload', 'tcp.payload', 'data.data'), 'a quoted payload of one byte', one_byte),
    (('data.data',), 'a protocol that has no table here', elsewhere),
    (('data.data',), 'tshark looks into no segment that comes again or out of order',
     lambda field, packet: bool(packet.marks & OUT_OF_TURN)),
    (None, 'a false version or length: tshark leaves the header there', leaves),
    (('ipv6.opt.type', 'ipv6.opt.pad1'), 'an option with a false length: tshark reads on elsewhere',
     lambda field, packet: 'ipv6.opt.invalid_len' in packet.marks),
    (None, 'tshark calls the packet malformed, and stops', malformed),
)


# Protocols of which less than 95 % is named, and why.
FEWER = {
    'tcp': 'the scaled window, the reason in a RST\'s data and PDUs are no bytes of the packet; '
           'zeros behind the end of options are one padding, not many ends; some of MPTCP',
    'icmpv6': 'mobility, RPL, MPL and other messages that Linux does not send',
    'data': 'of an echo that begins with a time; in packets that tshark can\'t read'}
WANTED_OF_THOSE = 0.85


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


def programs(path):
    """Whose traffic it is: make-captures writes it into the file's comment."""
    said = subprocess.run(['capinfos', '-k', path], check=False, stdout=subprocess.PIPE, text=True)
    found = re.search('Traffic of: (.*)', said.stdout)
    return found.group(1).split(', ') if found else []


# --- side by side ---------------------------------------------------------------------------

class Report:
    def __init__(self):
        self.reasons = collections.Counter()
        self.missing, self.total, self.named = (collections.Counter() for _ in range(3))
        self.programs = set()
        self.packets = self.fields = self.different = 0

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
            if field.visible:
                protocol = field.name.split('.')[0]
                self.total[protocol] += 1
                self.named[protocol] += index in pairs
                self.missing[field.name] += index not in pairs

    def share(self):
        return self.named.total() / (self.total.total() or 1)

    def share_of(self, protocol):
        return self.named[protocol] / self.total[protocol]

    def too_few(self):
        """Protocols of which not enough is named."""
        return [protocol for protocol in self.total if self.share_of(protocol) <
                (WANTED_OF_THOSE if protocol in FEWER else WANTED)]

    def not_needed(self):
        unused = [reason for _, reason, _ in EXCEPTIONS if not self.reasons[reason]]
        return unused + [reason for protocol, reason in FEWER.items()
                         if not self.total[protocol] or self.share_of(protocol) >= WANTED]

    def tell(self):
        for name, count in self.missing.most_common():
            if count:
                print(f'not named: {name} ({count})')
        for reason, count in self.reasons.most_common():
            print(f'explained: {reason} ({count})')
        for protocol, count in self.total.most_common():
            print(f'{protocol}: {self.named[protocol]} of {count} named: '
                  f'{100 * self.share_of(protocol):.2f} %')
        if self.programs:
            print(f'{len(self.programs)} programs: {", ".join(sorted(self.programs))}')
        print(f'parity: {self.packets} packets, {self.fields} fields of ours, {self.different} '
              f'different, {sum(self.reasons.values())} explained; {self.named.total()} of '
              f'{self.total.total()} of tshark\'s named: {100 * self.share():.2f} %')

    def is_whole(self):
        """Is it a set that shows what the set is there to show?"""
        unused, few = self.not_needed(), self.too_few()
        for protocol in few:
            print(f'too few fields of {protocol} are named')
        for reason in unused:
            print(f'no packet needs the exception: {reason}')
        enough = self.packets >= WANTED_PACKETS and len(self.programs) >= WANTED_PROGRAMS
        if not enough:
            print(f'too small a set: {self.packets} packets of {len(self.programs)} programs, '
                  f'not {WANTED_PACKETS} of {WANTED_PROGRAMS}')
        return enough and not unused and not few


def main():
    whole = sys.argv[1:2] == ['--set']
    files = sys.argv[1 + whole:]
    if not files or len(files) % 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which('tshark'):
        print('parity: SKIPPED: there is no tshark here to compare with')
        return 77
    captures, dumps = files[::2], files[1::2]
    report = Report()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for capture, dump, packets in zip(captures, dumps, pool.map(theirs, captures)):
            mine, name = ours(dump), os.path.basename(capture)
            if len(mine) != len(packets) or not mine:
                print(f'parity: {name}: {len(mine)} packets in the dump, {len(packets)} in tshark')
                return 1
            report.programs.update(programs(capture))
            for number, (one, other) in enumerate(zip(mine, packets), 1):
                report.compare(f'{name}, packet {number}', one, other)
    report.tell()
    good = not report.different and report.share() >= WANTED and (not whole or report.is_whole())
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
