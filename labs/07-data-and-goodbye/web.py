# Python's own web server, as `python3 -m http.server` runs it, for the files of a folder. It speaks
# HTTP/1.1, too: there a connection is kept for the next question, and the server does not close first.
import functools
import http.server
import sys

port, folder = int(sys.argv[1]), sys.argv[2]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
handler.func.protocol_version = "HTTP/1.1"
http.server.ThreadingHTTPServer(("127.0.0.1", port), handler).serve_forever()
