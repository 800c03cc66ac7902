"""vault.py PORT: a server with a service of its own. It says nothing before it is asked, and it does
not encrypt: whatever its port number makes you think."""
import socketserver
import sys


class Vault(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline(200).split()
        if len(words) == 2:  # a name and a password; a hello in TLS is neither
            self.wfile.write(b'welcome\n')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True  # so that it can be started again at once
    daemon_threads = True


Server(('127.0.0.1', int(sys.argv[1])), Vault).serve_forever()
