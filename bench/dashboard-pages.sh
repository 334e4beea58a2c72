#!/usr/bin/env bash
# Measures how long the traces page takes from the address to its first rows, in Chromium.
# Usage: bench/dashboard-pages.sh [TRACES] [ROUNDS]      (default 5000 traces, 7 rounds)
# Build first: dotnet build ProSaas.sln. Needs chromium and python3. Results belong in docs/performance.md, section "Dashboard".
set -euo pipefail

traces=${1:-5000}
rounds=${2:-7}
port=28790
# shellcheck source=bench/dashboard-common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/dashboard-common.sh"

# A trace is two spans.
python3 - "$work/traces.bin" "$traces" <<'PYTHON'
import os, sys, time
from otlp import request, span

spans, start = b"", time.time_ns() - 60_000_000_000
for i in range(int(sys.argv[2])):
    trace, root = os.urandom(16), os.urandom(8)
    for own, parent, name in ((root, b"", b"GET /api/businesses/{id}"), (os.urandom(8), root, b"postgresql")):
        spans += span(trace, own, parent, name, start + i * 1_000_000, 2_000_000 + i * 1000)
with open(sys.argv[1], "wb") as file:
    file.write(request(spans))
PYTHON

start_dashboard $port
curl -fsS -o /dev/null -H 'Content-Type: application/x-protobuf' --data-binary "@$work/traces.bin" "http://127.0.0.1:$((port + 2))/v1/traces"
echo "kept                                 $(curl -fsS "http://127.0.0.1:$port/api/telemetry/traces?take=1" | grep -o '"totalCount":[0-9]*')"

driver=$bin/ProSaas.Tests/debug/.playwright
"$driver"/node/*/node "$root/bench/dashboard-pages.cjs" "$driver/package" "$(command -v chromium)" "http://127.0.0.1:$port/traces" "$rounds"
