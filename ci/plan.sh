#!/usr/bin/env bash
# Shows what each changed storyboard would cost beside the base, as one markdown file. It is empty where nothing changed.
#
#   SHOTLIST, SHOTLIST_VERSION  what to run
#   BASE                        the commit to compare with
#   MAX_INCREASE                the most that a run may cost more; empty for no limit
set -uo pipefail

read -ra shotlist <<< "${SHOTLIST:-npx --yes shotlist@$SHOTLIST_VERSION}"
lists="$RUNNER_TEMP/shotlist"
flags=(--against "$BASE" --format markdown --quiet)
[[ -z "$MAX_INCREASE" ]] || flags+=(--max-increase "$MAX_INCREASE")

: > "$lists/plan.md"
over=0
broken=0
while IFS= read -r -d '' manifest; do
  # Standard input holds the names, which the program must not take.
  "${shotlist[@]}" plan "${flags[@]}" -- "$manifest" > "$lists/one.md" < /dev/null
  code=$?
  [[ ! -s "$lists/one.md" ]] || cat "$lists/one.md" <(echo) >> "$lists/plan.md"
  case $code in
    0 | 1) ;; # mistakes are the lint's to tell
    3) over=$((over + 1)) ;;
    *) broken=$((broken + 1)) ;;
  esac
done < "$lists/changed"
while IFS= read -r -d '' manifest; do
  printf '**`%s` is removed**: nothing of it would be sent any more.\n\n' "${manifest//[\`[:cntrl:]]/ }" >> "$lists/plan.md"
done < "$lists/removed"

cat "$lists/plan.md" >> "$GITHUB_STEP_SUMMARY"
echo "file=$lists/plan.md" >> "$GITHUB_OUTPUT"
if ((broken > 0)); then
  echo "failed=shotlist plan could not do its work: see its log" >> "$GITHUB_OUTPUT"
elif ((over > 0)); then
  echo "failed=this change costs more than max-increase allows: see the plan" >> "$GITHUB_OUTPUT"
fi
exit 0
