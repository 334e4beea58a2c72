#!/usr/bin/env bash
# docker compose for the server: both files, the project prosaasil, from any folder. Looks for what is missing or wrong first.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
source "$root/scripts/common.sh"

readonly PROJECT=prosaasil
# Seconds that services get to become healthy.
readonly HEALTH_LIMIT=180
readonly DATABASES=(prosaasdb n8n)
readonly DATA_VOLUME=${PROJECT}_postgres-data

usage() {
  cat <<'USAGE'
Usage: scripts/dcprod.sh COMMAND...

  status          services with their health, the course of the API's start, the certificate
  update          builds, migrates, replaces the API by a healthy new one, then the rest
  backup FOLDER   writes the databases into a new folder
  restore FOLDER  puts back what backup wrote, and keeps what was there under another name

Any other command goes to docker compose as it is:
  up -d --build --force-recreate · down · ps · logs -f prosaas-api · exec prosaas-api dotnet ProSaas.Api.dll --probe http://127.0.0.1:8080/readyz
USAGE
}

compose() { docker compose --project-name "$PROJECT" -f docker-compose.yml -f docker-compose.prod.yml --env-file .env "$@"; }

problems=0
miswritten=
passphrase=
kept=
swapped=no
problem() {
  say "$*"
  problems=$((problems + 1))
}

# As Compose sees it: the environment wins over the file.
setting() {
  if [ -n "${!1+x}" ]; then
    printf '%s' "${!1}"
    return
  fi
  tr -d '\r' <.env | sed -n "s/^[[:space:]]*\(export[[:space:]][[:space:]]*\)\{0,1\}$1[[:space:]]*=[[:space:]]*//p" | tail -n 1 |
    sed -e "s/^'\([^']*\)'.*/\1/;t" -e 's/^"\([^"]*\)".*/\1/;t' -e 's/[[:space:]][[:space:]]*#.*//' -e 's/^#.*//' -e 's/[[:space:]]*$//'
}

# The names that the Compose files ask for with an error.
required() { grep -ho '\${[A-Z0-9_]*:?' docker-compose.yml docker-compose.prod.yml | tr -d '${:?' | sort -u; }

# A line of .env that Compose would read otherwise than it is written is refused: a value is plain, or whole between single
# quotes, which Compose passes on as it is. Only what is checked itself, the domain, may have a comment behind it. No value is shown.
readonly PLAIN='[^"'"'"'$\\`#[:space:]]*'
readonly QUOTED="'([^']*[^'\\\\])?'"
readonly COMMENT='([[:space:]]+#.*)?'

