#!/usr/bin/env python3
"""A web site that misbehaves in every way a crawler meets, on a free port of loopback: web_server.py LOG

Prints the port, then serves until it is killed. Requests are logged to LOG, a line each: seconds, requests under way,
host, path. What /robots.txt says depends on the address it is asked at:
  127.0.0.1  404, all is allowed          127.0.0.2  some paths are forbidden
  127.0.0.3  503, all is forbidden        127.0.0.4  redirects to itself for ever, all is allowed
  127.0.0.5  no answer at all             127.0.0.6  Crawl-delay: 1
  127.0.0.7  redirects to 127.0.0.2's
"""
import gzip
import http.server
import socket
import struct
import sys
import threading
import time
import zlib

WORDS = "Det här är en mening som räcker till för att bli en sida med text, och den handlar om %s. "
ROBOTS = {
    "127.0.0.2": "User-agent: gpt-crawl\nDisallow: /page/forbidden\nAllow: /page/forbidden-but-one\n\n"
                 "User-agent: *\nDisallow: /\n",
    "127.0.0.6": "User-agent: *\nCrawl-delay: 1\n",
}


def page(about, links=(), head=""):
    anchors = "".join('<p>%s <a href="%s">vidare</a></p>' % (WORDS % about, link) for link in links)
    return ("<html lang=sv><head><meta charset=utf-8><title>Sidan %s</title>%s</head><body><p>%s</p>%s</body></html>"
            % (about, head, WORDS % about * 3, anchors)).encode()


def bomb(size):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"<p>" + b"a " * 500000) for _ in range(size)) + packer.flush()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    under_way = 0
    log = None

    def log_message(self, *arguments):
        pass

    def send(self, status, body=b"", content_type="text/html; charset=utf-8", headers=(), length=None):
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def redirect(self, location, status=302):
        self.send(status, b"", headers=[("Location", location)])

    def break_off(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def do_GET(self):
        host = self.headers.get("Host", "").rsplit(":", 1)[0]
        with Handler.lock:
            Handler.under_way += 1
            Handler.log.write("%.3f %d %s %s\n" % (time.monotonic(), Handler.under_way, host, self.path))
            Handler.log.flush()
        try:
            self.answer(host)
        except OSError:
            self.close_connection = True
        finally:
            with Handler.lock:
                Handler.under_way -= 1

    def answer(self, host):
        if self.path == "/robots.txt":
            self.answer_robots(host)
        elif self.path.startswith("/page/"):
            name, _, targets = self.path[len("/page/"):].partition("?")
            self.send(200, page(name, targets.split("&") if targets else ()))
        elif self.path.startswith("/slow/"):
            time.sleep(0.2)
            self.send(200, page(self.path[len("/slow/"):]))
        else:
            getattr(self, "at_" + self.path.strip("/").split("/")[0].replace("-", "_"), self.at_missing)()

    def answer_robots(self, host):
        if host == "127.0.0.3":
            self.send(503)
        elif host == "127.0.0.4":
            self.redirect("/robots.txt")
        elif host == "127.0.0.5":
            self.break_off()
        elif host == "127.0.0.7":
            self.redirect("http://127.0.0.2:%d/robots.txt" % self.server.server_address[1])
        elif host in ROBOTS:
            self.send(200, ROBOTS[host].encode(), "text/plain")
        else:
            self.send(404)

    def at_missing(self):
        self.send(404, page("som saknas"))

    def at_error(self):
        self.send(500, page("som gick sönder"))

    def at_hang(self):
        time.sleep(60)

    def at_hang_in_body(self):
        self.send(200, page("som stannar")[:50], length=100000)
        self.wfile.flush()
        time.sleep(60)

    def at_drip(self):
        self.send(200, b"", length=100000)
        while True:
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.2)

    def at_reset(self):
        self.break_off()

    def at_close(self):
        self.close_connection = True

    def at_short(self):
        self.send(200, page("som bröts av"), length=100000)
        self.close_connection = True

    def at_long(self):
        whole = page("som är längre än den säger")
        self.send(200, whole + b"<p>detta hinner aldrig fram</p>", length=len(whole))
        self.close_connection = True

    def at_garbage(self):
        self.wfile.write(b"\x00\x01\x02 hello\r\n\r\n")
        self.close_connection = True

    def at_endless_headers(self):
        self.send_response(200)
        while True:
            self.send_header("X-Filler", "a" * 1000)
            self.flush_headers()

    def at_loop(self):
        self.redirect("/loop")

    def at_ever(self):
        self.redirect("/ever/%d" % (int(self.path.rsplit("/", 1)[1]) + 1))

    def at_moved(self):
        self.redirect("/page/target", 301)

    def at_outside(self):
        self.redirect("http://127.0.0.3:%d/page/outside" % self.server.server_address[1])

    def at_to_file(self):
        self.redirect("file:///etc/passwd")

    def at_nowhere(self):
        self.send(302)

    def at_huge(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.close_connection = True
        block = b"<p>" + b"a " * 32768
        for _ in range(2 ** 30 // len(block)):
            self.wfile.write(block)

    def at_huge_declared(self):
        self.send(200, page("som är stor"), length=2 ** 30)

    def at_bomb(self):
        self.send(200, bomb(8), headers=[("Content-Encoding", "gzip")])

    def at_bad_gzip(self):
        self.send(200, b"this is no gzip", headers=[("Content-Encoding", "gzip")])

    def at_gzip(self):
        self.send(200, gzip.compress(page("som packats")), headers=[("Content-Encoding", "gzip")])

    def at_deflate(self):
        self.send(200, zlib.compress(page("som pressats")), headers=[("Content-Encoding", "deflate")])

    def at_pdf(self):
        self.send(200, b"%PDF-1.4 " + b"x" * 1000, "application/pdf")

    def at_untyped_html(self):
        self.send(200, b"<!DOCTYPE html>" + page("utan typ"), None)

    def at_untyped_bytes(self):
        self.send(200, bytes(range(256)) * 10, None)

    def at_latin1(self):
        self.send(200, page("p\u00e5 \u00f6n").decode().replace("charset=utf-8", "").encode("latin-1"),
                  "text/html; charset=ISO-8859-1")

    def at_noindex(self):
        self.send(200, page("som inte ska med", ["/page/behind-noindex"], '<meta name=robots content="noindex">'))

    def at_nofollow(self):
        self.send(200, page("utan vidare", ["/page/behind-nofollow"], '<meta name=robots content="nofollow">'))

    def at_header_none(self):
        self.send(200, page("som inte ska med", ["/page/behind-none"]), headers=[("X-Robots-Tag", "none")])

    def at_link_nofollow(self):
        self.send(200, page("med en länk").replace(b"</body>", b'<a rel="nofollow" href="/page/unfollowed">x</a></body>'))

    def at_based(self):
        self.send(200, page("med bas", ["inner"], '<base href="/page/of-base/">'))

    def at_empty(self):
        self.send(200)

    def at_deep(self):
        self.send(200, b"<div>" * 100000 + page("som ligger djupt"))

    def at_wide(self):
        self.send(200, page("bred", ["/page/%d" % i for i in range(40)]))

    def at_slowly(self):
        self.send(200, page("trög", ["/slow/%d" % i for i in range(12)]))


def main():
    Handler.log = open(sys.argv[1], "w", encoding="utf-8")
    first = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    servers = [first]
    for last in range(2, 8):
        servers.append(http.server.ThreadingHTTPServer(("127.0.0.%d" % last, first.server_address[1]), Handler))
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(first.server_address[1], flush=True)
    first.serve_forever()


if __name__ == "__main__":
    main()
