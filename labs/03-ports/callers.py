# Two clients call port 8080 and stay on the line. Then the kernel is asked for its sockets with that port.
import socket
import subprocess

first = socket.create_connection(("127.0.0.1", 8080))
second = socket.create_connection(("127.0.0.1", 8080))

# sport is a socket's own port. Old connections that only wait for their end are left out.
command = ["ss", "-4tn", "state", "listening", "state", "established", "sport = :8080"]
table = subprocess.run(command, capture_output=True, text=True).stdout
print(table)
print(len(table.splitlines()) - 1, "sockets have port 8080 as their own")
