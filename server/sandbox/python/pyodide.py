# Stands behind code.py in Pyodide.


def answer_to(text, say):
    log = Log(say)
    call = json.loads(text)
    log.capture(call["source"])
    kind, said = run_code(call)
    log.end()
    return f"{kind}\n{said}".encode("utf-8", "replace").decode()
