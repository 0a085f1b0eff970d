"""A program of its own: reads a picture from standard input, writes the boxes of faces as JSON.

It runs apart from the web process, which would otherwise carry the detector for ever after.
"""

import dataclasses
import json
import resource
import sys

from files.recognition import find_faces
from files.refusals import FileRefused

# It takes half a second, most of it to load the detector.
CPU_SECONDS = 5


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        reading = find_faces(sys.stdin.buffer.read())
    except (FileRefused, ImportError):
        return 1
    json.dump(dataclasses.asdict(reading), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
