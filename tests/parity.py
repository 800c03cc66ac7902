#!/usr/bin/env python3
"""parity.py: does `loopcraft dump FILE --json` say what tshark says?

    tests/parity.py FILE JSON      JSON: a file with the dump's lines, or - for stdin

Every field that the dump names must be in tshark's PDML with the same position, size, show
and value, in the order in which its name occurs. Prints each difference, and how many of
the sized, visible fields that tshark has for our protocols the dump names: DESIGN.md wants
95 %. Exit: 0 all well, 1 a difference or too few fields, 2 wrong usage, 77 no tshark here.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

OURS = ('eth', 'ip', 'ipv6', 'tcp', 'udp', 'icmp', 'icmpv6', 'data')
PREFERENCES = ('tcp.relative_sequence_numbers:FALSE', 'ip.defragment:FALSE',
               'ipv6.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE')
WANTED = 0.95

# Where tshark reads more out of the context than a table says: our name at a position is
# right when tshark has this other name there. What each stands for:
#   ip.cur_rt        the destination, when a source route names a later one: that is ip.dst
#   tcp.reset_cause  the payload of a RST
#   icmp.data_time   the first 8 bytes of an echo's data, when they look like a time
OTHER_NAMES = {'ip.dst': ('ip.cur_rt',), 'ip.src_rt': ('ip.dst',),
               'tcp.payload': ('tcp.reset_cause',),
               'data.data': ('tcp.reset_cause', 'icmp.data_time')}

Field = collections.namedtuple('Field', 'name pos size show value visible')


def tshark(arguments, **settings):
    """tshark's output; its complaints (as root it has some) are not ours."""
    done = subprocess.run(['tshark', *arguments], check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, **settings)
    if done.returncode:
        sys.exit('parity: tshark: ' + done.stderr.decode(errors='replace').strip())
    return done.stdout


def is_ours(name):
    return name.split('.')[0] in OURS


def disable_others(folder):
    """Payloads shall stay plain data, as in our tables: no protocol but ours."""
    rows = tshark(['-G', 'protocols']).decode(errors='replace').splitlines()
    names = [row.split('\t')[2] for row in rows if row.count('\t') >= 2]
    keep = ('frame', 'mptcp', 'ethertype', 'eth_withfcs', 'eth_withoutfcs', 'eth_maybefcs')
    with open(os.path.join(folder, 'disabled_protos'), 'w', encoding='utf-8') as out:
        out.writelines(name + '\n' for name in names
                       if not is_ours(name) and name not in keep and not name.startswith('_'))


def theirs(path):
    """One list of fields a packet, from PDML."""
    with tempfile.TemporaryDirectory() as folder:
        disable_others(folder)
        arguments = ['-r', path, '-n', '-T', 'pdml']
        for preference in PREFERENCES:
            arguments += ['-o', preference]
        pdml = tshark(arguments, env={**os.environ, 'WIRESHARK_CONFIG_DIR': folder})
    packets = []
    for packet in ElementTree.fromstring(pdml).iter('packet'):
        fields = []
        for element in packet.iter():
            name, size = element.get('name', ''), int(element.get('size') or 0)
            if element.tag in ('field', 'proto') and size and is_ours(name):
                fields.append(Field(name, int(element.get('pos')), size, element.get('show', ''),
                                    element.get('value', ''),
                                    element.tag == 'field' and element.get('hide') != 'yes'))
        packets.append(fields)
    return packets


def ours(path):
    """One list of fields a packet, from the dump's JSON."""
    packets = []
    with sys.stdin if path == '-' else open(path, encoding='utf-8') as lines:
        for line in lines:
            event = json.loads(line)
            if event.get('type') != 'packet':
                continue
            packets.append([Field(f['name'], f['pos'], f['size'], f['show'], f['value'], True)
                            for layer in event['layers'] for f in layer['fields'] if 'name' in f])
    return packets


def explained(field, fields):
    """Does tshark have the same bytes under another name, for a reason we know?"""
    return any(other.name in OTHER_NAMES.get(field.name, ()) and other.pos == field.pos and
               field.value.startswith(other.value) for other in fields)


def compare(number, mine, yours, report):
    """Pairs the fields of one packet; returns which of tshark's were named."""
    by_name = collections.defaultdict(list)
    for index, field in enumerate(yours):
        by_name[field.name].append(index)
    next_of = collections.Counter()
    named = set()
    for field in mine:
        candidates = by_name[field.name]
        at = next_of[field.name]
        while at < len(candidates) and yours[candidates[at]].pos < field.pos:
            at += 1
        if at < len(candidates) and yours[candidates[at]][1:5] == field[1:5]:
            named.add(candidates[at])
            next_of[field.name] = at + 1
        elif explained(field, yours):
            report['explained'] += 1
        else:
            found = [tuple(yours[c][1:5]) for c in candidates]
            report['different'] += 1
            print(f'packet {number}: {field.name}: ours (pos, size, show, value) '
                  f'{tuple(field[1:5])}, tshark: {found or "has no such field"}'[:400])
    return named


def main():
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    if not shutil.which('tshark'):
        print('parity: SKIPPED: there is no tshark here to compare with')
        return 77
    mine, yours = ours(sys.argv[2]), theirs(sys.argv[1])
    if len(mine) != len(yours) or not mine:
        print(f'parity: {len(mine)} packets in the dump, {len(yours)} in tshark')
        return 1
    report, total, named, missing = collections.Counter(), 0, 0, collections.Counter()
    for number, (one, other) in enumerate(zip(mine, yours), 1):
        pairs = compare(number, one, other, report)
        for index, field in enumerate(other):
            if field.visible:
                total += 1
                named += index in pairs
                missing[field.name] += index not in pairs
    for name, count in missing.most_common():
        if count:
            print(f'not named: {name} ({count})')
    share = named / total if total else 0
    print(f'parity: {len(mine)} packets, {sum(map(len, mine))} fields of ours, '
          f'{report["different"]} different, {report["explained"]} explained by context; '
          f'{named} of {total} of tshark\'s named: {100 * share:.2f} %')
    return 1 if report['different'] or share < WANTED else 0


if __name__ == '__main__':
    sys.exit(main())
