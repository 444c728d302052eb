# Counts checks and prints the totals that a test run ends with. Sourced by script/test.

passed=0 failed=0 failures=

# check NAME COMMAND…: one test that is a command; its output shows only where it fails. What takes long says each minute
# that it is still running.
check() {
  local name=$1 output start=$SECONDS ticker status
  shift
  [ ! -t 1 ] || printf '...  %s' "$name"
  (
    trap 'kill "$pause"; exit' TERM
    while :; do
      sleep 60 &
      pause=$!
      wait "$pause"
      result "...  $name ($((SECONDS - start)) s so far)"
    done
  ) &
  ticker=$!
  output=$("$@" 2>&1)
  status=$?
  kill "$ticker"
  wait "$ticker" 2>/dev/null
  if [ "$status" -eq 0 ]; then
    result "ok   $name ($((SECONDS - start)) s)"
    passed=$((passed + 1))
  else
    result "FAIL $name ($((SECONDS - start)) s)"
    printf '%s\n' "$output" | tail -n 60 | sed 's/^/     /'
    failed=$((failed + 1))
    failures+="$name"$'\n'
  fi
}

# The line of a result, over the one that said that it has begun.
result() { if [ -t 1 ]; then printf '\r%s\n' "$1"; else echo "$1"; fi; }

# swift_tests NAME OPTION…: the unit tests that the options choose, one after the other, since many of them keep deadlines
# over sockets. Suites show as they end, and failures as they come. The whole output, without
# colours, is in $work/NAME.log.
swift_tests() {
  local log=$work/$1.log
  shift
  if [ -f "$built/attachePackageTests.xctest" ]; then
    # What `swift test` calls on Linux; without it, two of these can run at once.
    "$built/attachePackageTests.xctest" --testing-library swift-testing --no-parallel "$@" 2>&1
  else
    swift test --skip-build --no-parallel "$@" 2>&1
  fi | sed -u $'s/\x1b\\[[0-9;]*m//g' | tee "$log" | awk '/^✔ Suite|✘|error:|Fatal|crash|signal/ { print "     " $0; fflush() }'
  return "${PIPESTATUS[0]}"
}

# language_tests NAME OPTION…: the same for the package of the mapping language, which `swift test` of this one leaves out.
language_tests() {
  local log=$work/$1.log
  swift test --package-path Packages/JSONata --no-parallel "${@:2}" 2>&1 \
    | sed -u $'s/\x1b\\[[0-9;]*m//g' | tee "$log" | awk '/^✔ Suite|✘|error:|Fatal|crash|signal/ { print "     " $0; fflush() }'
  return "${PIPESTATUS[0]}"
}

# passed_swift_tests NAME: whether that log is of a run in which tests passed.
passed_swift_tests() { grep -q 'Test run with [1-9][0-9]* tests\{0,1\} .*passed' "$work/$1.log"; }

# count_swift_tests NAME STATUS: adds a run of swift_tests to the totals. The number is read from the runner's last line.
count_swift_tests() {
  local log=$work/$1.log total
  total=$(sed -n 's/.*Test run with \([0-9]*\) tests\{0,1\} .*/\1/p' "$log" | tail -n 1)
  if [ "$2" -eq 0 ] && [ "${total:-0}" -gt 0 ]; then
    echo "ok   unit tests, $1: $total"
    passed=$((passed + total))
  else
    tail -n 5 "$log"
    echo "FAIL unit tests, $1"
    failed=$((failed + 1))
    failures+="unit tests, $1"$'\n'"$(grep -E '^✘ (Test|Suite)|recorded an issue|Fatal|signal' "$log" | grep -v 'known issue' | sed 's/^/  /' | head -n 40)"$'\n'
  fi
}

# run_swift_tests [FILTER]: the unit tests, in seven processes at once. In each of them they run one after the other: many keep
# deadlines, and some count what the process has open. Those of the gateway wait for sockets most of the time, so they are
# three parts by the first letters of the suite; the contracts of all vendors take as long as a part.
run_swift_tests() {
  local contracts='^GatewayTests.*(Contract|Corpus)' early='^GatewayTests\.[A-E]' middle='^GatewayTests\.([F-O]|P[a-q])'
  local stores='^(StorageTests|AccountsTests)\.' connections='^UpstreamTests\.' at names=() runs=()
  if [ $# -gt 0 ]; then
    local chosen language
    swift_tests chosen --filter "$1"
    chosen=$?
    language_tests language --filter "$1"
    language=$?
    # A filter may fit tests of one package only.
    if passed_swift_tests language || [ "$language" -ne 0 ]; then
      count_swift_tests language "$language"
      grep -q 'Test run with 0 tests' "$work/chosen.log" && return
    fi
    count_swift_tests chosen "$chosen"
    return
  fi
  start() { swift_tests "$@" & runs+=($!); names+=("$1"); }
  start contracts --filter "$contracts"
  start gateway-1 --filter "$early" --skip "$contracts"
  start gateway-2 --filter "$middle" --skip "$contracts"
  start gateway-3 --filter '^GatewayTests' --skip "$early" --skip "$middle" --skip "$contracts"
  start stores --filter "$stores"
  start connections --filter "$connections"
  start others --skip '^GatewayTests' --skip "$stores" --skip "$connections"
  for at in "${!runs[@]}"; do
    wait "${runs[at]}"
    count_swift_tests "${names[at]}" $?
  done
}

# The totals, and what failed once more, so that the end of the output says it all.
finish() {
  [ -z "$failures" ] || printf 'What failed:\n%s' "$failures"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}
