#!/usr/bin/env bash
# Lints what changed: annotations on the lines, and SARIF for code scanning. Findings are told in an output and not by the
# exit code, so that they are uploaded and the plan is made all the same.
#
#   SHOTLIST, SHOTLIST_VERSION  what to run
#   STRICT                      true where warnings fail too
set -uo pipefail

read -ra shotlist <<< "${SHOTLIST:-npx --yes shotlist@$SHOTLIST_VERSION}"
lists="$RUNNER_TEMP/shotlist"
flags=()
[[ "$STRICT" != true ]] || flags+=(--strict)

manifests=()
while IFS= read -r -d '' manifest; do manifests+=("$manifest"); done < "$lists/changed"

"${shotlist[@]}" lint ${flags[@]+"${flags[@]}"} --format sarif -- "${manifests[@]}" > "$lists/shotlist.sarif"
echo "sarif=$lists/shotlist.sarif" >> "$GITHUB_OUTPUT"

"${shotlist[@]}" lint ${flags[@]+"${flags[@]}"} --format github -- "${manifests[@]}"
case $? in
  0) ;;
  1) echo "failed=shotlist lint found mistakes: see the annotations" >> "$GITHUB_OUTPUT" ;;
  *) echo "failed=shotlist lint could not do its work: see its log" >> "$GITHUB_OUTPUT" ;;
esac
exit 0
