#!/usr/bin/env bash
# Renews docs/images/startup-waterfall.png: runs the product, logs in to Aspire's dashboard and takes a picture of the API's start.
# Needs Chromium, Node.js and a build: dotnet build ProSaas.AppHost
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
readonly PLAYWRIGHT_VERSION=1.65.1
if [ $# -gt 0 ]; then die 64 "scripts/screenshot.sh: unknown argument '$1': it takes none."; fi

app_host=$root/artifacts/bin/ProSaas.AppHost/debug/ProSaas.AppHost.dll
[ -f "$app_host" ] || die 69 "ProSaas is not built: run 'dotnet build ProSaas.AppHost'."
install_baileys || exit 69
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || die 69 "Chromium is not installed: on Debian, 'apt-get install chromium'."
driver=$root/artifacts/screenshot
npm install --prefix "$driver" --no-audit --no-fund --loglevel=error "playwright-core@$PLAYWRIGHT_VERSION" >&2 || die 69 "Playwright $PLAYWRIGHT_VERSION could not be installed from npm."

folder=$(mktemp -d)
# As root, PostgreSQL runs as another user, who has to reach its data.
chmod o+x "$folder"
host=
finish() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; fi
  rm -rf -- "$folder"
}
trap finish EXIT

# On ports and with passwords of its own.
cd -- "$root/ProSaas.AppHost"
DOTNET_ENVIRONMENT=Development ASPNETCORE_ENVIRONMENT=Development PROSAAS_POSTGRES=local PROSAAS_DATA=$folder/data \
  PROSAAS_API_PORT=28780 PROSAAS_BAILEYS_PORT=28781 PROSAAS_DASHBOARD_PORT=28782 dotnet "$app_host" \
  --Parameters:postgres-password=of-the-picture --Parameters:app-db-password=of-the-picture-too --Parameters:baileys-secret=of-the-picture-and-long \
  >"$folder/run.log" 2>&1 &
host=$!

login=
for ((i = 0; i < 600; i++)); do
  login=$(sed -n 's/^ *Login to the dashboard at //p' "$folder/run.log")
  [ -z "$login" ] || break
  kill -0 "$host" 2>/dev/null || die 70 "ProSaas did not start: $(tail -3 "$folder/run.log")"
  sleep 0.1
done
[ -n "$login" ] || die 70 "ProSaas printed no address of a dashboard."

node "$root/scripts/screenshot.cjs" "$driver/node_modules/playwright-core" "$chromium" "$login" "$root/docs/images/startup-waterfall.png"
say "Renewed docs/images/startup-waterfall.png."
