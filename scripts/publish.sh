#!/usr/bin/env bash
# Renews the files at the root that are published from the AppHost: aspire-manifest.json and docker-compose.yml.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
if [ $# -gt 0 ]; then die 64 "scripts/publish.sh: unknown argument '$1': it takes none."; fi

need_dotnet
need_sdk
need_artifacts
lock_build
build ProSaas.AppHost || exit 70
unlock_build

target=$(cd -- "$root" && dotnet msbuild ProSaas.AppHost -getProperty:TargetPath)
folder=$(mktemp -d)
trap 'rm -rf -- "$folder"' EXIT
dotnet "$target" --publisher manifest --output-path "$root/aspire-manifest.json"
dotnet "$target" --operation publish --step publish --output-path "$folder"
# The AppHost ends with 0 even when a step of publishing failed, which it has then said.
[ -f "$folder/docker-compose.yaml" ] || die 70 "The Compose file was not published: the AppHost says why, above."
{
  echo "# Published from ProSaas.AppHost by scripts/publish.sh: change it there, not here."
  cat "$folder/docker-compose.yaml"
} >"$root/docker-compose.yml"
say "Published aspire-manifest.json and docker-compose.yml."
