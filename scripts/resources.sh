# Asks the application that runs from this checkout for its resources. Sourced, never run.
# It needs nothing but bash: what talks to the application is bash's own /dev/tcp.

# Sets address and token from the file that the running application keeps for its user.
find_application() {
  local file directory process
  for file in "${XDG_STATE_HOME:-${HOME:-}/.local/state}"/prosaas/*.access; do
    [ -r "$file" ] || continue
    directory=$(sed -n 's/^directory=//p' "$file")
    process=$(sed -n 's/^process=//p' "$file")
    if [ "$directory" = "$root/ProSaas.AppHost" ] && kill -0 "$process" 2>/dev/null; then
      address=$(sed -n 's/^address=//p' "$file")
      token=$(sed -n 's/^token=//p' "$file")
      return 0
    fi
  done
  die 69 "ProSaas does not run from this checkout: start it with ./run.sh. (With PackageFeed=full Aspire's own dashboard has its resources.)"
}

# Sets status and answer.
ask() {
  local method=$1 path=$2 line
  status=
  answer=
  { exec 3<>"/dev/tcp/${address%:*}/${address##*:}"; } 2>/dev/null || die 69 "ProSaas does not answer at $address: it has just ended, or is about to."
  printf '%s %s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\nAccept: text/plain\r\nContent-Length: 0\r\n\r\n' "$method" "$path" "$address" "$token" >&3
  read -r line status line <&3 || true
  while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do :; done
  answer=$(cat <&3)
  exec 3>&-
}

print_status() {
  find_application
  ask GET /api/resources
  [ "$status" = 200 ] || die 70 "ProSaas at $address answered ${status:-nothing}: $answer"
  printf '%s\n' "$answer"
}

# Runs a command of a resource. One that asks for a confirmation gets it from --yes or from the terminal.
run_command() {
  local resource=$1 command=$2 confirmed=$3 reply
  case $resource$command in
    *[!A-Za-z0-9-]*) die 64 "run.sh --command: '$resource' or '$command' is not a name: see ./run.sh --status." ;;
  esac
  find_application
  ask POST "/api/resources/$resource/commands/$command?confirmed=$confirmed"
  if [ "$status" = 428 ]; then
    [ -t 0 ] || die 65 "$answer Not confirmed: add --yes."
    printf '%s [y/N] ' "$answer" >&2
    read -r reply
    case $reply in
      y | Y | yes) ask POST "/api/resources/$resource/commands/$command?confirmed=true" ;;
      *) die 65 "Not confirmed: nothing was done." ;;
    esac
  fi
  case $status in
    200) say "$answer" ;;
    404) die 64 "$answer" ;;
    *) die 1 "${answer:-ProSaas at $address answered ${status:-nothing}.}" ;;
  esac
}