check_written() {
  local line number=0 name value
  miswritten=
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    [[ $line =~ ^[[:space:]]*(#.*)?$ ]] && continue
    if [[ ! $line =~ ^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=[[:space:]]*(.*)$ ]]; then
      problem "Line $number of .env is not NAME=value, with both on one line: correct it."
      continue
    fi
    name=${BASH_REMATCH[2]} value=${BASH_REMATCH[3]%"${BASH_REMATCH[3]##*[![:space:]]}"}
    [[ $value =~ ^($PLAIN|$QUOTED)$ ]] && continue
    [[ $value == '#'* && $(required) == *"$name"* ]] && continue
    [[ $value =~ ^\"[^\"\$\\\`#]*\"$ ]] && continue
    [[ $name != *PASSWORD* && $name != *SECRET* && $name != *KEY* && $value =~ ^($PLAIN|$QUOTED|\"[^\"\$\\\`]*\")$COMMENT$ ]] && continue
    miswritten="$miswritten $name "
    case $name in
      ADMIN_PASSWORD) ;;
      *PASSWORD)
        problem "$name has characters that break a connection string. Allowed: letters, digits and . _ ~ - (make one with: openssl rand -hex 24)."
        continue
        ;;
    esac
    problem "$name in .env has characters that Compose would change or drop (quotes, \$, \\, #, spaces): put the whole value between single quotes, or make another without them."
  done <.env
}

# What stands in .env and reaches no service is said, and also when others can read the file.
warn_of_environment() {
  local name known
  known=" $(grep -ho '\${[A-Z0-9_]*' docker-compose.yml docker-compose.prod.yml | tr -d '${' | sort -u | paste -sd ' ' -) BACKUP_KEEP BACKUP_PASSPHRASE_FILE "
  for name in $(sed -n 's/^[[:space:]]*\(export[[:space:]][[:space:]]*\)\{0,1\}\([A-Za-z_][A-Za-z0-9_]*\)[[:space:]]*=.*/\2/p' .env | sort -u); do
    case "$known" in *" $name "*) continue ;; esac
    case $name in COMPOSE_* | DOCKER_*) continue ;; esac
    say "$name in .env reaches no service: .env.example lists what may stand there. Another setting of a service belongs under its 'environment' in docker-compose.prod.yml."
  done
  if [ -n "$(find -L .env \( -perm -040 -o -perm -020 -o -perm -004 -o -perm -002 \))" ]; then
    say ".env holds secrets and is open to others than its owner: chmod 600 $root/.env"
  fi
}

# Host port and container port of what nginx publishes.
published() { sed -n 's/^ *- "\{0,1\}\([0-9.]*:\)\{0,1\}\([0-9][0-9]*\):\([0-9][0-9]*\)"\{0,1\}$/\2 \3/p' docker-compose.yml docker-compose.prod.yml; }

need_docker() {
  command -v docker >/dev/null || die 69 "Docker is missing: install it from https://docs.docker.com/engine/install and have docker on the PATH."
  docker compose version >/dev/null 2>&1 || die 69 "Docker has no 'docker compose': install its Compose plugin (Debian, Ubuntu: docker-compose-plugin)."
  docker info >/dev/null 2>&1 || die 69 "The Docker daemon cannot be reached: start it (systemctl start docker), or give $(id -un) access to it (group docker)."
}

need_environment() {
  [ -f .env ] || die 78 ".env is missing in $root: copy .env.example to .env and fill it in."
  [ -r .env ] || die 78 ".env in $root cannot be read by $(id -un): give it to this user, or run this as its owner."
  local name
  for name in $(required); do
    if [ -z "$(setting "$name")" ]; then problem "$name is not set: set it in .env (.env.example says how)."; fi
  done
}

check_values() {
  local name value
  check_written
  for name in $(required) ADMIN_PASSWORD; do
    case $miswritten in *" $name "*) continue ;; esac
    value=$(setting "$name")
    case $value in
      '') ;;
      *[Cc][Hh][Aa][Nn][Gg][Ee]*[Mm][Ee]* | *'<'* | *'>'* | your[-_]* | example.com | *.example.com)
        problem "$name is still a placeholder: set it in .env (.env.example says how)."
        continue
        ;;
    esac
    case $name:$value in
      *:) ;;
      DOMAIN:*[!A-Za-z0-9.-]* | DOMAIN:[.-]* | DOMAIN:*[.-] | DOMAIN:*..* | DOMAIN:*.-* | DOMAIN:*-.*)
        problem "DOMAIN is '$value'. Allowed: a domain name without scheme, port or path, for instance shop.example.org." ;;
      DOMAIN:*.*[A-Za-z]*) ;;
      DOMAIN:*) problem "DOMAIN is '$value'. Allowed: a domain name with a dot, for instance shop.example.org." ;;
      BAILEYS_SECRET:????????????????*) ;;
      BAILEYS_SECRET:*) problem "BAILEYS_SECRET is too short. Allowed: 16 characters or more (make one with: openssl rand -hex 24)." ;;
      ADMIN_PASSWORD:*) ;;
      *PASSWORD:*[!A-Za-z0-9._~-]*)
        problem "$name has characters that break a connection string. Allowed: letters, digits and . _ ~ - (make one with: openssl rand -hex 24)." ;;
    esac
  done
  for name in fullchain.pem privkey.pem; do
    if [ ! -s "tls/$name" ]; then problem "tls/$name is missing in $root: put the certificate of DOMAIN and n8n.DOMAIN there (docs/deploy.md, Certificates)."; fi
  done
  if [ -s tls/privkey.pem ] && [ -z "$(find -L tls/privkey.pem \( -uid 101 -perm -400 \) -o \( -gid 101 -perm -040 \) -o -perm -004)" ]; then
    problem "tls/privkey.pem cannot be read by nginx, which is user 101: sudo chown 101 tls/privkey.pem && sudo chmod 400 tls/privkey.pem"
  fi
}

