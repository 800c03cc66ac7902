# A web server with a login page, on whatever port it is told: python3 login.py PORT
import http.server
import sys


class Login(http.server.BaseHTTPRequestHandler):
    default_request_version = "HTTP/1.0"  # answer with a status line, whatever the question was

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))  # the user's name and password
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Welcome back.\n")


http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Login).serve_forever()
