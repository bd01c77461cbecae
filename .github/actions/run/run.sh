#!/usr/bin/env bash
# Runs polar-conformance with the inputs of the action, and hands its verdict on. What is quoted here is one word each;
# ARGUMENTS alone is split: with quotes as in a shell, and without running anything in it.
set -u
export CI="${CI:-true}"
mkdir -p "$OUT"
words=(run --out "$OUT" --report "json=$OUT/report.json" --report "junit=$OUT/junit.xml" --report "html=$OUT/report.html")
if [ -n "$TARGET" ]; then words+=("$TARGET"); fi
if [ -n "$PROFILE" ]; then words+=(--profile "$PROFILE"); fi
if [ -n "$BASELINE" ]; then words+=(--baseline "$BASELINE"); fi
further=()
if [ -n "$ARGUMENTS" ]; then
  split=$(printf '%s' "$ARGUMENTS" | xargs -n1 printf '%s\n') || exit 2
  while IFS= read -r word; do further+=("$word"); done <<< "$split"
fi
${POLAR_CONFORMANCE:-npx --yes "polar-conformance@$VERSION"} "${words[@]}" ${further[@]+"${further[@]}"}
code=$?
if [ -f "$OUT/report.json" ]; then
  node -e '
    const { readFileSync } = require("node:fs");
    const { verdict, counts } = JSON.parse(readFileSync(process.argv[1], "utf8"));
    console.log(`verdict=${verdict}\ncounts=${JSON.stringify(counts)}`);
  ' "$OUT/report.json" >> "$GITHUB_OUTPUT"
  printf 'json=%s\njunit=%s\nhtml=%s\n' "$OUT/report.json" "$OUT/junit.xml" "$OUT/report.html" >> "$GITHUB_OUTPUT"
fi
exit "$code"