check_ports() {
  local port inner owner
  while read -r port inner; do
    if compose port nginx "$inner" >/dev/null 2>&1; then continue; fi
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
    owner=$( (ss -Hltnp "sport = :$port" || true) 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)
    problem "Port $port is in use${owner:+ by $owner}: stop that program, nginx needs the port."
  done < <(published)
}

# PostgreSQL reads no other major version's files. Its image looks for them in a folder named after the version; before 18 they were the whole volume.
check_data() {
  local image major found
  docker volume inspect "$DATA_VOLUME" >/dev/null 2>&1 || return 0
  image=$(sed -n 's|^ *image: "\([^"]*/postgres:[0-9.]*\)"$|\1|p' docker-compose.yml)
  major=${image##*:} major=${major%%.*}
  found=$(docker run --rm --network none --volume "$DATA_VOLUME:/volume:ro" --workdir /volume --entrypoint sh "$image" \
    -c "[ -s $major/docker/PG_VERSION ] || cat PG_VERSION */docker/PG_VERSION 2>/dev/null || true") ||
    die 70 "What is in the volume $DATA_VOLUME could not be read: the error is above. Nothing was changed."
  [ -z "$found" ] || die 78 "The volume $DATA_VOLUME has the data of PostgreSQL ${found//$'\n'/, }, with which PostgreSQL $major does not start: nothing was changed. docs/deploy.md leads from one to the other, under 'From PostgreSQL 17 to 18'."
}

stop_if_wrong() { if [ "$problems" != 0 ]; then exit 78; fi; }

# What runs, a line each: service, then how it is.
services() {
  docker ps -a --filter "label=com.docker.compose.project=$PROJECT" --filter label=com.docker.compose.oneoff=False \
    --format '{{.Label "com.docker.compose.service"}} {{.Status}}' | sort
}

# The services that are not what they should be: up and healthy, the migrations ended well.
unready() {
  local found
  found=$(services) && [ -n "$found" ] || found="no service runs"
  grep -Ev '^(migrations Exited \(0\)|[^ ]+ Up .*\(healthy\))' <<<"$found" || true
}

status() {
  local found timeline ends
  found=$(services)
  if [ -z "$found" ]; then
    say "Nothing runs: scripts/dcprod.sh up -d starts it."
    return 1
  fi
  printf '%-14s%s\n' SERVICE STATUS
  awk '{ service = $1; sub(/^[^ ]* */, ""); printf "%-14s%s\n", service, $0 }' <<<"$found"
  echo
  if timeline=$(compose exec -T prosaas-api dotnet ProSaas.Api.dll --probe http://127.0.0.1:8080/api/startup 2>&1); then
    timeline <<<"$timeline"
  else
    printf 'START-UP      not known: %s\n' "$(tail -n 1 <<<"$timeline")"
  fi
  if command -v openssl >/dev/null && [ -r tls/fullchain.pem ]; then
    if ! ends=$(openssl x509 -noout -enddate -in tls/fullchain.pem 2>/dev/null); then
      ends="=tls/fullchain.pem is none"
    elif ! openssl x509 -noout -checkend 0 -in tls/fullchain.pem >/dev/null; then
      ends="$ends: it is over, renew it"
    fi
    printf '\n%-14s%s\n' CERTIFICATE "${ends#*=}"
  fi
  [ -z "$(unready)" ]
}

# Reads the indented JSON of /api/startup, a member a line.
timeline() {
  awk '
    { line = $0; sub(/^ */, "", line); sub(/,$/, "", line) }
    match(line, /^"[A-Za-z]+": /) { key = substr(line, 2, RLENGTH - 4); value = substr(line, RLENGTH + 1); gsub(/^"|"$/, "", value); if (value == "null") value = "" }
    line !~ /^"[A-Za-z]+": / { key = "" }
    /^  "/ { if (key == "status") status = value; if (key == "version") version = value }
    /^  "phases"/ { printf "%-18s%-12s%10s%9s  %s\n", "START-UP", "STATE", "SECONDS", "ATTEMPTS", "" }
    /^    \{/ { name = state = seconds = attempts = waiting = reason = error = "" }
    key == "name" { name = value }
    key == "state" { state = value }
    key == "durationSeconds" { seconds = value == "" ? "" : sprintf("%.1f", value) }
    key == "attempts" { attempts = value }
    key == "waitingFor" && value != "" { waiting = "waits for " value }
    key == "reason" { reason = value }
    key == "lastErrorType" { error = value }
    /^    \}/ && name != "" { printf "%-18s%-12s%10s%9s  %s\n", name, state, seconds, attempts, waiting reason (error == "" || state == "succeeded" ? "" : "last error: " error) }
    key == "summary" { warm = value }
    key == "errorType" && value != "" { failed = value }
    END {
      if (failed != "") printf "last failure of the migrations: %s\n", failed
      printf "%-18s%s%s\n", "version " version, status, warm == "" ? "" : ", " warm
    }'
}

# Waits for one container.
becomes_healthy() {
  local deadline=$((SECONDS + HEALTH_LIMIT))
  until [ "$(docker inspect -f '{{.State.Health.Status}}' "$1" 2>/dev/null)" = healthy ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then return 1; fi
    sleep 1
  done
}

update() {
  local old new container code=0
  compose build || die 70 "The images could not be built: nothing was changed. The errors are above."
  if ! compose up -d --no-recreate postgres || ! becomes_healthy "$(compose ps -q postgres)"; then
    die 70 "PostgreSQL did not become healthy: nothing was replaced. See: scripts/dcprod.sh logs postgres"
  fi
  old=$(compose ps -q prosaas-api)
  say "Migrating..."
  compose run --rm -T --no-deps migrations || code=$?
  if [ "$code" != 0 ]; then
    die 70 "The migration failed (exit code $code): nothing was replaced, what ran before still serves. Repair the cause, which the lines above name, and run this again; it goes on where it stopped."
  fi

  if [ -n "$old" ]; then
    say "Starting the new API beside the old one..."
    compose up -d --no-deps --no-recreate --scale "prosaas-api=$(($(wc -l <<<"$old") + 1))" prosaas-api || true
    new=$(compose ps -q -a prosaas-api | grep -vxF -- "$old" || true)
    if [ -z "$new" ] || ! becomes_healthy "$new"; then
      if [ -n "$new" ]; then
        docker logs --tail 20 "$new" >&2 || true
        docker rm -f "$new" >/dev/null
      fi
      die 70 "The new API did not become healthy within $HEALTH_LIMIT s and was removed; the old one stays. Its last lines are above."
    fi
    for container in $old; do
      docker stop "$container" >/dev/null
      docker rm "$container" >/dev/null
    done
    # The name that it would have had without its predecessor.
    docker rename "$new" "$PROJECT-prosaas-api-1" >/dev/null 2>&1 || true
  fi

  # Compose stops what depends on a container that it replaces; without one it makes a new one and stops nothing.
  compose rm -f migrations >/dev/null
  compose up -d --remove-orphans || die 70 "The migration is done, but not every service could be started: see above and scripts/dcprod.sh status"
  all_become_healthy
  say "Updated: all services are healthy."
}

# psql, pg_dump, pg_restore as the superuser, who needs the password over the socket too.
in_postgres() { compose exec -T postgres sh -c 'PGPASSWORD=$POSTGRES_PASSWORD exec "$@"' sh "$@"; }

query() { in_postgres psql -U postgres -d postgres -v ON_ERROR_STOP=1 -qtA -c "$1"; }

passphrase_file() {
  local file
  file=$(setting BACKUP_PASSPHRASE_FILE)
  [ -n "$file" ] || return 0
  [ -s "$file" ] && [ -r "$file" ] || die 78 "BACKUP_PASSPHRASE_FILE is '$file', which is missing, empty or not readable by $(id -un): make it, or remove the setting."
  command -v gpg >/dev/null || die 69 "gpg is missing, which encrypts backups (BACKUP_PASSPHRASE_FILE): install it (Debian, Ubuntu: gnupg)."
  printf '%s' "$file"
}

# gpg with the passphrase of the setting and no key of anybody's.
gpg_alone() (
  home=$(mktemp -d)
  trap 'gpgconf --homedir "$home" --kill gpg-agent; rm -rf -- "$home"' EXIT
  gpg --homedir "$home" --batch --quiet --pinentry-mode loopback --passphrase-file "$passphrase" "$@" 2> >(grep -v 'agent' >&2)
)

sealed() { if [ -n "$passphrase" ]; then gpg_alone --symmetric --cipher-algo AES256 --output -; else cat; fi; }

# The dump of a database in a folder, deciphered where it must be.
dump_of() {
  case $1 in
    *.gpg) gpg_alone --decrypt <"$1" ;;
    *) cat -- "$1" ;;
  esac
}

dump_file() { if [ -e "$2/$1.dump.gpg" ]; then printf '%s' "$2/$1.dump.gpg"; else printf '%s' "$2/$1.dump"; fi; }

# The newest BACKUP_KEEP backups beside this one stay. Of the others nothing but dumps is removed, and this one never.
prune() {
  local folder=$1 keep=$2 other newest newer
  for other in "$folder"/../*/; do
    { [ -e "$other/prosaasdb.dump" ] || [ -e "$other/prosaasdb.dump.gpg" ]; } && { [ -e "$other/n8n.dump" ] || [ -e "$other/n8n.dump.gpg" ]; } || continue
    [ ! "$other" -ef "$folder" ] && [ ! -L "${other%/}" ] || continue
    newer=0
    for newest in "$folder"/../*/; do
      if [ "$(dump_file n8n "${newest%/}")" -nt "$(dump_file n8n "${other%/}")" ] && [ -e "$(dump_file prosaasdb "${newest%/}")" ]; then newer=$((newer + 1)); fi
    done
    if [ "$newer" -ge "$keep" ]; then
      rm -f -- "$other"{prosaasdb,n8n}.dump{,.gpg}
      rmdir -- "$other" 2>/dev/null || true
      say "Removed the backup $(basename -- "$other"): BACKUP_KEEP is $keep."
    fi
  done
}

backup() {
  local folder=$1 database keep suffix=
  keep=$(setting BACKUP_KEEP)
  case $keep in
    [!1-9]* | *[!0-9]* | ??????*) die 78 "BACKUP_KEEP is '$keep'. Allowed: how many backups stay, a whole number from 1 to 99999; empty keeps all." ;;
  esac
  passphrase=$(passphrase_file)
  if [ -n "$passphrase" ]; then suffix=.gpg; fi
  umask 077
  mkdir -p -- "$folder" || die 73 "$folder cannot be made: choose one that $(id -un) can write."
  for database in "${DATABASES[@]}"; do
    [ ! -e "$(dump_file "$database" "$folder")" ] || die 73 "$(dump_file "$database" "$folder") is there already: choose a new folder."
  done
  for database in "${DATABASES[@]}"; do
    if ! in_postgres pg_dump -U postgres -Fc "$database" </dev/null | sealed >"$folder/$database.part"; then
      rm -f -- "$folder/$database.part"
      die 70 "$database could not be dumped: the error is above. Is PostgreSQL up? See: scripts/dcprod.sh status"
    fi
    mv -- "$folder/$database.part" "$folder/$database.dump$suffix"
  done
  if [ -n "$keep" ]; then prune "$folder" "$keep"; fi
  say "Wrote $folder: $(cd -- "$folder" && ls -- *.dump* | paste -sd ' ' -)."
}

