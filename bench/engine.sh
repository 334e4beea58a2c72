#!/usr/bin/env bash
# Measures what the engine of the limited feed costs: at the start, between an event and its line, and while nothing happens.
# Usage: bench/engine.sh [ROUNDS] [IDLE_SECONDS]      (default 7 rounds, 60 s)
# Linux only. Build first: dotnet build ProSaas.sln. Results belong in docs/performance.md, section "Engine".
set -euo pipefail

rounds=${1:-7}
idle=${2:-60}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
bin=$root/artifacts/limited/bin
port=5897
db_port=5898
url=http://127.0.0.1:$port/api/health
passwords=(--Parameters:postgres-password=of-the-bench --Parameters:app-db-password=of-the-bench-too)

work=$(mktemp -d /tmp/prosaas-bench-XXXXXX)
pg=$(dirname -- "$(readlink -f -- "$(command -v postgres || ls -d /usr/lib/postgresql/*/bin/postgres | tail -1)")")
as_owner=()
if [ "$(id -u)" = 0 ]; then
  as_owner=(runuser -u postgres --)
  chown postgres "$work"
fi

running=()
finish() {
  for process in "${running[@]}"; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf -- "$work"
}
trap finish EXIT

now() { local t=$EPOCHREALTIME; echo $((${t%.*} * 1000 + 10#${t#*.} / 1000)); }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2)) }'; }
until_healthy() { until curl -fsS -o /dev/null --max-time 1 "$url" 2>/dev/null; do :; done; }
until_line() { until grep -q -- "$1" "$2" 2>/dev/null; do sleep 0.002; done; }
line_time() { grep -m1 -- "$1" "$2" | cut -d' ' -f1; }
# Clock ticks, hundredths of a second, that a process has used.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

owner="Host=127.0.0.1;Port=$db_port;Username=postgres;Database=prosaasdb"
runtime="Host=127.0.0.1;Port=$db_port;Username=prosaas_app;Password=of-the-bench-too;Database=prosaasdb"
export DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development

start_server() {
  "${as_owner[@]}" "$pg/postgres" -D "$work/data" -c port=$db_port -c listen_addresses=127.0.0.1 -c unix_socket_directories= >>"$work/server.log" 2>&1 &
  server=$!
  running+=("$server")
  until "$pg/pg_isready" -q -h 127.0.0.1 -p $db_port; do :; done
}
migrate() { ConnectionStrings__prosaasdb=$owner Database__AppPassword=of-the-bench-too dotnet "$bin/ProSaas.MigrationWorker/debug/ProSaas.MigrationWorker.dll" >/dev/null; }
start_api() {
  ConnectionStrings__prosaasdb=$runtime ASPNETCORE_URLS=http://127.0.0.1:$port dotnet "$bin/ProSaas.Api/debug/ProSaas.Api.dll" >/dev/null &
  api=$!
  running+=("$api")
  until_healthy
}
stop() { kill -s "$2" "$1"; wait "$1" || true; }

# The parts one after the other, each from its start to the moment the next can begin; prints the sum in milliseconds.
by_hand() {
  local begun
  begun=$(now)
  start_server
  migrate
  start_api
  sum=$(($(now) - begun))
  stop "$api" TERM
  kill -s INT "$(head -1 "$work/data/postmaster.pid")"
  wait "$server" || true
  running=()
}

start_host() {
  : >"$work/host.log"
  begun=$(now)
  PROSAAS_API_PORT=$port "$bin/ProSaas.AppHost/debug/ProSaas.AppHost" --StopOnFailure true "${passwords[@]}" \
    > >(while IFS= read -r line; do echo "$(now) $line"; done >"$work/host.log") 2>&1 &
  host=$!
  running+=("$host")
  until_healthy
  answered=$(now)
}

echo "Preparing..."
"${as_owner[@]}" "$pg/initdb" -D "$work/data" -U postgres --encoding UTF8 --locale C.UTF-8 -A trust >/dev/null
by_hand
start_host
stop "$host" TERM
running=()

echo "Starting $rounds times by hand and $rounds times with the engine..."
for ((round = 1; round <= rounds; round++)); do
  by_hand
  echo "$sum" >>"$work/by-hand"
  start_host
  echo $((answered - begun)) >>"$work/engine"
  until_line 'prosaas-api: Healthy' "$work/host.log"
  echo $(($(line_time 'prosaas-api: Healthy' "$work/host.log") - answered)) >>"$work/healthy"
  echo $(($(line_time 'prosaas-api: Starting' "$work/host.log") - $(line_time 'migrations: Finished' "$work/host.log"))) >>"$work/next"
  echo $(($(ticks "$host") * 10)) >>"$work/cpu"
  if ((round == rounds)); then
    # The first minute is the compiler's, which does the often used parts again.
    sleep 60
    before=$(ticks "$host")
    sleep "$idle"
    used=$(($(ticks "$host") - before))
  fi
  child=$(sed -n 's/.*prosaas-api: Running (process \([0-9]*\)).*/\1/p' "$work/host.log")
  program=$(pgrep -P "$child" dotnet)
  killed=$(now)
  kill -s KILL "$program"
  until_line 'prosaas-api: Finished' "$work/host.log"
  echo $(($(line_time 'prosaas-api: Finished' "$work/host.log") - killed)) >>"$work/ended"
  stop "$host" TERM
  running=()
done

by_hand=$(median <"$work/by-hand")
engine=$(median <"$work/engine")
cat <<RESULTS
load of the machine at the end         $(cut -d' ' -f1-3 /proc/loadavg) on $(nproc) cores
start to healthy, the parts by hand    $by_hand ms (median of $rounds: $(sort -n "$work/by-hand" | xargs))
start to healthy, with the engine      $engine ms (median of $rounds: $(sort -n "$work/engine" | xargs))
the engine adds                        $((engine - by_hand)) ms, $(awk "BEGIN { printf \"%.2f\", $engine / $by_hand }") times
CPU time of the host by then           $(median <"$work/cpu") ms
first 200 to the line "Healthy"        $(median <"$work/healthy") ms, at most $(sort -n "$work/healthy" | tail -1) ms
worker "Finished" to API "Starting"    $(median <"$work/next") ms, at most $(sort -n "$work/next" | tail -1) ms
API killed to the line "Finished"      $(median <"$work/ended") ms, at most $(sort -n "$work/ended" | tail -1) ms
host while idle for $idle s             $(awk "BEGIN { printf \"%.2f\", $used / $idle }") % of a core
RESULTS
