# Runs a program and outlives it just long enough to leave nothing of it behind.
# Usage: sh -c "$(cat supervise.sh)" sh FIRST_SIGNAL LAST_SIGNAL PROGRAM [ARGUMENT...]
# It leads a session and process group of its own. Standard input is a pipe that the host holds open: its end, however the
# host ended, means FIRST_SIGNAL to the whole group and, after 2.5 s, LAST_SIGNAL.
exec 3<&0 </dev/null
trap : HUP INT QUIT TERM
(
  trap '' HUP INT QUIT TERM
  exec >/dev/null 2>&1
  read -r _ <&3
  kill -s "$1" -- "-$$"
  # Few pauses, growing: on a busy machine each costs more than it says.
  for pause in 0.1 0.1 0.2 0.4 0.7 1; do
    kill -0 "$$" || break
    sleep "$pause"
  done
  if [ "$2" != KILL ] && kill -0 "$$"; then
    kill -s "$2" -- "-$$"
    sleep 1
  fi
  kill -s KILL -- "-$$"
) &
shift 2
# A shell drops variables whose names it cannot have itself, such as services__prosaas-api__http__0: they come numbered.
if [ "${SUPERVISED_VARIABLES:-0}" -gt 0 ]; then
  while [ "$SUPERVISED_VARIABLES" -gt 0 ]; do
    eval "set -- \"\$SUPERVISED_VARIABLE_$SUPERVISED_VARIABLES\" \"\$@\""
    unset "SUPERVISED_VARIABLE_$SUPERVISED_VARIABLES"
    SUPERVISED_VARIABLES=$((SUPERVISED_VARIABLES - 1))
  done
  set -- env "$@"
fi
unset SUPERVISED_VARIABLES
"$@" 3<&-