# Fills a database of another name first, so that a dump that breaks off leaves what there was as it was.
fill() {
  query "DROP DATABASE IF EXISTS $1_restored" </dev/null && query "CREATE DATABASE $1_restored TEMPLATE template0" </dev/null &&
    dump_of "$(dump_file "$1" "$2")" | in_postgres pg_restore -U postgres -d "$1_restored" --exit-on-error --single-transaction
}

# Nobody is logged in by what was true when the backup was made.
end_sessions() {
  in_postgres psql -U postgres -d prosaasdb_restored -v ON_ERROR_STOP=1 -qtA -c "DO \$\$ DECLARE name text; BEGIN
    FOREACH name IN ARRAY ARRAY['refresh_tokens', 'account_sessions', 'setup_codes'] LOOP
      IF to_regclass('public.' || name) IS NOT NULL THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
    END LOOP; END \$\$" </dev/null
}

# A line an account: id, address, and what of it an operator may have changed. By JSON, since either database may be of another release.
accounts_of() {
  in_postgres psql -U postgres -d "$1" -v ON_ERROR_STOP=1 -qtA -c "SELECT concat_ws(E'\t', a ->> 'id', a ->> 'email',
      coalesce(a ->> 'disabled_at', 'no'), md5(concat(a ->> 'password_hash', '|', a ->> 'security_stamp')),
      concat(a ->> 'is_system_admin', ' ', (SELECT string_agg(m.business_id || ':' || m.role::text, ',' ORDER BY m.business_id) FROM public.business_members m WHERE m.account_id = (a ->> 'id')::bigint)))
    FROM (SELECT to_jsonb(accounts) AS a FROM public.accounts) all_accounts" </dev/null
}

