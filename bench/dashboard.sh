#!/usr/bin/env bash
# Measures what the dashboard costs: spans a second of one core, memory after them, and the time it adds to the start.
# Usage: bench/dashboard.sh [SPANS] [ROUNDS]      (default 200000 spans, 7 rounds of the start; 0 leaves them out)
# Linux only. Build first: dotnet build ProSaas.sln. Results belong in docs/performance.md, section "Dashboard".
set -euo pipefail

spans=${1:-200000}
rounds=${2:-7}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
bin=$root/artifacts/limited/bin
port=28750
export DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development

work=$(mktemp -d /tmp/prosaas-bench-XXXXXX)
host=
finish() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait; fi
  rm -rf -- "$work"
}
trap finish EXIT

# Hundredths of a second of a core that the host has used.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$host/stat"; }
resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$host/status"; }
now() { local -n result=$1; result=${EPOCHREALTIME/[.,]/}; result=${result%???}; }
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2)) }'; }

echo "machine                              $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"

# Batches of 500 spans with ten attributes each, sent by curl over HTTP; each has ids of its own.
python3 - "$work" "$spans" <<'PYTHON'
import os, struct, sys

work, count = sys.argv[1], int(sys.argv[2])


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def attribute(key, value):
    return field(1, key.encode()) + field(2, field(1, value.encode()))


start = 1_767_355_200_000_000_000
resource = field(1, field(1, attribute("service.name", "bench")))
for batch in range(count // 500):
    trace, spans = os.urandom(16), b""
    for i in range(500):
        if i % 10 == 0:
            trace, parent = os.urandom(16), b""
        own = os.urandom(8)
        body = field(1, trace) + field(2, own) + field(4, parent) + field(5, b"GET /api/businesses/{id}")
        at = start + (batch * 500 + i) * 1_000_000
        body += b"\x39" + struct.pack("<Q", at) + b"\x41" + struct.pack("<Q", at + 2_000_000)
        for a in range(10):
            body += field(9, attribute(f"attribute.{a}", f"value {a} of span {i} in batch {batch}"))
        spans, parent = spans + field(2, body), own
    with open(f"{work}/{batch}.bin", "wb") as file:
        file.write(field(1, resource + field(2, field(1, field(1, b"bench")) + spans)))
PYTHON

ASPNETCORE_URLS=http://127.0.0.1:$port ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:$((port + 1)) \
  ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true DOTNET_gcServer=0 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0 \
  "$bin/Aspire.Dashboard/debug/Aspire.Dashboard" >/dev/null &
host=$!
until curl -fsS -o /dev/null "http://127.0.0.1:$port/api/telemetry/resources" 2>/dev/null; do sleep 0.05; done
before=$(ticks)
now begun
for ((batch = 0; batch < spans / 500; batch++)); do
  printf 'next\nurl = "http://127.0.0.1:%s/v1/traces"\nheader = "Content-Type: application/x-protobuf"\ndata-binary = "@%s/%s.bin"\noutput = /dev/null\nfail\n' "$((port + 2))" "$work" "$batch"
done | sed 1d >"$work/requests"
curl -s -K "$work/requests"
now ended
used=$(($(ticks) - before))
echo "spans a second of a core             $((spans * 100 / used)) ($spans spans, $((used * 10)) ms of a core, $((ended - begun)) ms in all)"
echo "resident after $spans spans        $(resident) MB"
echo "kept                                 $(curl -fsS "http://127.0.0.1:$port/api/telemetry/resources")"
for _ in 1 2 3; do curl -fsS -o /dev/null -w 'list of traces as JSON, 200 of them  %{time_total} s\n' "http://127.0.0.1:$port/api/telemetry/traces"; done
kill "$host"
wait "$host" || true
host=

start() {
  PROSAAS_API_PORT=$((port + 10)) PROSAAS_DASHBOARD_PORT=$((port + 20)) XDG_STATE_HOME=$work \
    "$bin/ProSaas.AppHost/debug/ProSaas.AppHost" --StopOnFailure true --AppHost:DisableDashboard "$1" \
    --Parameters:postgres-password=of-the-bench --Parameters:app-db-password=of-the-bench-too >"$work/host.log" 2>&1 &
  host=$!
  now begun
  until curl -fsS -o /dev/null --max-time 1 "http://127.0.0.1:$((port + 10))/api/health" 2>/dev/null; do sleep 0.01; done
  now answered
  echo $((answered - begun)) >>"$work/$2"
  kill "$host"
  wait "$host" || true
  host=
}

[ "$rounds" = 0 ] && exit
start true first
for ((round = 1; round <= rounds; round++)); do
  start true without
  start false with
done
echo "start to the first 200, without      $(median "$work/without") ms ($(sort -n "$work/without" | xargs))"
echo "start to the first 200, with         $(median "$work/with") ms ($(sort -n "$work/with" | xargs))"
