#!/usr/bin/env bash
# Measures what the dashboard costs: spans a second of one core, memory after them, and the time it adds to the start.
# Usage: bench/dashboard.sh [SPANS] [ROUNDS]      (default 200000 spans, 7 rounds of the start; 0 leaves them out)
# Linux only. Build first: dotnet build ProSaas.sln. Results belong in docs/performance.md, section "Dashboard".
set -euo pipefail

spans=${1:-200000}
rounds=${2:-7}
port=28750
export DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development
# shellcheck source=bench/dashboard-common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/dashboard-common.sh"

# Hundredths of a second of a core that the host has used.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$host/stat"; }
resident() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$host/status"; }
now() { local -n result=$1; result=${EPOCHREALTIME/[.,]/}; result=${result%???}; }
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2)) }'; }

# Batches of 500 spans with ten attributes each, sent by curl over HTTP; each has ids of its own.
python3 - "$work" "$spans" <<'PYTHON'
import os, sys
from otlp import attribute, field, request, span

work, count = sys.argv[1], int(sys.argv[2])
start = 1_767_355_200_000_000_000
for batch in range(count // 500):
    spans = b""
    for i in range(500):
        if i % 10 == 0:
            trace, parent = os.urandom(16), b""
        own = os.urandom(8)
        attributes = b"".join(field(9, attribute(f"attribute.{a}", f"value {a} of span {i} in batch {batch}")) for a in range(10))
        spans += span(trace, own, parent, b"GET /api/businesses/{id}", start + (batch * 500 + i) * 1_000_000, 2_000_000, attributes)
        parent = own
    with open(f"{work}/{batch}.bin", "wb") as file:
        file.write(request(spans))
PYTHON

DOTNET_gcServer=0 DOTNET_gcConcurrent=0 DOTNET_TieredPGO=0 start_dashboard $port
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
stop

start() {
  PROSAAS_API_PORT=$((port + 10)) PROSAAS_BAILEYS_PORT=$((port + 11)) PROSAAS_DASHBOARD_PORT=$((port + 20)) BAILEYS_DATA=$work/baileys XDG_STATE_HOME=$work \
    "$bin/ProSaas.AppHost/debug/ProSaas.AppHost" --StopOnFailure true --StopOnFailure:Except baileys --AppHost:DisableDashboard "$1" \
    --Parameters:postgres-password=of-the-bench --Parameters:app-db-password=of-the-bench-too >"$work/host.log" 2>&1 &
  host=$!
  now begun
  until curl -fsS -o /dev/null --max-time 1 "http://127.0.0.1:$((port + 10))/api/health" 2>/dev/null; do sleep 0.01; done
  now answered
  echo $((answered - begun)) >>"$work/$2"
  stop
}

[ "$rounds" = 0 ] && exit
start true first
for ((round = 1; round <= rounds; round++)); do
  start true without
  start false with
done
echo "start to the first 200, without      $(median "$work/without") ms ($(sort -n "$work/without" | xargs))"
echo "start to the first 200, with         $(median "$work/with") ms ($(sort -n "$work/with" | xargs))"
