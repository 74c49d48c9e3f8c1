#!/usr/bin/env python3
"""Compares gpt-clean's text repair with ftfy: what each puts right of generated mojibake, what each does to sound text.

repair_peers.py damaged SENTENCES.jsonl   a table of the shares repaired by either, by kind of damage
repair_peers.py sound FILE                the lines of text or JSON Lines that either changes; fails where
                               gpt-clean changes one and ftfy leaves it, or makes something else of it
"""
import json
import subprocess
import sys
import tempfile
import time

import ftfy

# Languages that the sentences given lack, written for this.
MORE = {
    "pl": ["Zażółć gęślą jaźń, powiedział kot.", "Łódź leży w środkowej części kraju i jest dużym miastem.",
           "Czy możesz przynieść mi trochę świeżego chleba?", "Dziękuję – to było bardzo miłe z twojej strony.",
           "„Książka” leży na półce obok żółtej lampy.", "Wczoraj padał śnieg, a dziś świeci słońce."],
    "cs": ["Příliš žluťoučký kůň úpěl ďábelské ódy.", "Škoda, že jsi včera nepřišel na večeři.",
           "Úžasný výhled na řeku a staré město.", "Děti si hrály na zahradě až do večera.",
           "„Kniha“ ležela na stole vedle okna.", "Česká republika má deset milionů obyvatel."],
    "ru": ["Съешь ещё этих мягких французских булок.", "Россия — большая страна с долгой историей.",
           "Привет, как дела?", "«Книга» лежит на столе рядом с лампой.", "Мы живём в старом доме у реки.",
           "Завтра будет дождь, а потом снова солнце."],
    "fr": ["L’été dernier, nous étions à la plage.", "Voilà ce que j’ai trouvé : des œufs et du café.",
           "Où est la bibliothèque où tu étudies ?", "« Ça va ? » demanda-t-elle à son frère."],
    "es": ["¿Dónde está la biblioteca? ¡Qué mañana más bonita!", "El niño comió piña en España el año pasado."],
    "hu": ["Árvíztűrő tükörfúrógép és őszi ködök.", "Az ő könyve a földön hever."],
    "is": ["Það er kalt á Íslandi í dag.", "Þórður á græna úlpu."],
    "el": ["Καλημέρα, τι κάνεις σήμερα;", "Η θάλασσα είναι γαλάζια."],
    "tr": ["İstanbul büyük ve güzel bir şehirdir.", "Çocuklar bahçede oynuyor, ağaçlar yeşil."],
    "emoji": ["Grattis på födelsedagen! 🎉🎂", "Det blev 100 € – ”för dyrt” sa hon…"],
}
CODECS = ["latin-1", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859_2",
          "iso8859_15", "mac_roman", "cp437", "cp850", "cp852", "cp866"]


def misread(text, codec, lost="pass"):
    """The UTF-8 bytes of a text read in a one-byte encoding; bytes it lacks pass as C1 controls, or become U+FFFD."""
    out = []
    for byte in text.encode():
        try:
            out.append(bytes([byte]).decode(codec))
        except UnicodeDecodeError:
            out.append(chr(byte) if lost == "pass" else "\ufffd")
    return "".join(out)


def kinds():
    for codec in CODECS:
        yield codec, lambda text, codec=codec: misread(text, codec)
    yield "cp1252 twice", lambda text: misread(misread(text, "cp1252"), "cp1252")
    yield "latin-1 twice", lambda text: misread(misread(text, "latin-1"), "latin-1")
    yield "cp1252 three times", lambda text: misread(misread(misread(text, "cp1252"), "cp1252"), "cp1252")
    for codec in ("cp1250", "cp1251", "iso8859_2"):
        yield codec + " twice", lambda text, codec=codec: misread(misread(text, codec), codec)
    yield "latin-1, then cp1252", lambda text: misread(misread(text, "latin-1"), "cp1252")
    yield "cp1252, A0 to space", lambda text: misread(text, "cp1252").replace("\xa0", " ")
    yield "cp1252, lost to U+FFFD", lambda text: misread(text, "cp1252", "replace")
    yield "half of it cp1252", lambda text: text + " " + misread(text, "cp1252")


