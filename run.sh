#!/usr/bin/env bash
# Starts ProSaas: PostgreSQL, the migration worker, then the API; beside them the WhatsApp service. Ctrl-C or SIGTERM stops all of it.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "$root/scripts/common.sh"
source "$root/scripts/resources.sh"

usage() {
  cat <<'USAGE'
Usage: ./run.sh
       ./run.sh --status
       ./run.sh --command RESOURCE COMMAND [--yes]

Builds what changed, then starts PostgreSQL, the migration worker and the API, in that order, and the WhatsApp service beside them.

  --status           shows what runs from this checkout, and the commands it has
  --command          runs one of them; --yes confirms one that loses data

  PROSAAS_API_PORT         the API's port on 127.0.0.1 (default 5080)
  PROSAAS_BAILEYS_PORT     the WhatsApp service's (default 3300)
  PROSAAS_DASHBOARD_PORT   the dashboard's, which also uses the next two (default 18888)
  PackageFeed              full or limited: forces the engine, see README.md

The line "Dashboard: http://..." has the address to open in a browser.

Ctrl-C stops everything.
USAGE
}

case ${1:-} in
  "") ;;
  --help | -h)
    usage
    exit 0
    ;;
  --status)
    [ $# = 1 ] || die 64 "run.sh --status: unknown argument '$2': it takes none."
    print_status
    exit 0
    ;;
  --command)
    { [ $# = 3 ] || { [ $# = 4 ] && [ "$4" = --yes ]; }; } || die 64 "run.sh --command takes a resource, a command and perhaps --yes: see ./run.sh --status."
    run_command "$2" "$3" "$([ $# = 4 ] && echo true || echo false)"
    exit 0
    ;;
  *) die 64 "run.sh: unknown argument '$1': see ./run.sh --help." ;;
esac

need_dotnet
choose_feed
need_postgres
install_baileys || say "ProSaas starts without WhatsApp."

stamp=$root/artifacts/$feed/run.stamp
if ! is_built "$stamp"; then
  need_sdk
  need_artifacts
  lock_build
  say "Building for the $feed engine ($feed_reason); the first time takes a few minutes..."
  mkdir -p "$root/artifacts/$feed"
  # Dated before the build: a source saved while it runs is built the next time.
  build_identity >"$stamp.new"
  build ProSaas.AppHost || exit 70
  mv -- "$stamp.new" "$stamp"
  unlock_build
fi

if [ "$feed" = full ]; then
  cd -- "$root"
  exec dotnet run --no-build --project ProSaas.AppHost
fi

# The launch profile's environment; what is set outside wins.
export DOTNET_ENVIRONMENT=${DOTNET_ENVIRONMENT:-Development}
export ASPNETCORE_ENVIRONMENT=${ASPNETCORE_ENVIRONMENT:-Development}
# Without the WhatsApp service the rest is of use all the same.
exec "$root/artifacts/limited/bin/ProSaas.AppHost/debug/ProSaas.AppHost" --StopOnFailure true --StopOnFailure:Except baileys
