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
  PROSAAS_DASHBOARD_PORT   the dashboard's, which also uses the next two (default 18888)
  PROSAAS_POSTGRES         container or local: where PostgreSQL runs (default: a container where there is an engine)

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
uses_containers || need_postgres
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

cd -- "$root"
exec dotnet run --no-build --project ProSaas.AppHost
