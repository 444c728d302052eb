# Counts checks and prints the totals that a test run ends with. Sourced by script/test.

passed=0 failed=0

# check NAME COMMAND…: one test that is a command; its output shows only where it fails.
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok   $name"
    passed=$((passed + 1))
  else
    echo "FAIL $name"
    printf '%s\n' "$output" | tail -n 60 | sed 's/^/     /'
    failed=$((failed + 1))
  fi
}

# run_swift_tests [--filter F]: the unit tests, one after the other, since many of them keep deadlines over sockets;
# their number is read from the runner's last line.
run_swift_tests() {
  local log=$work/swift-test.log status total
  swift test --skip-build --no-parallel "$@" >"$log" 2>&1
  status=$?
  total=$(sed -n 's/.*Test run with \([0-9]*\) tests.*/\1/p' "$log" | tail -n 1)
  if [ "$status" -eq 0 ] && [ "${total:-0}" -gt 0 ]; then
    echo "ok   unit tests: $total"
    passed=$((passed + total))
  else
    grep -E '✘|error:|Fatal|crash|signal' "$log" | head -n 80
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
