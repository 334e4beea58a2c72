# Runs a program and outlives it just long enough to leave nothing of it behind.
# Usage: sh -c "$(cat supervise.sh)" sh FIRST_SIGNAL LAST_SIGNAL GRACE_IN_TENTHS_OF_A_SECOND PROGRAM [ARGUMENT...]
# It leads a session and process group of its own. Standard input is a pipe that the host holds open: its end, however the
# host ended, means FIRST_SIGNAL to the whole group and, after the grace, LAST_SIGNAL.
exec 3<&0 </dev/null
trap : HUP INT QUIT TERM
(
  trap '' HUP INT QUIT TERM
  exec >/dev/null 2>&1
  read -r _ <&3
  kill -s "$1" -- "-$$"
  left=$3
  while [ "$left" -gt 0 ] && kill -0 "$$"; do
    sleep 0.1
    left=$((left - 1))
  done
  if [ "$2" != KILL ] && kill -0 "$$"; then
    kill -s "$2" -- "-$$"
    sleep 1
  fi
  kill -s KILL -- "-$$"
) &
shift 3
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
