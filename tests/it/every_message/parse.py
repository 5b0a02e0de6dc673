"""Reads mails, a JSON list of texts on standard input, as a mail program written in Python would."""

import email
import json
import sys
from email import policy

EXPECTED = {
    "from", "to", "subject", "message-id", "date", "mime-version", "content-type", "content-transfer-encoding",
    "auto-submitted", "list-unsubscribe", "list-unsubscribe-post",
}


def properties(line_text):
    """The name, the parameters and the value of a content line: what is quoted splits nothing."""
    parts, quoted, piece = [], False, ""
    for at, letter in enumerate(line_text):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in ";:":
            parts.append(piece)
            piece = ""
            if letter == ":":
                return parts[0].upper(), parts[1:], line_text[at + 1:]
            continue
        piece += letter
    return None


def calendar(octets):
    """A calendar entry by RFC 5545: its properties by component, and what is wrong with its form."""
    faults, found, within = [], [], []
    physical = octets.split(b"\r\n")
    if physical[-1] != b"":
        faults.append("its last line does not end")
    faults += [f"a line of {len(line)} octets" for line in physical if len(line) > 75]
    text = octets.decode("utf-8").replace("\r\n ", "").replace("\r\n\t", "")
    for line in text.split("\r\n")[:-1]:
        if any(ord(letter) < 32 and letter != "\t" or ord(letter) == 127 for letter in line):
            faults.append(f"a control character in {line!r}")
        read_line = properties(line)
        if read_line is None:
            faults.append(f"no property: {line!r}")
            continue
        name, parameters, value = read_line
        if name == "BEGIN":
            within.append(value)
        elif name == "END":
            if not within or within.pop() != value:
                faults.append(f"{value} ends and was not begun")
        else:
            found.append({"within": "/".join(within), "name": name, "parameters": parameters, "value": value})
    if within:
        faults.append(f"{within} do not end")
    return {"properties": found, "faults": faults}


def read(raw):
    message = email.message_from_bytes(raw.encode("utf-8", "surrogateescape"), policy=policy.default)
    headers = [(name, value) for name, value in message.items()]
    defects = [str(defect) for part in message.walk() for defect in part.defects]
    defects += [f"{name}: {defect}" for name, value in headers for defect in value.defects]
    to = [header for name in ("To", "Cc", "Bcc") for header in message.get_all(name, [])]
    parts = [part for part in message.walk() if not part.is_multipart()]

    def contents(kind):
        return [part.get_content() for part in parts if part.get_content_type() == kind]

    return {
        "recipients": sorted(address.addr_spec for header in to for address in header.addresses),
        "names": [address.display_name for header in to for address in header.addresses],
        "subjects": [str(subject) for subject in message.get_all("Subject", [])],
        "message_ids": [str(value) for value in message.get_all("Message-ID", [])],
        "extra_headers": [name for name, _ in headers if name.lower() not in EXPECTED],
        "defects": defects,
        "plain": contents("text/plain"),
        "html": contents("text/html"),
        "calendars": [
            {
                "method": part.get_param("method"),
                "body": part.get_payload(decode=True).decode("utf-8"),
                **calendar(part.get_payload(decode=True)),
            }
            for part in parts
            if part.get_content_type() == "text/calendar"
        ],
    }


json.dump([read(raw) for raw in json.load(sys.stdin)], sys.stdout)
