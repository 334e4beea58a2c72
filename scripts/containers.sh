#!/usr/bin/env bash
# Builds the images and runs the published stack in containers: ./test.sh containers. Says each step and what it saw.
# The registries' base images are replaced by local ones, so what it proves is the Dockerfiles, the Compose file's values and the start.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"
if [ $# -gt 0 ]; then die 64 "scripts/containers.sh: unknown argument '$1': it takes none."; fi

need_dotnet
need_sdk
had_podman=$(command -v podman || true)
need_containers

readonly PROJECT=prosaasil DOMAIN=prosaas.test
export PROJECT DOMAIN POSTGRES_PASSWORD=postgres-of-the-test APP_DB_PASSWORD=app-of-the-test N8N_DB_PASSWORD=n8n-of-the-test \
  BAILEYS_SECRET=secret-of-the-test DATA_PROTECTION_SECRET=secret-of-the-test-for-the-keys-of-sessions N8N_ENCRYPTION_KEY=key-of-the-test \
  N8N_OPEN=true
unset OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL GOOGLE_CREDENTIALS_JSON DISABLE_TTS_WARMUP PROSAAS_VERSION

folder=$(mktemp -d /var/tmp/prosaas-containers-XXXXXX)
log=$folder/log server=$folder/server
passed=0 failed=0 job=

# Everything is below one folder, apart from what else this machine has of Podman's. Health checks are run by hand, for want of systemd.
export CONTAINERS_CONF=$folder/containers.conf DISABLE_HC_SYSTEMD=true
cat >"$CONTAINERS_CONF" <<'CONF'
[containers]
default_ulimits = []
[network]
network_backend = "netavark"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
CONF
# Words without spaces, for the functions that dcprod.sh is given.
export podman_options="--root $folder/storage --runroot $folder/run --network-config-dir $folder/networks --log-level error"
# shellcheck disable=SC2086
podman() { command podman $podman_options "$@"; }
# A snapshot, which must not last: a container that ends meanwhile can keep Podman waiting for ever.
# shellcheck disable=SC2086
look() { timeout 20 podman $podman_options "$@"; }

clean_up() {
  trap - EXIT
  if [ -n "$job" ]; then
    kill -TERM -- "-$job" || true
    wait "$job" || true
  fi
  podman rm --all --force --time 0 --volumes || true
  podman volume rm --all --force || true
  podman network rm --force "$PROJECT" || true
  umount --recursive "$folder/storage/overlay" || true
  rm -rf --one-file-system -- "$folder"
  # One that stays would be taken for a container engine, and run.sh would start PostgreSQL in it.
  if [ -z "$had_podman" ]; then apt-get remove -y -qq podman; fi
}
trap 'clean_up >/dev/null 2>&1' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

finish() {
  echo "$passed passed, $failed failed"
  if [ "$failed" = 0 ]; then exit 0; fi
  exit 1
}

# A step that the next ones need: without it there is nothing more to see.
step() {
  local what=$1 began=$SECONDS status=0
  shift
  say "$what..."
  # In a group of its own, so that it can be ended whole; and not in a condition, where its errors would be passed over.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  job=$!
  set +m
  wait "$job" || status=$?
  job=
  if [ "$status" = 0 ]; then say "  done in $((SECONDS - began)) s"; return; fi
  tail -n 40 -- "$log" >&2
  failed=$((failed + 1))
  say "FAILED  $what"
  finish
}

# Looks until it holds, for at most so many seconds, and counts it.
check() {
  local what=$1 limit=$2 began=$SECONDS
  shift 2
  until "$@" >"$log" 2>&1; do
    if [ $((SECONDS - began)) -ge "$limit" ]; then
      tail -n 20 -- "$log" >&2
      failed=$((failed + 1))
      say "FAILED  $what (looked for $limit s)"
      return 0
    fi
    sleep 0.2
  done
  passed=$((passed + 1))
  say "  ok  $what ($((SECONDS - began)) s)"
}

# --- The base images

make_debian() {
  local system=$folder/debian codename
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  debootstrap --variant=minbase --include=ca-certificates "$codename" "$system"
  # So that a build reaches the package feeds as this machine does.
  cp -a /etc/apt/. "$system/etc/apt/"
  cp -a /usr/local/share/ca-certificates/. "$system/usr/local/share/ca-certificates/"
  tar --directory "$system" --create . | podman import --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - localhost/debian
  rm -rf --one-file-system -- "$system"
}

libraries() { apt-cache --names-only search '^(libicu[0-9]+|libssl3(t64)?|libstdc\+\+6)$' | cut -d' ' -f1; }

make_base() {
  # npm opens more files at once than a container may by default.
  podman build --network host --ulimit "nofile=$(ulimit -Hn):$(ulimit -Hn)" --target "$1" --tag "$2" --build-arg DEBIAN_IMAGE=localhost/debian --build-arg "N8N_VERSION=${2##*:}" \
    --build-arg "NODE_VERSION=$node_version" --build-arg "POSTGRES_VERSION=$EMBEDDED_POSTGRES_VERSION" --build-arg "POSTGRES_MAJOR=${EMBEDDED_POSTGRES_VERSION%%.*}" --build-arg "LIBRARIES=tzdata $(libraries | tr '\n' ' ')" \
    --build-context "dotnet-home=$(dirname -- "$(readlink -f -- "$(command -v dotnet)")")" --build-context "node-home=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v node)")")")" \
    --file "$root/scripts/containers/bases.Dockerfile" "$root/scripts/containers"
}

