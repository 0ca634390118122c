"""A grader as none should be: it looks for words in whatever files there are. For the controls of the battery only."""

import sys
from pathlib import Path

texts = [file.read_text(errors="replace") for file in Path(sys.argv[1]).rglob("*") if file.is_file()]
content = "\n".join(texts)
for word in ("Gregorian", "hundredth"):
    if word not in content:
        sys.exit(f"{word} is missing")
print('"failed":0,')
