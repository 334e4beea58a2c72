#!/usr/bin/env bash
# Renews docs/images/startup-waterfall.png: runs the product, logs in by the printed address and takes a picture of the API's
# start. Needs Chromium, and a build of ProSaas.Tests, which brings the driver along: dotnet build ProSaas.sln
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
if [ $# -gt 0 ]; then die 64 "scripts/screenshot.sh: unknown argument '$1': it takes none."; fi

host_program=$root/artifacts/limited/bin/ProSaas.AppHost/debug/ProSaas.AppHost
driver=$root/artifacts/limited/bin/ProSaas.Tests/debug/.playwright
node=$(echo "$driver"/node/*/node)
[ -x "$host_program" ] && [ -x "$node" ] || die 69 "ProSaas is not built for the limited engine: run 'dotnet build ProSaas.sln -p:PackageFeed=limited'."
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || die 69 "Chromium is not installed: on Debian, 'apt-get install chromium'."

folder=$(mktemp -d)
host=
finish() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf -- "$folder"
}
trap finish EXIT

# On ports of its own.
DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development XDG_STATE_HOME=$folder/state BAILEYS_DATA=$folder/baileys \
  PROSAAS_API_PORT=28780 PROSAAS_BAILEYS_PORT=28781 PROSAAS_DASHBOARD_PORT=28782 "$host_program" >"$folder/run.log" 2>&1 &
host=$!

login=
for ((i = 0; i < 600; i++)); do
  login=$(sed -n 's/^Dashboard: //p' "$folder/run.log")
  [ -z "$login" ] || break
  kill -0 "$host" 2>/dev/null || die 70 "ProSaas did not start: $(tail -3 "$folder/run.log")"
  sleep 0.1
done
[ -n "$login" ] || die 70 "ProSaas printed no address of a dashboard."

mkdir -p "$root/docs/images"
"$node" "$root/scripts/screenshot.cjs" "$driver/package" "$chromium" "$login" "$root/docs/images/startup-waterfall.png"
say "Renewed docs/images/startup-waterfall.png."