# What was done to accounts after the backup is undone by a restore: each is named, so that it can be done again.
tell_changes() {
  awk -F '\t' '
    NR == FNR { email[$1] = $2; disabled[$1] = $3; secret[$1] = $4; role[$1] = $5; next }
    !($1 in email) { print "Account " $2 " was made since the backup and is gone: make it again."; next }
    { seen[$1] = 1; name = $2 }
    $2 != email[$1] { print "Account " name " had the address " email[$1] " in the backup, and has it again." }
    $3 != "no" && disabled[$1] == "no" { print "Account " name " was disabled since the backup and is in use again: disable it." }
    $3 == "no" && disabled[$1] != "no" { print "Account " name " was put in use since the backup and is disabled again." }
    $4 != secret[$1] { print "Account " name " has the password from before again, changed since the backup: have it changed." }
    $5 != role[$1] { print "Account " name " has the role and businesses of the backup again, changed since: correct them." }
    END { for (id in email) if (!(id in seen)) print "Account " email[id] " was removed since the backup and is there again: remove it." }
  ' <(printf '%s\n' "$2" | sed '/^$/d') <(printf '%s\n' "$1" | sed '/^$/d') >&2
}

# In one transaction, so that there is no state between the names.
swap() {
  local from=$1 to=$2 database sql=
  for database in "${DATABASES[@]}"; do
    sql="$sql ALTER DATABASE $database RENAME TO ${database}_$to; ALTER DATABASE ${database}_$from RENAME TO $database;"
  done
  query "$sql" </dev/null
}

