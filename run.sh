#!/usr/bin/env bash
# Starts ProSaas: PostgreSQL, the migration worker, then the API. Ctrl-C or SIGTERM stops all of it.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "$root/scripts/common.sh"

usage() {
  cat <<'USAGE'
Usage: ./run.sh [--help]

Builds what changed, then starts PostgreSQL, the migration worker and the API, in that order.

  PROSAAS_API_PORT   the API's port on 127.0.0.1 (default 5080)
  PackageFeed        full or limited: forces the engine, see README.md

Ctrl-C stops everything.
USAGE
}

if [ $# -gt 0 ]; then
  if [ $# = 1 ] && { [ "$1" = --help ] || [ "$1" = -h ]; }; then
    usage
    exit 0
  fi
  die 64 "run.sh: unknown argument '$1': see ./run.sh --help."
fi

need_dotnet
choose_feed
need_postgres

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
exec "$root/artifacts/limited/bin/ProSaas.AppHost/debug/ProSaas.AppHost" --StopOnFailure true
