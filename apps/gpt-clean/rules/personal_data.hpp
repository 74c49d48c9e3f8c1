#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace gpt::clean {

// A stretch of a text, in bytes.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Each finds one kind of personal data, in order and without overlaps, in time linear in the text. Where a
// number carries a checksum it must be right; where none exists they are cautious rather than complete.

// local@domain.tld, letters beyond ASCII included.
std::vector<Span> find_emails(std::string_view text);

// International numbers (+46 70 123 45 67, 0046 ...), Swedish and Finnish ones with their area or mobile
// prefix, in brackets or not (08-123 45 67, (08) 123 45 67, 040 123 4567), and other groups of seven to
// twelve digits behind a word such as "tel" or "mobil". A number ends before what follows it ("08-123 45 67
// 114 28 Stockholm"). Not amounts ("2 000 000 kr"), nor what stands behind words such as "ordernr".
std::vector<Span> find_phone_numbers(std::string_view text);

// Public IPv4 and IPv6 addresses. Not loopback, private, documentation and multicast ranges, which identify
// nobody, nor four numbers of one digit each, nor what stands behind "version", "kapitel" or a product's name
// and a slash.
std::vector<Span> find_ip_addresses(std::string_view text);

// With the length of their country and the checksum of ISO 13616 (mod 97), in one piece or in groups of four
// parted by spaces or hyphens.
std::vector<Span> find_ibans(std::string_view text);

// Swedish personnummer and samordningsnummer, Norwegian fødselsnummer and D-nummer, Danish CPR-numre, Finnish
// henkilötunnukset, Icelandic kennitölur: a date that exists, and the check digits. Danish numbers, which
// have been given out without check digits since 2007, need none behind a word such as "cpr". Not what stands
// behind words such as "ordernr".
std::vector<Span> find_identity_numbers(std::string_view text);

}  // namespace gpt::clean