# What a restore that ends early has stopped or replaced.
resume() {
  if [ "$swapped" = yes ] && ! swap "$kept" restored; then
    say "The former databases could not be put back: they are *_$kept."
    return
  fi
  compose start prosaas-api baileys n8n || say "The services could not be started again: scripts/dcprod.sh up -d"
}

restore() {
  local folder=$1 database before after
  kept=before_$(date -u +%Y%m%d%H%M%S)
  for database in "${DATABASES[@]}"; do
    [ -r "$(dump_file "$database" "$folder")" ] || die 66 "$folder/$database.dump is missing or cannot be read: nothing was changed."
    case $(dump_file "$database" "$folder") in
      *.gpg)
        passphrase=$(passphrase_file)
        [ -n "$passphrase" ] || die 78 "$folder/$database.dump.gpg is encrypted: set BACKUP_PASSPHRASE_FILE to the file with its passphrase. Nothing was changed."
        ;;
    esac
    dump_of "$(dump_file "$database" "$folder")" | in_postgres sh -c 'pg_restore --list >/dev/null; code=$?; cat >/dev/null; exit $code' || die 65 "$folder/$database.dump is no dump that PostgreSQL can read: nothing was changed."
  done
  for database in "${DATABASES[@]}"; do
    fill "$database" "$folder" || die 70 "$database could not be restored: the error is above. What was there is unchanged and in use."
  done
  end_sessions || die 70 "The sessions of the backup could not be ended: the error is above. What was there is unchanged and in use."
  trap resume EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  compose stop prosaas-api baileys n8n || die 70 "The services could not be stopped: nothing was changed."
  before=$(accounts_of prosaasdb) && after=$(accounts_of prosaasdb_restored) || before='' after=''
  swap restored "$kept" || die 70 "The databases could not be put in place: the error is above. What was there is unchanged and serves again."
  swapped=yes
  say "Migrating..."
  compose run --rm -T --no-deps migrations || die 70 "The migration of what was restored failed: see above. What was there before is put back and serves again: check out the release that made the backup, then build and restore again."
  trap - EXIT INT TERM
  compose up -d || die 70 "The databases are restored, but not every service could be started: see above."
  all_become_healthy
  if [ -n "$before$after" ]; then tell_changes "$before" "$after"; else say "Which accounts were changed since the backup is not known."; fi
  say "Everybody has to log in again. Nobody can be logged in by a session from before."
  say "Restored from $folder. What was there before is in the databases *_$kept: drop them when they are needed no more."
}

