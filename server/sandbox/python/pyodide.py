# Stands behind code.py in Pyodide.
import sys


def answer_to(text, say):
    log = Log(say)
    sys.stdout = sys.stderr = log
    kind, said = run_code(json.loads(text))
    log.end()
    return f"{kind}\n{said}".encode("utf-8", "replace").decode()
