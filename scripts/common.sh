# What run.sh, test.sh and scripts/ share: the machine's prerequisites and the build. Sourced, never run.
# Works with bash 3.2, which is what macOS ships.
# shellcheck shell=bash

: "${root:?is set by whoever sources this}"

readonly MINIMUM_NODE=20
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

# True when this user may install Debian's packages.
may_install() { [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }

# apt's own reason out of all that it says.
apt_reason() {
  local reason
  reason=$(grep -m 1 -E '^(E: |dpkg: error)' <<<"$1") || reason=$(sed -n '/./p' <<<"$1" | tail -1)
  printf '%s' "${reason#E: }"
}

lists_are_new=

# Once a run, by the first who installs something. apt does not wait for this lock, as it does for the other.
renew_package_lists() {
  local log deadline=$((SECONDS + 120))
  [ -z "$lists_are_new" ] || return 0
  lists_are_new=yes
  say "Renewing Debian's lists of packages..."
  until log=$(apt-get update -qq -o APT::Update::Error-Mode=any 2>&1 </dev/null); do
    # The old lists may do: what is installed from them says so itself.
    if [ "$SECONDS" -ge "$deadline" ] || ! grep -q 'Could not get lock' <<<"$log"; then
      say "They could not be renewed: $(apt_reason "$log")"
      return 0
    fi
    sleep 1
  done
}

# Installs the programs alone: no server of the system's is started by it.
apt_install() (
  policy=/usr/sbin/policy-rc.d
  if [ -w /usr/sbin ] && [ ! -e "$policy" ]; then
    trap 'rm -f -- "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "$@" 2>&1 </dev/null
)

# Installs Debian's packages where it may: a line says which, and another one why they could not be installed.
install_debian() {
  local log
  may_install || return 1
  renew_package_lists
  say "Installing Debian's $*..."
  log=$(apt_install "$@") && return 0
  say "Could not install $*: $(apt_reason "$log")"
  return 1
}

has_program() { command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ]; }

# want PACKAGES PROGRAM...: installs Debian's packages unless the programs are there.
want() {
  local packages=$1 program
  shift
  for program in "$@"; do
    # shellcheck disable=SC2086 # Several packages.
    has_program "$program" || { install_debian $packages || true; return 0; }
  done
}

# What single tests use. Where something is missing and may not be installed, its tests are skipped and say so at the end.
want_tools() {
  want pgbouncer pgbouncer
  want espeak-ng espeak-ng
  want ffmpeg ffmpeg ffprobe
  want zbar-tools zbarimg
  want "nginx-light gettext-base" nginx envsubst
  want openssl openssl
  want shellcheck shellcheck
  want "docker-compose python3-yaml" docker-compose
  want_dclint
}

# The linter of the Compose files.
want_dclint() {
  local log
  [ ! -x "$root/artifacts/dclint/node_modules/.bin/dclint" ] && command -v npm >/dev/null || return 0
  say "Installing dclint from npm..."
  log=$(npm install --prefix "$root/artifacts/dclint" --no-audit --no-fund --loglevel=error "dclint@$DCLINT_VERSION" 2>&1 </dev/null) ||
    say "Could not install dclint: $(npm_reason "$log")"
}

# npm's own reason: the first line that is no code.
npm_reason() { sed -n -e '/^npm [^ ]* code /d' -e '/./{p;q;}' <<<"$1"; }

# ./test.sh containers runs Debian's Podman on base images that it makes itself.
need_containers() {
  may_install ||
    die 69 "The containers are tried as root on Debian, on base images made from its packages. Elsewhere run them with Docker: docs/deploy.md says how."
  has_node || install_debian nodejs npm && has_node || die 69 "Node.js $MINIMUM_NODE or newer is missing, of which the base image of the WhatsApp service is made: install it from https://nodejs.org."
  has_program podman && has_program runc && has_program debootstrap && has_program jq && has_program yq && has_program iptables && [ -x /usr/lib/podman/aardvark-dns ] && return 0
  install_debian podman runc netavark aardvark-dns iptables debootstrap jq yq || exit 69
}

# The programs of PostgreSQL: found, or installed, by the script that runs them.
need_postgres() {
  local script=$root/hosting/LocalPostgres/local-postgres.sh
  sh "$script" find >/dev/null && return 0
  sh "$script" fetch >&2 || exit
  # It has renewed the lists of packages before it installed one.
  if may_install; then lists_are_new=yes; fi
}

# The WhatsApp service is a Node program.
has_node() {
  local major
  major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p')
  [ -n "$major" ] && [ "$major" -ge $MINIMUM_NODE ] && command -v npm >/dev/null
}

# One of the modules is compiled where its binary cannot be fetched: with Node's headers from beside it, where they are.
install_modules() (
  home=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v node)")")")
  if [ -f "$home/include/node/node.h" ]; then export npm_config_nodedir=$home; fi
  npm ci --no-audit --no-fund --loglevel=error 2>&1 </dev/null
)

# Installs the modules of the WhatsApp service where its lock file is newer than what is installed, or another Node.js than
# this one has installed them. Says why when it cannot.
install_baileys() {
  local folder=$root/services/baileys log
  [ -f "$folder/package-lock.json" ] || return 0
  if ! has_node && ! { install_debian nodejs npm && has_node; }; then
    say "Node.js $MINIMUM_NODE or newer with npm is missing, which the WhatsApp service needs: install it from https://nodejs.org and have node and npm on the PATH."
    return 1
  fi
  [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ] &&
    (cd -- "$folder" && node -e "new (require('better-sqlite3'))(':memory:')") 2>/dev/null && return 0
  say "Installing the modules of the WhatsApp service..."
  log=$(cd -- "$folder" && install_modules) && return 0
  has_program g++ || { install_debian g++ make python3 && log=$(cd -- "$folder" && install_modules) && return 0; }
  say "The modules of the WhatsApp service could not be installed: $(npm_reason "$log") Run 'npm ci' in services/baileys; g++, make and python3 may be missing."
  return 1
}

# True when the last build is newer than every source: files and, so that deletions count, folders.
is_built() {
  local stamp=$1
  [ -f "$stamp" ] && [ "$(cat -- "$stamp")" = "$(build_identity)" ] || return 1
  [ -z "$(find "$root" \( -name artifacts -o -name .git -o -name node_modules -o -path "$root/docs" -o -path "$root/services" -o -path "$root/ProSaas.Tests" -o -name '*.md' -o -name '*.sh' \) -prune \
    -o -newer "$stamp" -print 2>/dev/null | head -1)" ]
}

build_identity() { printf '%s\n%s\n' "$root" "${StandIns:-}"; }

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
  say "Building $target failed: the errors are above, the whole log is $log."
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
