#!/bin/sh
# Every man page is well-formed, has the sections users look for, and names every option that --help names.
. "$GPT_SOURCE/tests/cli/lib.sh"

# options_of TOOL: the long options of --help, its subcommands' included.
options_of() {
  subcommands=$("$1" --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
  { "$1" --help; for subcommand in $subcommands; do "$1" "$subcommand" --help; done; } |
    grep -oE '(^|[ ,])--[a-z][a-z0-9-]*' | tr -d ' ,' | sort -u
}

for tool in gpt-crawl gpt-clean gpt-dedup gpt-bpe-train gpt-preprocess gpt-estimate gpt-train gpt-generate; do
  page=$GPT_SOURCE/docs/man/$tool.1
  [ -s "$page" ] || fail "$tool has no man page"
  if command -v mandoc >/dev/null; then
    mandoc -Tlint -W warning "$page" >lint || fail "$tool.1: $(head -n 3 lint)"
  fi
  for section in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES "EXIT CODES" "MEMORY USAGE"; do
    grep -Eq "^\.SH \"?$section\"?$" "$page" || fail "$tool.1 has no section $section"
  done
  for option in $(options_of "$tool"); do
    sed 's/\\-/-/g' "$page" | grep -q -- "$option" || fail "$tool.1 does not name $option"
  done
done