base_of() { sed -n "s/^\(ARG $2=\|FROM \)\([a-z][^ ]*:[^ ]*\).*/\2/p" "$root/$1" | head -1; }
node_base=$(base_of services/baileys/Dockerfile NODE_IMAGE)
node_version=${node_base##*:} node_version=${node_version%%-*}

# --- What the Compose files say

# nginx without TLS, since there is no certificate.
export compose
compose=$(cd -- "$root" && { yq . docker-compose.yml && yq . docker-compose.prod.yml; } | jq --slurp '.[0] * (.[1] | del(.services.nginx | .environment, .ports, .volumes))')
field() { jq -r ".services[\"$1\"]$2 // empty" <<<"$compose"; }

# The files write their variables as the shell does.
expand() { eval "printf '%s' \"${1//\"/\\\"}\""; }

build_image() {
  local context
  context=$root/$(field "$1" .build.context)
  # Packages that this machine has already are not fetched again.
  podman build --network host --format docker --volume "$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //'):/packages" \
    --build-arg SDK_IMAGE=localhost/sdk --build-arg RUNTIME_IMAGE=localhost/runtime \
    --tag "$(expand "$(field "$1" .image)")" --file "$context/$(field "$1" .build.dockerfile)" "$context"
}

name_of() { echo "$PROJECT-$1-1"; }

# Starts a service with what the Compose files say of it. Podman cannot give a tmpfs to a user, so anybody may write to it.
run_service() {
  local service=$1 options=() health
  shift
  while IFS= read -r line; do options+=(--env "$(expand "$line")"); done < <(field "$service" '.environment | to_entries? | .[] | "\(.key)=\(.value)"')
  while IFS= read -r line; do options+=(--volume "${PROJECT}_$line"); done < <(field "$service" '.volumes[]? | "\(.source):\(.target)"')
  health=$(field "$service" '.healthcheck.test | select(.) | .[1:] | @sh')
  if [ -n "$health" ]; then options+=(--health-cmd "$health" --health-interval 1h --health-timeout "$(field "$service" .healthcheck.timeout)"); fi
  while IFS= read -r line; do options+=("$line"); done < <(field "$service" '| (if .read_only then "--read-only" else empty end),
    (.tmpfs[]? | sub(",uid=.*"; ",mode=1777") | "--tmpfs=\(.)"), (.cap_drop[]? | "--cap-drop=\(.)"), (.cap_add[]? | "--cap-add=\(.)"), (.security_opt[]? | "--security-opt=\(split(":")[0])"),
    (.mem_limit | strings | "--memory=\(.)"), (.shm_size | strings | "--shm-size=\(.)"), (.stop_grace_period | strings | "--stop-timeout=\(rtrimstr("s"))")')
  podman run --name "$(name_of "$service")" --network "$PROJECT" --network-alias "$service" --restart "$(field "$service" .restart)" "${options[@]}" "$@" "$(expand "$(field "$service" .image)")"
}

start() { step "Starting $1" run_service "$1" --detach "${@:2}"; }

is_healthy() { look healthcheck run "$(name_of "$1")"; }

probe() { look exec "$(name_of prosaas-api)" dotnet ProSaas.Api.dll --probe "$1"; }

# True when the probe's answer, whatever its code, has the text.
answers() { { probe "$1" || true; } | grep -F -- "$2"; }

is_dropped() { { probe "$1" 2>&1 || true; } | grep -F "ended prematurely"; }

is_not() { ! "$@"; }

says() { look logs "$(name_of "$1")" 2>&1 | grep -F -- "$2"; }

sql() { look exec --env "PGPASSWORD=$POSTGRES_PASSWORD" "$(name_of postgres)" psql --host 127.0.0.1 --username postgres --dbname "${2:-prosaasdb}" --tuples-only --no-align --command "$1"; }

finds() { [ "$(sql "$1" "${3:-}")" = "$2" ]; }

pid_of() { look inspect --format '{{.State.Pid}}' "$(name_of "$1")"; }

runs_as_another() { [ "$(podman image inspect --format '{{.User}}' "$(expand "$(field "$1" .image)")")" != "" ] && podman run --rm --network none --entrypoint id "$(expand "$(field "$1" .image)")" -u | grep -v '^0$'; }

has_sbom() { podman run --rm --network none --entrypoint cat "$(expand "$(field "$1" .image)")" /app/sbom.json | jq --exit-status '.bomFormat == "CycloneDX" and (.components | length > 20)'; }

speaks() { podman run --rm --network none --entrypoint sh "$(expand "$(field prosaas-api .image)")" -c 'espeak-ng -v he -w /tmp/a.wav שלום && ffmpeg -loglevel error -i /tmp/a.wav -f mp3 - | head -c 3 | grep -q ID3'; }

# --- The operators' command, on Podman in place of Docker

readonly OLDER_POSTGRES=localhost/older-postgres:17

# Runs something with the former release's PostgreSQL in the Compose file.
with_older_postgres() {
  local former
  former=$(jq --arg image "$OLDER_POSTGRES" '.services.postgres.image = $image | .services.postgres.volumes[0].target = "/var/lib/postgresql/data"' <<<"$compose")
  compose=$former "$@"
}

# What docker would do for the commands of the guide that is followed here. Of the services only PostgreSQL and the migrations run.
docker() {
  case "$*" in
    "compose version" | info | *" stop "* | *" build" | *" up -d") ;;
    *" port nginx "*) return 1 ;;
    *" down") podman rm --force --time 60 "$(name_of postgres)" ;;
    *" up -d --wait postgres") run_service postgres --detach && until is_healthy postgres; do sleep 0.2; done ;;
    *" exec -T postgres "*)
      while [ "$1" != postgres ]; do shift; done
      shift
      podman exec --interactive "$(name_of postgres)" "$@"
      ;;
    *" run --rm -T --no-deps migrations") run_service migrations --rm ;;
    "ps -a "*) echo 'postgres Up 1 second (healthy)' ;;
    *) podman "$@" ;;
  esac
}
git() { echo "git $*"; }
export -f docker git podman look field expand name_of run_service is_healthy

