#!/usr/bin/env python3
"""Makes the shared test vectors beside this folder: JSON, and the same as tab-separated lines for readers without a JSON parser.

Independent of the project's own code: everything is computed with pyca/cryptography (OpenSSL) 42 or newer. Published values are
quoted, computed again, and the script stops if they differ. Run: python3 test/vectors/generators/vectors.py
"""
import json
from pathlib import Path

import derivation
import edges
import elliptic
import messaging
import symmetric

OUT = Path(__file__).resolve().parent.parent


def write(name, algorithm, source, notes, tests):
    """One file: tests numbered, each with comment, flags and result."""
    numbered = [{"tcId": index, **test} for index, test in enumerate(tests, 1)]
    unknown = {flag for test in numbered for flag in test["flags"]} ^ set(notes)
    if unknown:
        raise SystemExit(f"{name}: flags without a note or notes without a flag: {unknown}")
    document = {"algorithm": algorithm, "source": source, "notes": notes, "tests": numbered}
    (OUT / f"{name}.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    columns = list(numbered[0])
    rows = [[" ".join(value) if isinstance(value := test[c], list) else str(value) for c in columns] for test in numbered]
    (OUT / "tsv" / f"{name}.tsv").write_text("".join("\t".join(row) + "\n" for row in [columns, *rows]))


if __name__ == "__main__":
    for module in (symmetric, derivation, elliptic, edges, messaging):
        for arguments in module.files():
            write(*arguments)
