"""Prints identity and detector of each finding in OCSF lines, enveloped or not, or in a receiver's book, sorted.

findings.py FILE…
"""
import json, sys

rows = set()
for name in sys.argv[1:]:
    for line in open(name):
        found = json.loads(line)
        found = found.get("data", found)
        if "finding_info" in found:
            info = found["finding_info"]
            rows.add((info["uid"], info["analytic"]["uid"]))
        elif "uid" in found:
            rows.add((found["uid"], found["detector"]))
for row in sorted(rows):
    print("\t".join(row))
