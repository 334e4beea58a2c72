# Read by the benches of the dashboard: a folder that is gone at the end, and a dashboard by itself.
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
bin=$root/artifacts/limited/bin
export PYTHONPATH=$root/bench PYTHONDONTWRITEBYTECODE=1

work=$(mktemp -d /tmp/prosaas-bench-XXXXXX)
host=
stop() {
  if [ -n "$host" ]; then kill "$host" 2>/dev/null || true; wait "$host" 2>/dev/null || true; host=; fi
}
trap 'stop; rm -rf -- "$work"' EXIT

# Pages on a port, telemetry on the next two; returns when it answers.
start_dashboard() {
  ASPNETCORE_URLS=http://127.0.0.1:$1 ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:$(($1 + 1)) ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true \
    "$bin/Aspire.Dashboard/debug/Aspire.Dashboard" >/dev/null &
  host=$!
  until curl -fsS -o /dev/null "http://127.0.0.1:$1/api/telemetry/resources" 2>/dev/null; do sleep 0.05; done
}

echo "machine                              $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
