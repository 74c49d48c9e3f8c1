#!/bin/sh
# label: slow
# gpt-clean: documents of 10 MB made of what the repairs and the masks look for take linear time. A limit on processor
# time, far above what is needed, ends what does not.
. "$GPT_SOURCE/tests/cli/lib.sh"

# one_document PIECE: a document of about 10 MB of the piece.
one_document() {
  python3 -c 'import json, sys; p = sys.argv[1]; print(json.dumps({"text": p * (10**7 // len(p.encode()))}, ensure_ascii=False))' "$1"
}

for piece in '&' 'Ã' 'Ã ' 'Ã¥' 'РџСЂ' '7' '0 ' '@' 'a@b.c@' '(+' 'SE45 ' '1.2.3.' 'ab-
'; do
  one_document "$piece" >in.jsonl
  expect_exit 0 sh -c 'ulimit -t 60; exec gpt-clean in.jsonl -o out.jsonl --force -q --threads 1 \
    --redact email,phone,ip,iban,personnummer --rule line-hyphens'
  [ -s out.jsonl ] || fail "nothing came out of '$piece'"
done
