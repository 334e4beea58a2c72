#!/usr/bin/env bash
# Records the SQL that the API runs now as that of the previous release: run it at a release, on the commit that is released.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
if [ $# -gt 0 ]; then die 64 "scripts/record-sql.sh: unknown argument '$1': it takes none."; fi

need_dotnet
need_sdk
need_postgres
want espeak-ng espeak-ng
want ffmpeg ffmpeg ffprobe
need_artifacts
lock_build
build ProSaas.sln || exit 70
unlock_build

"$root/artifacts/bin/ProSaas.Tests/debug/ProSaas.Tests" --explicit only --filter-method '*SqlRecorder.Record' --no-ansi --progress off
say "Recorded ProSaas.Tests/Migrations/PreviousRelease/statements.sql."