# A server's folder, with ports that nothing listens on.
make_server() {
  mkdir -p "$server/scripts" "$server/tls"
  cp "$root/scripts/dcprod.sh" "$root/scripts/common.sh" "$server/scripts/"
  sed 's/:80:8080"/:61080:8080"/' "$root/docker-compose.yml" >"$server/docker-compose.yml"
  sed 's/:443:8443"/:61443:8443"/' "$root/docker-compose.prod.yml" >"$server/docker-compose.prod.yml"
  : >"$server/.env"
  for file in fullchain privkey; do echo none >"$server/tls/$file.pem"; done
  chmod 644 "$server/tls/privkey.pem"
}

# A block of commands of the guide from one version to the next, by its number.
guide() {
  awk '/^## /{ inside = /From PostgreSQL 17 to 18/ } inside' "$root/docs/deploy.md" | awk -v block="$1" '/```/ { fences++; next } fences == 2 * block - 1' |
    sed -e "s|/var/backups/prosaas|$folder|g" -e "s|<[^>]*>|release|g"
}

follow_guide() { cd -- "$server" && bash -euo pipefail -c "$(guide "$1")"; }

is_refused() { (cd -- "$server" && ! scripts/dcprod.sh "$@" 2>&1) | grep -F "has the data of PostgreSQL"; }

refuses_to_start() { ! run_service postgres --rm --restart no >"$log.postgres" 2>&1 && grep -F "there appears to be PostgreSQL data in" "$log.postgres"; }

is_replaced() { local now; now=$(pid_of "$1"); [ "$now" != 0 ] && [ "$now" != "$2" ]; }

# --- What is tried

step "Making a Debian system" make_debian
step "Making the base image with the .NET runtime" make_base runtime localhost/runtime
step "Making the base image with the .NET SDK" make_base sdk localhost/sdk
step "Making the base image with PostgreSQL" make_base postgres "$(field postgres .image)"
step "Making an image with Debian's PostgreSQL, which stands for the former release's" make_base older-postgres "$OLDER_POSTGRES"
step "Making the base image with Node.js" make_base node "docker.io/library/$node_base"
step "Making an image of n8n" make_base n8n "$(field n8n .image)"
step "Making the base image with nginx" make_base nginx "$(base_of deploy/nginx/Dockerfile NGINX_IMAGE)"
for service in migrations prosaas-api baileys nginx; do step "Building the image of $service" build_image "$service"; done
podman network create "$PROJECT" >/dev/null

for service in migrations prosaas-api baileys; do check "$service: its image has a list of what is in it" 0 has_sbom "$service"; done
for service in migrations prosaas-api baileys nginx; do check "$service: its image does not run as root" 0 runs_as_another "$service"; done
check "prosaas-api: its image speaks Hebrew as MP3" 0 speaks

