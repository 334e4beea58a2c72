#!/usr/bin/env bash
# Builds the solution and runs its tests. The last line is the count, taken from the run's own report.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
source "$root/scripts/common.sh"
source "$root/scripts/report.sh"

usage() {
  cat <<'USAGE'
Usage: ./test.sh [NAME... | baileys | containers | faults [NAME...] | faults-full-length | fuzz [SEED]]

Runs all tests but the long faults, or of those the ones whose namespace, class or method contains one of the NAMEs (any case).
baileys: the lint and the tests of the WhatsApp service alone, which the run of all tests has too.
containers: builds the images and runs the published stack in containers, as root on Debian, up to twenty minutes.
faults: the whole fault matrix, up to ten minutes; when it passes, docs/faults.md is written anew. With NAMEs only those, and nothing is written.
faults-full-length: the one fault that runs at the lengths of production, two minutes.
fuzz: 20,000 generated requests to the API, as many to the WhatsApp service, and 5,000 stanzas; up to fifteen minutes. With the SEED of another
  run the same ones. The run of all tests has a tenth of them.
The last line is "N passed, N failed", with ", N skipped" where there are any; the lines before it say which, and why.
With CI=true in the environment a skipped test is a failure: exit code 1.
USAGE
}

skipped_because=

finish() {
  local status=$1 line="${passed:-0} passed, ${failed:-0} failed"
  if [ "${skipped:-0}" != 0 ]; then
    line="$line, $skipped skipped"
    sed '/^$/d' <<<"$skipped_because" >&2
    if [ "${CI:-}" = true ]; then
      say "A skipped test is a failure, for CI=true is set."
      if [ "$status" = 0 ]; then status=1; fi
    fi
  fi
  echo "$line"
  exit "$status"
}

results=$root/artifacts/test

run_npm() { cd -- "$root/services/baileys" && exec npm "$@" >>"$results/baileys.log" 2>&1; }

# Node writes "# pass 12" or "ℹ pass 12".
node_count() { sed -n "s/^[^a-z]*$1 \([0-9][0-9]*\)\$/\1/p" "$results/baileys.log" | awk '{ sum += $1 } END { print sum + 0 }'; }

# Adds the lint, which counts when it fails, and the tests of the WhatsApp service to the counts: all of them, or npm's script that is named.
test_baileys() {
  local linted=0 tested=0 unsuccessful
  mkdir -p "$results"
  : >"$results/baileys.log"
  say "Testing the WhatsApp service..."
  supervise run_npm run --silent lint || linted=$?
  supervise run_npm run "${1:-test}" || tested=$?
  passed=$((${passed:-0} + $(node_count pass)))
  unsuccessful=$(($(node_count fail) + $(node_count cancelled)))
  skipped=$((${skipped:-0} + $(node_count skipped)))
  skipped_because=$skipped_because$'\n'$(skipped_node_tests "$results/baileys.log")
  if [ "$tested" != 0 ] && [ "$unsuccessful" = 0 ]; then unsuccessful=1; fi
  if [ "$linted" != 0 ]; then unsuccessful=$((unsuccessful + 1)); fi
  failed=$((${failed:-0} + unsuccessful))
  [ "$unsuccessful" = 0 ] || { cat -- "$results/baileys.log"; return 1; }
}

if [ "$*" = baileys ]; then
  install_baileys || finish 69
  need_artifacts
  test_baileys || finish 1
  finish 0
fi

if [ "$*" = containers ]; then exec "$root/scripts/containers.sh"; fi

filter=()
faults=
fuzz=
case ${1:-} in
  faults) faults=matrix; shift ;;
  faults-full-length) if [ $# = 1 ]; then faults=full; shift; fi ;;
  fuzz)
    fuzz=${2:-$((RANDOM << 15 | RANDOM))}
    if [ $# -gt 2 ] || ! [[ $fuzz =~ ^[0-9]{1,9}$ ]]; then die 64 "test.sh: the seed of fuzz must be a number of up to nine digits."; fi
    say "Generated trials of seed $fuzz; again: ./test.sh fuzz $fuzz"
    export PROSAAS_FUZZ_SEED=$fuzz PROSAAS_FUZZ_COUNT=20000
    set -- .FuzzTests.
    ;;
esac
for argument in "$@"; do
  case $argument in
    -h | --help)
      usage
      exit 0
      ;;
    -*) die 64 "test.sh: unknown option '$argument': see ./test.sh --help." ;;
    *) filter+=("*$argument*") ;;
  esac
done

need_dotnet
need_sdk
need_postgres
want_tools
install_baileys || { [ $# -gt 0 ] && [ -z "$fuzz" ]; } || [ -n "$faults" ] || exit 69
need_artifacts

lock_build
say "Building..."
build ProSaas.sln || finish 70
unlock_build

report=$results/report.trx
mkdir -p "$results"
rm -f -- "$report"
options=(--no-ansi --progress off --timeout 30m --results-directory "$results" --report-xunit-trx --report-xunit-trx-filename report.trx)
if [ ${#filter[@]} -gt 0 ]; then options+=(--filter-method "${filter[@]}"); fi
case $faults in
  matrix)
    options+=(--explicit on --filter-trait Fault=quick Fault=long)
    if [ ${#filter[@]} = 0 ]; then export PROSAAS_FAULTS_REPORT=$results/faults; fi
    ;;
  full) options+=(--explicit on --filter-trait Fault=full) ;;
  *)
    if [ ${#filter[@]} = 0 ]; then say "Without the long faults: ./test.sh faults runs them."; fi
    ;;
esac

export TESTINGPLATFORM_TELEMETRY_OPTOUT=1
status=0
supervise "$root/artifacts/bin/ProSaas.Tests/debug/ProSaas.Tests" "${options[@]}" || status=$?

counter() { sed -n "s/.*<Counters [^>]*$1=\"\([0-9]*\)\".*/\1/p" "$report" | head -1; }

if [ ! -s "$report" ]; then
  say "The test run ended with code $status before it wrote its report."
  finish 70
fi
passed=$(counter ' passed')
failed=$(counter ' failed')
skipped=$(counter ' notExecuted')
skipped_because=$(skipped_tests "$report")
if [ $((passed + failed)) = 0 ]; then
  say "No test ran${*:+ for: $*}."
  finish 66
fi
if [ -n "${PROSAAS_FAULTS_REPORT:-}" ] && [ "$status" = 0 ]; then
  cp -- "$results/faults/faults.md" "$root/docs/faults.md"
  say "Wrote docs/faults.md; how long each recovery took: $results/faults/times.tsv."
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then say "The test run ended with code $status although no test failed: see above."; fi
if [ -n "$fuzz" ]; then
  test_baileys fuzz || status=1
elif [ -z "$faults" ] && [ ${#filter[@]} = 0 ] && [ -d "$root/services/baileys" ]; then
  test_baileys || status=1
fi
finish "$status"
