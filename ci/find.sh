#!/usr/bin/env bash
# Finds the storyboards, and which of them a change may touch. Writes lists of names that end in NUL, since a name may hold
# anything else.
#
#   MANIFESTS   git pathspecs, one a line
#   BASE        the commit to compare with, where one was asked for
#   EVENT_BASE  that of the event otherwise; empty, or all zeros for a new branch, for none
set -euo pipefail

lists="$RUNNER_TEMP/shotlist"
mkdir -p "$lists"

patterns=()
while IFS= read -r pattern; do
  [[ -z "${pattern// /}" ]] || patterns+=("$pattern")
done <<< "$MANIFESTS"
git ls-files -z -- "${patterns[@]}" > "$lists/all"
: > "$lists/removed"

if [[ -z "$BASE" ]]; then
  BASE="$EVENT_BASE"
  # A pull request is checked out merged into its base, which may have gone on since: the first parent is what it was.
  if [[ "${GITHUB_EVENT_NAME:-}" == pull_request && "$(git rev-parse HEAD)" == "${GITHUB_SHA:-}" ]]; then
    read -ra parents <<< "$(git cat-file commit HEAD | sed -n '/^$/q; s/^parent //p' | tr '\n' ' ')"
    ((${#parents[@]} != 2)) || BASE="${parents[0]}"
  fi
fi

if [[ -z "$BASE" || "$BASE" =~ ^0+$ ]]; then
  # Nothing to compare with, so everything counts as changed.
  cp "$lists/all" "$lists/changed"
  BASE=""
else
  if ! git cat-file -e "$BASE^{commit}" 2> /dev/null; then
    git fetch --quiet --no-tags --depth=1 origin "${BASE#origin/}" || {
      echo "::error::the commit to compare with, $BASE, is not in this clone and cannot be fetched: give actions/checkout a fetch-depth of 0, or name another commit with base"
      exit 1
    }
    BASE="$(git rev-parse FETCH_HEAD)"
  fi
  git diff --name-only -z "$BASE" HEAD | sort -z > "$lists/files"
  git diff --name-only -z --find-renames --diff-filter=D "$BASE" HEAD -- "${patterns[@]}" > "$lists/removed"
  sort -z "$lists/all" > "$lists/sorted"
  # A fragment, a prompt file, a models file: which storyboards are made of it is not known here, so all are looked at.
  if comm -z -23 "$lists/files" "$lists/sorted" | grep -qzE '\.(ya?ml|json|md|txt|jsonl)$'; then
    cp "$lists/all" "$lists/changed"
  else
    comm -z -12 "$lists/files" "$lists/sorted" > "$lists/changed"
  fi
fi

changed=false
[[ ! -s "$lists/changed" ]] || changed=true
{
  echo "changed=$changed"
  echo "base=$BASE"
} >> "$GITHUB_OUTPUT"
