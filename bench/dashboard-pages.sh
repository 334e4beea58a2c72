#!/usr/bin/env bash
# Measures how long the traces page takes from the address to its first rows, in Chromium.
# Usage: bench/dashboard-pages.sh [TRACES] [ROUNDS]      (default 5000 traces, 7 rounds)
# Build first: dotnet build ProSaas.sln. Needs chromium and python3. Results belong in docs/performance.md, section "Dashboard".
set -euo pipefail

traces=${1:-5000}
rounds=${2:-7}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
bin=$root/artifacts/limited/bin
port=28790
work=$(mktemp -d /tmp/prosaas-bench-XXXXXX)
host=
finish() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf -- "$work"
}
trap finish EXIT

echo "machine                              $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"

# A trace is two spans.
python3 - "$work/traces.bin" "$traces" <<'PYTHON'
import os, struct, sys, time


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


spans, start = b"", time.time_ns() - 60_000_000_000
for i in range(int(sys.argv[2])):
    trace, root = os.urandom(16), os.urandom(8)
    for own, parent, name in ((root, b"", b"GET /api/businesses/{id}"), (os.urandom(8), root, b"postgresql")):
        at = start + i * 1_000_000
        times = b"\x39" + struct.pack("<Q", at) + b"\x41" + struct.pack("<Q", at + 2_000_000 + i * 1000)
        spans += field(2, field(1, trace) + field(2, own) + field(4, parent) + field(5, name) + times)
service = field(1, field(1, field(1, b"service.name") + field(2, field(1, b"bench"))))
open(sys.argv[1], "wb").write(field(1, service + field(2, field(1, field(1, b"bench")) + spans)))
PYTHON

ASPNETCORE_URLS=http://127.0.0.1:$port ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:$((port + 1)) \
  ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true "$bin/Aspire.Dashboard/debug/Aspire.Dashboard" >/dev/null &
host=$!
until curl -fsS -o /dev/null "http://127.0.0.1:$port/api/telemetry/resources" 2>/dev/null; do sleep 0.05; done
curl -fsS -o /dev/null -H 'Content-Type: application/x-protobuf' --data-binary "@$work/traces.bin" "http://127.0.0.1:$((port + 2))/v1/traces"
echo "kept                                 $(curl -fsS "http://127.0.0.1:$port/api/telemetry/traces?take=1" | grep -o '"totalCount":[0-9]*')"

driver=$bin/ProSaas.Tests/debug/.playwright
"$driver"/node/*/node "$root/bench/dashboard-pages.cjs" "$driver/package" "$(command -v chromium)" "http://127.0.0.1:$port/traces" "$rounds"
