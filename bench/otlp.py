"""Spans in the wire format of OTLP, for the benches of the dashboard."""

import struct


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(key, value):
    return field(1, key.encode()) + field(2, field(1, value.encode()))


def span(trace, own, parent, name, start, duration, attributes=b""):
    """Times in nanoseconds."""
    times = b"\x39" + struct.pack("<Q", start) + b"\x41" + struct.pack("<Q", start + duration)
    return field(2, field(1, trace) + field(2, own) + field(4, parent) + field(5, name) + times + attributes)


def request(spans):
    resource = field(1, field(1, attribute("service.name", "bench")))
    return field(1, resource + field(2, field(1, field(1, b"bench")) + spans))
