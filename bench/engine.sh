#!/usr/bin/env bash
# Measures what the engine of the limited feed costs: at the start, between an event and its line, and while nothing happens.
# Usage: bench/engine.sh [ROUNDS] [IDLE_SECONDS]      (default 7 rounds, 60 s)
# Linux only. Build first: dotnet build ProSaas.sln. Results belong in docs/performance.md, section "Engine".
set -euo pipefail

rounds=${1:-7}
idle=${2:-60}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
apphost=$root/artifacts/limited/bin/ProSaas.AppHost/debug/ProSaas.AppHost
url=http://127.0.0.1:5897/api/health
export PROSAAS_API_PORT=5897 PROSAAS_BAILEYS_PORT=5898 PROSAAS_DASHBOARD_PORT=28790 DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development

work=$(mktemp -d /tmp/prosaas-bench-XXXXXX)
log=$work/host.log
host=
finish() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait; fi
  rm -rf -- "$work"
}
trap finish EXIT

# Milliseconds since 1970, without starting a program.
now() { local -n result=$1; result=${EPOCHREALTIME/[.,]/}; result=${result%???}; }
# When the host first wrote a line with a text in it.
at() { awk -v text="$1" 'index($0, text) { print $1; exit }' "$log"; }
until_line() { until [ -n "$(at "$1")" ]; do sleep 0.005; done; }
# Hundredths of a second of a core that the host has used.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$host/stat"; }
median() { sort -n "$work/$1" | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : int((v[NR / 2] + v[NR / 2 + 1]) / 2)) }'; }
all() { sort -n "$work/$1" | xargs; }

start() {
  : >"$log"
  now begun
  BAILEYS_DATA=$work/baileys "$apphost" --StopOnFailure true --StopOnFailure:Except baileys --Parameters:postgres-password=of-the-bench --Parameters:app-db-password=of-the-bench-too \
    > >(while IFS= read -r line; do now t; echo "$t $line"; done >"$log") 2>&1 &
  host=$!
  until curl -fsS -o /dev/null --max-time 1 "$url" 2>/dev/null; do sleep 0.01; done
  now answered
  until_line 'prosaas-api: Healthy'
}
stop() {
  kill -s TERM "$host"
  wait "$host" || true
  host=
}

echo "Preparing: the first start makes the database..."
start
stop

for ((round = 1; round <= rounds; round++)); do
  echo "Start $round of $rounds..."
  start
  echo $((10 * $(ticks))) >>"$work/cpu"
  server=$(($(at 'database system is ready') - $(at '[postgres] LOG:  starting')))
  worker=$(($(at 'migrations: Finished') - $(at 'migrations: Running')))
  api=$((answered - $(at 'prosaas-api: Running')))
  echo $((answered - begun)) >>"$work/total"
  echo $((server + worker + api)) >>"$work/children"
  echo $((answered - begun - server - worker - api)) >>"$work/added"
  echo $(($(at 'prosaas-api: Healthy') - answered)) >>"$work/healthy"
  echo $(($(at 'prosaas-api: Starting') - $(at 'migrations: Finished'))) >>"$work/next"
  if ((round == rounds)); then
    echo "Idle for $idle s, after a minute for the compiler to do the often used parts again..."
    sleep 60
    before=$(ticks)
    sleep "$idle"
    used=$(($(ticks) - before))
  fi
  supervisor=$(sed -n 's/.*prosaas-api: Running (process \([0-9]*\)).*/\1/p' "$log")
  program=$(pgrep -P "$supervisor" dotnet)
  now killed
  kill -s KILL "$program"
  until_line 'prosaas-api: Finished'
  echo $(($(at 'prosaas-api: Finished') - killed)) >>"$work/ended"
  stop
done

cat <<RESULTS
machine                              $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)
start of the host to the first 200   $(median total) ms ($(all total))
its children's own start, summed     $(median children) ms ($(all children))
the engine adds                      $(median added) ms ($(all added))
CPU time of the host by then         $(median cpu) ms ($(all cpu))
first 200 to the line "Healthy"      $(median healthy) ms ($(all healthy))
worker "Finished" to API "Starting"  $(median next) ms ($(all next))
API killed to the line "Finished"    $(median ended) ms ($(all ended))
host while idle for $idle s           $(awk "BEGIN { printf \"%.2f\", $used / $idle }") % of a core
RESULTS
