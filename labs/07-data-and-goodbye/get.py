# Asks the web server for its page: get.py MY-PORT HTTP-VERSION. In HTTP/1.0 the server closes when all
# is said, so we wait for its end. In HTTP/1.1 it waits for the next question, so we close first.
import socket
import sys
import time

port, version = int(sys.argv[1]), sys.argv[2]
try:
    talk = socket.create_connection(("127.0.0.1", 80), source_address=("127.0.0.1", port))
except OSError as why:  # in TIME-WAIT, the port is taken for a minute
    sys.exit(f"port {port}: {why.strerror}")
talk.sendall(f"GET / HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
if version == "1.0":
    while talk.recv(4096):  # nothing (0 bytes) means: the other end has closed
        pass
    print("the server has closed; now we do")
else:
    answer = b""
    while not answer.endswith(b".\n"):  # so the page ends; unread bytes would make a reset of our close
        answer += talk.recv(4096)
    print("we have our answer, and close")
talk.close()
time.sleep(0.1)  # for the other end's goodbye
