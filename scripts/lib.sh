# Shared by scripts/test and scripts/check: sections with their time, and one verdict at the end.
# shellcheck shell=bash

failures=()
skipped=()

# Runs a command under a heading, says how long it took, and goes on if it fails.
section() {
  local title=$1 start=$SECONDS rc=0
  shift
  printf '\n==== %s\n' "$title"
  "$@" </dev/null || rc=$?
  if [ "$rc" = 0 ]; then
    printf -- '---- %s: passed in %s s\n' "$title" "$((SECONDS - start))"
  else
    printf -- '---- %s: FAILED (exit code %s) after %s s\n' "$title" "$rc" "$((SECONDS - start))"
    failures+=("$title")
  fi
  return 0
}

# Runs a command that may take at most so many seconds: what hangs is to fail and be named, not to hold everything up.
limited() {
  local seconds=$1 rc=0
  shift
  timeout --kill-after=60 "$seconds" "$@" || rc=$?
  if [ "$rc" = 124 ] || [ "$rc" = 137 ]; then echo "it was ended after $seconds s"; fi
  return "$rc"
}

# Says that a check is left out, and why.
skip() {
  printf '\n==== %s\n---- left out: %s\n' "$1" "$2"
  skipped+=("$1: $2")
}

# The verdict; the exit code is 1 if anything failed.
verdict() {
  printf '\n==== Result after %s s\n' "$SECONDS"
  local line
  for line in ${skipped[@]+"${skipped[@]}"}; do printf 'left out: %s\n' "$line"; done
  for line in ${failures[@]+"${failures[@]}"}; do printf 'FAILED: %s\n' "$line"; done
  [ ${#failures[@]} = 0 ] || return 1
  [ ${#skipped[@]} = 0 ] && echo "everything passed" || echo "everything that could be checked here passed"
}

formatting() { cargo fmt --check; }

lints() { cargo clippy --all-targets -- -D warnings; }
