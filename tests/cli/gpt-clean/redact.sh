#!/bin/sh
# gpt-clean --redact: what is masked, counts by kind, and that no report shows what was masked.
. "$GPT_SOURCE/tests/cli/lib.sh"

cat >in.jsonl <<'END'
{"text":"Skriv till anna.berg@exempel.se eller ring 070-123 45 67.","id":1}
{"text":"Nr 811218-9876, konto SE45 5000 0000 0583 9825 7466, från 81.224.10.7 &aring; bo@exempel.se","id":2}
{"text":"kort"}
END
expect_exit 0 gpt-clean in.jsonl --redact email,phone,ip,iban,personnummer --report report.json --threads 2 --min-chars 10
cat >wanted.jsonl <<'END'
{"text":"Skriv till <EMAIL> eller ring <PHONE>.","id":1}
{"text":"Nr <PERSONNUMMER>, konto <IBAN>, från <IP> å <EMAIL>","id":2}
END
expect_same stdout wanted.jsonl
expect_stderr '2 spans masked +redact-email +in.jsonl:1 \(<EMAIL>\)'
for leak in anna.berg 070-123 811218 SE45 81.224 bo@; do
  grep -q -- "$leak" stderr report.json && fail "a report shows $leak"
done
grep -q '"redact-email":2' report.json || fail "the report does not count by kind: $(cat report.json)"

expect_exit 0 gpt-clean in.jsonl --redact email -q
grep -q '070-123 45 67' stdout || fail "a kind that was not asked for was masked"
expect_exit 0 gpt-clean in.jsonl --redact email --rule 'redact-email mask=[adress]' -q
expect_stdout 'till \[adress\] eller'
expect_exit 2 gpt-clean in.jsonl --redact everything
expect_stderr 'redact'

# however the input writes it
cat >hidden.jsonl <<'END'
{"text":"Kontakta anna&#64;example.com, +46 70\u200b-123 45 67, 8112\u00ad18-9876"}
{"text":"mail bo@example.com","text":"fine"}
END
expect_exit 0 gpt-clean hidden.jsonl --redact email,phone,personnummer --report hidden.json
for leak in anna 123 9876 bo@; do
  grep -q -- "$leak" stdout stderr hidden.json && fail "$leak is shown"
done
expect_stdout '^\{"text":"fine"\}$'
