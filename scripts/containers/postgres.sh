#!/usr/bin/env bash
# What the entry point of PostgreSQL's image does with the settings that the Compose file gives it, and with data of another version.
set -euo pipefail

for bin in /usr/lib/postgresql/*/bin; do PATH=$bin:$PATH; done
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

# A command of its own, not the server.
if [ $# -gt 0 ]; then exec "$@"; fi

if [ ! -s "$PGDATA/PG_VERSION" ] && [ "$PGDATA" != /var/lib/postgresql/data ]; then
  for other in /var/lib/postgresql /var/lib/postgresql/data /var/lib/postgresql/*/docker; do
    if [ -s "$other/PG_VERSION" ]; then
      echo "Error: there appears to be PostgreSQL data in: $other" >&2
      exit 1
    fi
  done
fi

mkdir -p /run/postgresql "$PGDATA"
chmod 3775 /run/postgresql
chown postgres:postgres "$PGDATA" /run/postgresql
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  password=$(mktemp)
  printf %s "$POSTGRES_PASSWORD" >"$password"
  chown postgres "$password"
  # shellcheck disable=SC2086 # several arguments
  as_postgres initdb --username="$POSTGRES_USER" --pwfile="$password" $POSTGRES_INITDB_ARGS
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
  as_postgres pg_ctl --wait --options "-c listen_addresses= -c unix_socket_directories=/run/postgresql" start
  PGPASSWORD=$POSTGRES_PASSWORD as_postgres createdb --host /run/postgresql --username="$POSTGRES_USER" "$POSTGRES_DB"
  as_postgres pg_ctl --wait stop
  rm "$password"
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups postgres -c listen_addresses='*' -c unix_socket_directories=/run/postgresql
