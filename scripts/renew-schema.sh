#!/usr/bin/env bash
# Makes the one migration and the compiled model anew from the entities. Until the first release the migration is rewritten, not added to.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
if [ $# -gt 0 ]; then die 64 "scripts/renew-schema.sh: unknown argument '$1': it takes none."; fi

need_dotnet
need_sdk
cd -- "$root"
need_artifacts
lock_build
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
dotnet tool restore >/dev/null

# Without these, so that entities that are gone do not keep the project from compiling. The rules beside them are written by hand.
rm -rf -- ProSaas.Data/CompiledModel ProSaas.Data/Migrations/[0-9]*.cs ProSaas.Data/Migrations/ProSaasDbContextModelSnapshot.cs
dotnet ef migrations add Initial --project ProSaas.Data
# The first line that closes a method is the end of Up.
awk '!done && $0 == "        }" { print "\n            migrationBuilder.AddRules();"; done = 1 } { print }' \
  ProSaas.Data/Migrations/[0-9]*_Initial.cs >ProSaas.Data/Migrations/Initial.new
mv -- ProSaas.Data/Migrations/Initial.new ProSaas.Data/Migrations/[0-9]*_Initial.cs
dotnet ef dbcontext optimize --project ProSaas.Data --output-dir CompiledModel --namespace ProSaas.Data.CompiledModel
