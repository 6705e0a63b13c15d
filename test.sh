#!/usr/bin/env bash
# Builds everything in Release and runs every test project. Arguments: names of test projects to run (Core, Imaging, …); default all.
set -uo pipefail
cd "$(dirname -- "$(readlink -f -- "$0")")" || exit 1
./sammed2d --prepare || exit $?
started=$SECONDS
restore=; [ -n "${CI:-}" ] && restore=-p:RestoreLockedMode=true
dotnet build SamMed2D.sln -c Release -v q -nologo $restore || exit 1
echo "Built in $((SECONDS - started)) s."

failed_tests() { # LOG: every failed test in it, with the first lines of its message and of its stack
  awk '/^    [^ ].*(\[FAIL\]|\[FATAL ERROR\]|Cleanup Failure)/ { print; left = 10; next }
    /^    [^ ]/ { left = 0 }
    /^      Stack Trace:/ { left = 6 }
    /^      Output:/ { left = 0 }
    /^      / && left > 0 { print; left-- }' "$1"
}

passed=0 failed=0 skipped=0
log=$(mktemp) failures=$(mktemp); trap 'rm -f "$log" "$failures"' EXIT
for project in tests/*.Tests; do
  name=$(basename "$project"); short=${name#SamMed2D.}; short=${short%.Tests}
  [ $# -eq 0 ] || [[ " $* " == *" $short "* ]] || continue
  echo "== $name"
  begun=$SECONDS
  "$project/bin/Release/net10.0/$name" -noLogo -noColor >"$log" 2>&1; status=$?
  grep -vE '^ *(Discover|Starting|Finished)' "$log"
  summary=$(grep -oE 'Total: [0-9]+(, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+)?' "$log" | tail -n 1)
  read -r total errors fails skips _ <<<"$(tr -dc '0-9 ' <<<"$summary")"
  total=${total:-0} errors=${errors:-0} fails=${fails:-0} skips=${skips:-0}
  bad=$((errors + fails))
  if [ "$bad" -gt 0 ]; then { echo "-- $name"; failed_tests "$log"; } >>"$failures"
  elif [ "$status" -ne 0 ]; then bad=1; { echo "-- $name ended with exit code $status; its last lines:"; tail -n 15 "$log"; } >>"$failures"; fi # a crash counts as a failure
  passed=$((passed + total - fails - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
  echo "   $((SECONDS - begun)) s"
done
echo "Took $((SECONDS - started)) s."
cat "$failures"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