say "From an older PostgreSQL to this one, by the guide:"
make_server
step "Starting the older postgres" with_older_postgres run_service postgres --detach
check "the older postgres is healthy" 120 is_healthy postgres
step "Running the migrations" run_service migrations --rm
step "Making a table of n8n" sql "CREATE TABLE of_before (name text); INSERT INTO of_before VALUES ('kept')" n8n
check "dcprod.sh refuses to replace it" 0 is_refused run --rm migrations
step "Stopping and backing up" follow_guide 1
check "dcprod.sh refuses to start on its data" 0 is_refused up -d
check "PostgreSQL's image refuses too" 0 refuses_to_start
step "Moving the older data aside" follow_guide 2
step "Starting this PostgreSQL and restoring" follow_guide 3
check "this PostgreSQL is newer" 0 finds "SELECT current_setting('server_version_num')::int / 10000" "${EMBEDDED_POSTGRES_VERSION%%.*}"
check "what was in the older one is there" 0 finds "SELECT name FROM of_before" kept n8n
check "the older data is kept" 0 look exec "$(name_of postgres)" test -s "/var/lib/postgresql/kept-17/PG_VERSION"
step "Deleting the older data" look exec "$(name_of postgres)" rm -r "/var/lib/postgresql/kept-17"
podman rm --force --time 60 "$(name_of postgres)" >/dev/null
podman volume rm "${PROJECT}_postgres-data" >/dev/null

say "The API before its database:"
start prosaas-api
check "prosaas-api says that it is initializing" 120 answers http://127.0.0.1:8080/api/health '"initializing"'
check "prosaas-api is alive meanwhile" 0 probe http://127.0.0.1:8080/livez
check "prosaas-api is not healthy" 0 is_not is_healthy prosaas-api
start postgres
check "postgres is healthy" 120 is_healthy postgres
check "prosaas-api is not healthy before the migrations" 0 is_not is_healthy prosaas-api
step "Running the migrations" run_service migrations
check "migrations ended well" 0 says migrations "🔒 Migrations complete"
check "prosaas-api is healthy" 120 is_healthy prosaas-api
check "n8n has a database of its own" 0 finds "SELECT rolname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba OR has_database_privilege(pg_roles.oid, pg_database.oid, 'CREATE') WHERE datname = 'n8n' AND rolname = 'n8n' AND NOT rolsuper" n8n
podman rm "$(name_of migrations)" >/dev/null
step "Running the migrations again" run_service migrations
podman rm "$(name_of migrations)" >/dev/null

say "The services around it:"
start nginx --network-alias "$DOMAIN" --network-alias "n8n.$DOMAIN"
start baileys
check "baileys is healthy" 120 is_healthy baileys
check "nginx is healthy" 120 is_healthy nginx
check "prosaas-api finds database and WhatsApp service" 120 probe http://127.0.0.1:8080/readyz
check "prosaas-api is reached through nginx" 120 answers "http://$DOMAIN:8080/api/health" '"ok"'
start n8n
check "n8n is healthy" 300 is_healthy n8n
check "n8n is reached through nginx" 120 answers "http://n8n.$DOMAIN:8080/healthz" '"ok"'
check "nginx does not answer for a host that it does not know" 0 is_dropped http://nginx:8080/api/health

say "Killed and back:"
before=$(pid_of prosaas-api)
kill -KILL "$before"
check "prosaas-api is started again" 120 is_replaced prosaas-api "$before"
check "prosaas-api is healthy again" 120 is_healthy prosaas-api
before=$(pid_of postgres) api=$(pid_of prosaas-api)
kill -KILL "$before"
check "postgres is started again" 120 is_replaced postgres "$before"
check "postgres is healthy again" 120 is_healthy postgres
check "prosaas-api finds its database again" 120 probe http://127.0.0.1:8080/readyz
check "prosaas-api was not started again for that" 0 is_not is_replaced prosaas-api "$api"

say "All stopped, and started in the wrong order:"
step "Stopping all" podman stop --all
check "prosaas-api ended by itself" 0 test "$(podman inspect --format '{{.State.ExitCode}}' "$(name_of prosaas-api)")" = 0
for service in prosaas-api baileys n8n nginx; do step "Starting $service" podman start "$(name_of "$service")"; done
check "prosaas-api says that it is initializing" 120 answers http://127.0.0.1:8080/api/health '"initializing"'
step "Starting postgres" podman start "$(name_of postgres)"
for service in postgres prosaas-api baileys n8n nginx; do check "$service is healthy" 120 is_healthy "$service"; done
check "prosaas-api is reached through nginx" 120 answers "http://$DOMAIN:8080/api/health" '"ok"'
finish
