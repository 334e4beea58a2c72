#!/usr/bin/env bash
# Measures the start from a fresh clone of this checkout's last commit, in a temporary folder and on a free port.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)

usage() {
  cat <<'USAGE'
Usage: bench/start.sh [--tests]

Prints, in seconds: a fresh clone to /api/health 200 with an empty package cache, the median of five starts when
built; in MB: what the idle API holds, and what runs it: AppHost, orchestrator, dashboard. With --tests also how long
./test.sh takes when built. PostgreSQL runs as a process.
USAGE
}

case ${1:-} in
  '') tests= ;;
  --tests) tests=1 ;;
  -h | --help) usage; exit 0 ;;
  *) echo "bench/start.sh: unknown argument '$1': see bench/start.sh --help." >&2; exit 64 ;;
esac

folder=$(mktemp -d)
# As root, PostgreSQL runs as another user, who has to reach its data.
chmod o+x "$folder"
run=
stop() {
  if [ -n "$run" ]; then kill -TERM "$run" 2>/dev/null || true; wait "$run" || true; run=; fi
}
trap 'stop; rm -rf -- "$folder"' EXIT

git clone --quiet -- "$root" "$folder/checkout"
export NUGET_PACKAGES=$folder/packages
PROSAAS_API_PORT=$(bash -c 'for port in $(seq 5700 5799); do (: </dev/tcp/127.0.0.1/$port) 2>/dev/null || { echo $port; exit; }; done')
export PROSAAS_API_PORT PROSAAS_BAILEYS_PORT=$((PROSAAS_API_PORT + 100)) PROSAAS_DASHBOARD_PORT=28880 PROSAAS_POSTGRES=local PROSAAS_DATA=$folder/data

# Sets seconds: from the command to the first 200.
start() {
  local before=$EPOCHREALTIME
  "$folder/checkout/run.sh" >"$folder/run.log" 2>&1 &
  run=$!
  until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$PROSAAS_API_PORT/api/health")" = 200 ]; do
    kill -0 "$run" 2>/dev/null || { cat "$folder/run.log" >&2; exit 1; }
    sleep 0.02
  done
  seconds=$(awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }')
}

# Resident memory in MB of all processes whose command line has the text. Programs of the packages are in the folder, too.
resident() {
  ps -eo rss=,args= | awk -v folder="$folder/" -v text="$1" '!/awk/ && index($0, folder) && index($0, text) { sum += $1 } END { printf "%d", sum / 1024 }'
}

start
echo "fresh clone, empty package cache: $seconds s"
stop
times=
for _ in 1 2 3 4 5; do
  start
  times="$times $seconds"
  sleep 5
  memory="$(resident ProSaas.Api.dll) MB API, $(resident ProSaas.AppHost.dll) MB AppHost, $(resident tools/dcp) MB orchestrator, $(resident tools/Aspire.Dashboard) MB dashboard"
  stop
done
echo "built: median $(printf '%s\n' $times | sort -n | sed -n 3p) s (of$times)"
echo "idle, 5 s after the start: $memory"
if [ -n "$tests" ]; then
  (cd "$folder/checkout" && dotnet build ProSaas.sln -v:q -nologo) >/dev/null
  before=$EPOCHREALTIME
  "$folder/checkout/test.sh" | tail -1
  awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { printf "test.sh when built: %.0f s\n", b - a }'
fi
