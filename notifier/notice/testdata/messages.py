"""Reads messages with Python's strictest policy and prints what it found."""

import email.policy
import json
import sys
from email import message_from_binary_file

policy = email.policy.strict


def read(path):
    with open(path, "rb") as f:
        message = message_from_binary_file(f, policy=policy)
    defects = [repr(d) for part in message.walk() for d in part.defects]
    for part in message.walk():
        for name, value in part.items():
            defects += [f"{name}: {d!r}" for d in value.defects]
    leaves = [p for p in message.walk() if not p.is_multipart()]
    return {
        "File": path,
        "Defects": defects,
        "Headers": message.keys(),
        "From": [a.addr_spec for h in message.get_all("From") for a in h.addresses],
        "To": [a.addr_spec for h in message.get_all("To") for a in h.addresses],
        "Subject": message["Subject"],
        "Types": [p.get_content_type() for p in leaves],
        "Texts": [p.get_content() for p in leaves],
    }


json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
