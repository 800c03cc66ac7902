#!/usr/bin/env python3
"""context.py: what the dump makes of a capture's conversations, held against tshark.

    tests/bats/context.py LOOPCRAFT CAPTURE...

For each packet: is it sent again, a keep-alive, after a gap (tcp.analysis.*), how large is its
scaled window (tcp.window_size), which packet does it answer (icmp.resp_to, dns.response_to). Prints
each difference that no named exception explains, and each exception that nothing needed.
Exit: 0 all well, 1 not.
"""
import collections
import json
import re
import subprocess
import sys

AGAIN = ('retransmission', 'fast_retransmission', 'spurious_retransmission', 'out_of_order')
FIELDS = ['frame.number', 'tcp.window_size', 'tcp.window_size_scalefactor', 'icmp.resp_to',
          'icmpv6.resp_to', 'dns.response_to',
          'tcp.analysis.keep_alive', 'tcp.analysis.lost_segment',
          'tcp.analysis.zero_window_probe', 'tcp.analysis.reused_ports', 'tcp.flags', 'tcp.len',
          'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'tcp.srcport', 'tcp.dstport',
          ] + ['tcp.analysis.' + name for name in AGAIN]
KNOWN = set(subprocess.run("tshark -G fields | cut -f 3", shell=True, check=True, text=True,
                           capture_output=True).stdout.split())
FIELDS = [name for name in FIELDS if name in KNOWN]


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
