# Stands behind code.py in Pyodide.


def answer_to(text, say):
    log = Log(say)
    log.capture()
    kind, said = run_code(json.loads(text))
    log.end()
    return f"{kind}\n{said}".encode("utf-8", "replace").decode()
