# Counts checks and prints the totals that a test run ends with. Sourced by script/test.

passed=0 failed=0

# check NAME COMMAND…: one test that is a command; its output shows only where it fails. What takes long says that it has
# begun.
check() {
  local name=$1 output start=$SECONDS
  shift
  [ ! -t 1 ] || printf '...  %s' "$name"
  if output=$("$@" 2>&1); then
    result "ok   $name ($((SECONDS - start)) s)"
    passed=$((passed + 1))
  else
    result "FAIL $name ($((SECONDS - start)) s)"
    printf '%s\n' "$output" | tail -n 60 | sed 's/^/     /'
    failed=$((failed + 1))
  fi
}

# The line of a result, over the one that said that it has begun.
result() { if [ -t 1 ]; then printf '\r%s\n' "$1"; else echo "$1"; fi; }

# run_swift_tests [--filter F]: the unit tests, one after the other, since many of them keep deadlines over sockets. Suites
# show as they end, and failures as they come; the number is read from the runner's last line.
run_swift_tests() {
  local log=$work/swift-test.log status total
  swift test --skip-build --no-parallel "$@" 2>&1 | tee "$log" |
    awk '/^✔ Suite|✘|error:|Fatal|crash|signal/ { print "     " $0; fflush() }'
  status=${PIPESTATUS[0]}
  total=$(sed -n 's/.*Test run with \([0-9]*\) tests.*/\1/p' "$log" | tail -n 1)
  if [ "$status" -eq 0 ] && [ "${total:-0}" -gt 0 ]; then
    echo "ok   unit tests: $total"
    passed=$((passed + total))
  else
    tail -n 5 "$log"
    echo "FAIL unit tests"
    failed=$((failed + 1))
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}
