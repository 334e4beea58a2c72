#!/bin/sh
# Checks the settings, renders the templates and becomes nginx. All that is written is below RUN_FOLDER: the rest may be read-only.
set -eu

fail() {
  printf 'nginx: %s\n' "$1" >&2
  exit 78
}

case ${DOMAIN:-} in
  '') fail "DOMAIN is not set: set it to the domain of the site, for instance example.com." ;;
  *[!A-Za-z0-9.-]* | .* | -* | *. | *- | *..* | *.-* | *-.*) wrong=yes ;;
  *.*[A-Za-z]*) wrong= ;;
  *) wrong=yes ;;
esac
if [ -n "$wrong" ]; then fail "DOMAIN is '$DOMAIN'. Allowed: a domain name without scheme, port or path, for instance example.com."; fi

for name in API_UPSTREAM N8N_UPSTREAM; do
  value=
  eval "value=\${$name:-}"
  case $value in
    *[!A-Za-z0-9.:/_-]* | http://*/* | https://*/*) ;;
    http://?* | https://?*) continue ;;
  esac
  fail "$name is '$value'. Allowed: http:// or https://, a host and perhaps a port, for instance http://prosaas-api:8080."
done

case ${N8N_OPEN:-false} in
  true) N8N=open ;;
  false) N8N=shut ;;
  *) fail "N8N_OPEN is '$N8N_OPEN'. Allowed: true or false." ;;
esac

MODE=plain
if [ -n "${TLS_FOLDER:-}" ]; then
  MODE=tls
  for file in fullchain.pem privkey.pem; do
    [ -r "$TLS_FOLDER/$file" ] || fail "$TLS_FOLDER/$file cannot be read: put it there, readable for user $(id -u)."
  done
fi

# The name servers of the container; nginx asks them again and again, so that it follows whoever comes later or moves.
: "${RESOLVERS:=$(awk '$1 == "nameserver" { sub(/%.*/, "", $2); print index($2, ":") ? "[" $2 "]" : $2 }' /etc/resolv.conf | tr '\n' ' ')}"
[ -n "$RESOLVERS" ] || fail "/etc/resolv.conf names no name server: set RESOLVERS to the address of one."

: "${RUN_FOLDER:=/tmp/nginx}" "${TEMPLATES:=/etc/nginx/templates}"
mkdir -p "$RUN_FOLDER" 2>/dev/null || fail "$RUN_FOLDER cannot be written: give /tmp a writable (tmpfs) mount."
export DOMAIN API_UPSTREAM N8N_UPSTREAM N8N MODE RESOLVERS HTTP_LISTEN HTTPS_LISTEN TLS_FOLDER="${TLS_FOLDER:-}" ACME_FOLDER="${ACME_FOLDER:-/var/www/acme}"
for template in "$TEMPLATES"/*.conf; do
  envsubst '$DOMAIN $API_UPSTREAM $N8N_UPSTREAM $N8N $MODE $RESOLVERS $HTTP_LISTEN $HTTPS_LISTEN $TLS_FOLDER $ACME_FOLDER' <"$template" >"$RUN_FOLDER/${template##*/}"
done
exec nginx -p "$RUN_FOLDER" -c "$RUN_FOLDER/nginx.conf" -e stderr -g 'daemon off;'