def folded(text):
    """White space as gpt-clean leaves it, what it removes gone, composed: differences that are no matter of encoding."""
    return " ".join(ftfy.fix_text(text, config=PLAIN).replace("\xad", "").split())


PLAIN = ftfy.TextFixerConfig(unescape_html=False, fix_encoding=False, fix_c1_controls=True, fix_latin_ligatures=False,
                             fix_character_width=False, uncurl_quotes=False)
FULL = ftfy.TextFixerConfig(unescape_html=True, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False)


def ours(lines, *flags):
    records = "".join(json.dumps({"text": line}) + "\n" for line in lines)
    begin = time.perf_counter()
    done = subprocess.run(["gpt-clean", "-", "-q", "--threads", "1", *flags], input=records.encode(),
                          stdout=subprocess.PIPE, check=True)
    seconds = time.perf_counter() - begin
    texts = [json.loads(line)["text"] for line in done.stdout.decode().splitlines()]
    if len(texts) != len(lines):
        sys.exit(f"gpt-clean gave {len(texts)} documents for {len(lines)}")
    return texts, seconds


def texts_of(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) if path.endswith(".jsonl") else {"text": line.rstrip("\n"), "lang": ""} for line in file]


def compare_damaged(path, show):
    by_language = {}
    for row in texts_of(path):
        text = " ".join(row["text"].split())
        if text and not text.isascii():
            by_language.setdefault(row["lang"], []).append(text)
    sentences = [text for texts in by_language.values() for text in texts[:300]]
    sentences += [text for texts in MORE.values() for text in texts]
    worse = 0
    print(f"{len(sentences)} sentences; share put right\n{'damage':<26}{'gpt-clean':>10}{'ftfy':>8}")
    for name, damage in kinds():
        damaged = [damage(text) for text in sentences]
        right = [folded(text + " " + text if name.startswith("half") else text) for text in sentences]
        mine = [folded(text) for text in ours(damaged)[0]]
        theirs = [folded(ftfy.fix_text(text, config=FULL)) for text in damaged]
        good = sum(a == b for a, b in zip(mine, right))
        peer = sum(a == b for a, b in zip(theirs, right))
        print(f"{name:<26}{good / len(right):>10.4f}{peer / len(right):>8.4f}")
        worse += good < peer
        shown = 0
        for text, got, other, want in zip(damaged, mine, theirs, right):
            if got != want and (show == "all" or other == want) and shown < 3:
                shown += 1
                print(f"   of   {text!r}\n   ours {got!r}\n   ftfy {other!r}")
    return worse


def compare_sound(path):
    lines = [line for row in texts_of(path) for line in row["text"].split("\n") if line.strip()]
    encoding_only = ftfy.TextFixerConfig(unescape_html=False, fix_c1_controls=False)
    begin = time.perf_counter()
    theirs = [ftfy.fix_encoding(line, encoding_only) for line in lines]
    peer_seconds = time.perf_counter() - begin
    with tempfile.NamedTemporaryFile("w", suffix=".rules") as recipe:
        recipe.write("mojibake\n")
        recipe.flush()
        mine, seconds = ours(lines, "--recipe", recipe.name)
    size = sum(len(line.encode()) for line in lines) / 1e6
    for name, texts, spent in (("gpt-clean", mine, seconds), ("ftfy", theirs, peer_seconds)):
        changed = [(line, text) for line, text in zip(lines, texts) if line != text]
        print(f"{name}: {size / spent:.1f} MB/s, {len(changed)} of {len(lines)} lines changed")
        for line, text in changed[:100]:
            print(f"   {line!r}\n   {text!r}")
    return sum(a != b and a != c for a, b, c in zip(lines, mine, theirs))


if __name__ == "__main__":
    if sys.argv[1] == "damaged":
        sys.exit(1 if compare_damaged(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "worse") else 0)
    sys.exit(1 if compare_sound(sys.argv[2]) else 0)
