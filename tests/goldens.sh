#!/usr/bin/env bash
# Holds the code to the reference implementations' numbers: runs the golden tests of every project and nothing else.
# Usage: tests/goldens.sh [ROOT]
# ROOT has sub-folders hf, rlhfv and eval, any of which may be absent; without it the repository's own data is used.
# The last line is "N passed, N failed". A project that does not build or a program that crashes counts as a failure.
set -uo pipefail
root=
if [ $# -gt 0 ]; then
  root=$(cd "$1" 2>/dev/null && pwd) || { echo "'$1' is no folder; expected one with hf, rlhfv or eval."; echo "0 passed, 1 failed"; exit 1; }
fi
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1
# Set only for the tests: a build server that outlives the build would remember it.
with_root() { if [ -n "$root" ]; then RLHFV_GOLDENS=$root "$@"; else "$@"; fi; }

passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
count() { grep -oE "^ *$1: +[0-9]+" "$log" | tail -n 1 | grep -oE '[0-9]+$' || echo 0; }

for project in $(grep -rl --include='*Tests.cs' 'Trait("Category", "Golden")' tests | cut -d/ -f2 | sort -u); do
  echo "=== $project"
  # The evaluation's tests all read eval; without it there is nothing to hold them to.
  if [ "$project" = RlhfV.Evaluation.Tests ] && [ -n "$root" ] && [ ! -d "$root/eval" ]; then
    echo "There is no eval in $root."
    continue
  fi

  if ! dotnet build -c Release "tests/$project" -v q >"$log" 2>&1; then
    cat "$log"
    failed=$((failed + 1))
    continue
  fi

  # 8 means that no test ran, which is right where ROOT holds nothing for a project.
  with_root dotnet run -c Release --no-build --project "tests/$project" -- --filter-trait Category=Golden >"$log" 2>&1
  ended=$?
  grep -vE '^(xUnit|MSTest|Microsoft\.Testing)' "$log"
  broken=$(count failed)
  [ "$ended" -eq 0 ] || [ "$ended" -eq 8 ] || [ "$broken" -gt 0 ] || broken=1
  passed=$((passed + $(count succeeded)))
  skipped=$((skipped + $(count skipped)))
  failed=$((failed + broken))
done

[ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || { echo "No golden test ran: there are no expectations in ${root:-the repository}."; failed=1; }
[ "$skipped" -eq 0 ] || echo "$skipped skipped: their part of the expectations is absent."
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
