# What the closing lines of test.sh say of the tests that were skipped. Sourced, never run.
# shellcheck shell=bash

# From a line a test, "reason TAB group", a line a reason with the number of tests and their groups.
grouped() {
  awk -F '\t' '
    !($1 in count) { reasons[++n] = $1 }
    { count[$1]++ }
    !(($1, $2) in seen) { seen[$1, $2]; groups[$1] = groups[$1] (groups[$1] == "" ? "" : ", ") $2 }
    END {
      for (i = 1; i <= n; i++) {
        reason = reasons[i]
        printf "Skipped %d %s of %s: %s\n", count[reason], count[reason] == 1 ? "test" : "tests", groups[reason], reason
      }
    }'
}

# Those of xunit's report. Explicit tests that were not asked for are not runnable there, not skipped.
skipped_tests() {
  awk '
    BEGIN { RS = "<" }
    function end_test() {
      if (test == "") return
      gsub(/[ \t\n]+/, " ", reason)
      gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&quot;/, "\"", reason); gsub(/&apos;/, "\047", reason); gsub(/&amp;/, "\\&", reason)
      print (reason == "" ? "it gives no reason" : reason) "\t" test
      test = ""
    }
    /^UnitTestResult / {
      test = reason = ""
      if ($0 !~ / outcome="NotExecuted"/) next
      test = $0
      sub(/^.* testName="/, "", test); sub(/".*/, "", test)
      # The class: without arguments, method and the namespace that all have.
      sub(/\(.*/, "", test); sub(/\.[^.]*$/, "", test); sub(/^ProSaas\.Tests\./, "", test)
      if ($0 ~ /\/>[ \t\n]*$/) end_test()
    }
    /^StdOut>/ && test != "" { reason = substr($0, 8) }
    /^\/UnitTestResult>/ { end_test() }' "$1" | grouped
}

# Those in what Node.js writes: "ok 1 - name # SKIP reason", or "﹣ name (1.2ms) # reason".
skipped_node_tests() {
  sed -n -e 's/^ *ok [0-9]* - .* # SKIP *//p' -e 's/^ *﹣ .*([0-9.]*ms) # //p' "$1" |
    awk '{ print ($0 == "" || $0 == "SKIP" ? "it gives no reason" : $0) "\tservices/baileys" }' | grouped
}
