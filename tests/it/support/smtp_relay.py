"""A mail relay for tests that kill it, or whoever speaks to it, at a known point.

usage: smtp_relay.py PORT FOLDER

It takes every mail and writes what it was handed to FOLDER/log, one JSON object a line, on the disk before it goes on:

  begun    the first bytes of a mail's text came
  whole    a mail's text came to its end, with its Message-ID
  stopped  it waits, because the recipient's name says so: `in-data.7@…` waits at `in-data`

The points are before-data (asked for DATA, not answered), in-data (the text has begun), before-250 (the text was taken,
not answered) and after-250. It waits once for each recipient, until there is a file FOLDER/RECIPIENT. It refuses
`refused.…@…` for good and puts `later.…@…` off.
"""

import json
import os
import socket
import socketserver
import sys
import threading
import time

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
LOG = os.open(os.path.join(FOLDER, "log"), os.O_CREAT | os.O_APPEND | os.O_RDWR)
LOCK = threading.Lock()
with open(os.path.join(FOLDER, "log"), encoding="utf-8") as written:
    ENTRIES = [json.loads(line) for line in written if line.endswith("\n")]
STOPPED = {entry["to"] for entry in ENTRIES if entry["what"] == "stopped"}


def note(what, to, **more):
    with LOCK:
        os.write(LOG, (json.dumps({"what": what, "to": to, **more}) + "\n").encode())
        os.fsync(LOG)


class Conversation(socketserver.StreamRequestHandler):
    def answer(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()

    def stop_at(self, point):
        to = self.to[0]
        if not to.startswith(point + ".") or to in STOPPED:
            return
        STOPPED.add(to)
        note("stopped", to)
        while not os.path.exists(os.path.join(FOLDER, to)):
            time.sleep(0.005)

    def handle(self):
        self.to = []
        self.answer("220 relay.test")
        try:
            while line := self.rfile.readline():
                word = line.split(b" ")[0].strip().upper()
                if word == b"DATA":
                    self.take()
                elif word == b"QUIT":
                    return self.answer("221 bye")
                else:
                    if word in (b"MAIL", b"RSET"):
                        self.to = []
                    if word == b"RCPT":
                        to = line.split(b"<")[1].split(b">")[0].decode()
                        if to.startswith(("refused.", "later.")):
                            self.answer(f"550 {to} lives nowhere" if to.startswith("refused") else f"450 {to} is busy")
                            continue
                        self.to.append(to)
                    self.answer("250 ok")
        except OSError:
            pass

    def take(self):
        self.stop_at("before-data")
        self.answer("354 go on")
        message_id, begun = None, False
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            if not begun:
                begun = True
                note("begun", self.to[0])
                self.stop_at("in-data")
            if line.lower().startswith(b"message-id:"):
                message_id = line.split(b":", 1)[1].strip().decode()
        note("whole", self.to[0], id=message_id)
        self.stop_at("before-250")
        self.answer("250 taken")
        self.stop_at("after-250")


class Relay(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


with Relay(("127.0.0.1", PORT), Conversation) as relay:
    # A fixed window: a large mail can't be on its way as a whole while the relay waits.
    relay.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 200_000)
    relay.serve_forever(poll_interval=0.05)
