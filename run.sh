#!/usr/bin/env bash
# Starts ProSaas: PostgreSQL, the migration worker, then the API; beside them the WhatsApp service. Ctrl-C or SIGTERM stops all of it.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "$root/scripts/common.sh"

usage() {
  cat <<'USAGE'
Usage: ./run.sh

Installs what is missing where it may, builds what changed, then starts PostgreSQL, the migration worker and the API,
in that order, and the WhatsApp service beside them.

  PROSAAS_API_PORT         the API's port on 127.0.0.1 (default 5080)
  PROSAAS_BAILEYS_PORT     the WhatsApp service's (default 3300)
  PROSAAS_DASHBOARD_PORT   the dashboard's, which also uses the next three (default 18888)
  PROSAAS_POSTGRES_PORT    PostgreSQL's (default: a free one)
  PROSAAS_POSTGRES         container or local: where PostgreSQL runs (default: a container where an engine answers)
  PROSAAS_DATA             the folder of what outlives a run (default: one of this checkout's own)

The line "Login to the dashboard at http://..." has the address to open in a browser.

Ctrl-C stops everything.
USAGE
}

case ${1:-} in
  "") ;;
  --help | -h)
    usage
    exit 0
    ;;
  *) die 64 "run.sh: unknown argument '$1': see ./run.sh --help." ;;
esac

need_dotnet
install_baileys || say "ProSaas starts without WhatsApp."

stamp=$root/artifacts/run.stamp
if ! is_built "$stamp"; then
  need_sdk
  need_artifacts
  lock_build
  say "Building; the first time takes a few minutes..."
  # Dated before the build: a source saved while it runs is built the next time.
  build_identity >"$stamp.new"
  build ProSaas.AppHost || exit 70
  mv -- "$stamp.new" "$stamp"
  unlock_build
fi

# As the launch profile has it, which dotnet run would read; what is set outside wins.
export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
export ASPNETCORE_ENVIRONMENT=${ASPNETCORE_ENVIRONMENT:-Development}
# Its settings are in its folder.
cd -- "$root/ProSaas.AppHost"
exec dotnet "$root/artifacts/bin/ProSaas.AppHost/debug/ProSaas.AppHost.dll"