all_become_healthy() {
  local deadline=$((SECONDS + HEALTH_LIMIT)) rest
  say "Waiting until all is healthy..."
  while rest=$(unready) && [ -n "$rest" ]; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "$rest"
      die 70 "Not healthy after $HEALTH_LIMIT s: the services above. See: scripts/dcprod.sh logs ${rest%% *}"
    fi
    sleep 1
  done
}

folder_argument() {
  [ $# = 2 ] && [ -n "$2" ] || die 64 "scripts/dcprod.sh $1 takes a folder: see scripts/dcprod.sh --help."
  case $2 in
    /*) printf '%s' "$2" ;;
    *) printf '%s' "$PWD/$2" ;;
  esac
}

folder=
case ${1:-} in
  '' | -h | --help)
    usage
    exit 0
    ;;
  status | update) [ $# = 1 ] || die 64 "scripts/dcprod.sh $1: unknown argument '$2': it takes none." ;;
  backup | restore) folder=$(folder_argument "$@") ;;
esac

cd -- "$root"
need_docker
need_environment
case $1 in
  # They change nothing of what runs, so no wrong value keeps them from being used to find it.
  status | backup | ps | logs | top | images | config | events | port | stats | version | ls | exec | cp) ;;
  *)
    check_values
    warn_of_environment
    ;;
esac
case $1 in
  up | update | create | start) check_ports ;;
esac
stop_if_wrong
case $1 in
  # What may make PostgreSQL's container anew.
  up | update | create | run | restore) check_data ;;
esac

case $1 in
  status | update) "$1" ;;
  backup | restore) "$1" "$folder" ;;
  *) compose "$@" ;;
esac
