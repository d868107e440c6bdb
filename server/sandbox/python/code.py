# What people write runs in here, whichever sandbox is around it. Puts `run_code` and `Log` in scope and touches nothing else.
import ast
import io
import json
from json import dumps

LINES = 200
LINE_LENGTH = 2000
TEXT_LENGTH = 500
NAMES = ("input", "trigger", "vars", "values", "item", "index")


class Log(io.TextIOBase):
    """Lines that people print, as they come and not without end."""

    def __init__(self, emit):
        self.emit, self.begun, self.count = emit, "", 0

    def writable(self):
        return True

    def write(self, text):
        if self.count > LINES:
            return len(text)
        *lines, rest = (self.begun + text).split("\n")
        self.begun = rest[:LINE_LENGTH]
        for line in lines:
            self.count += 1
            if self.count > LINES:
                self.emit("… further lines were left out.")
                break
            self.emit(line[:LINE_LENGTH])
        return len(text)

    def end(self):
        if self.begun:
            self.write("\n")


def run_code(call):
    """Gives what became of it, and in a text the JSON that it returned or what went wrong."""
    try:
        given = json.loads(call["globals"])
        names = {name: given.get(name) for name in NAMES}
        compiled = compiled_step(call["source"])
    except MemoryError:
        return "memory", ""
    except (SyntaxError, ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        return "syntax", f"{getattr(error, 'msg', None) or error}"[:TEXT_LENGTH] + (f"\ncode.py:{line}" if line else "")
    module = {"__name__": "code", "__builtins__": __builtins__}
    try:
        exec(compiled, module)
        value = module["step"](**names)
    except MemoryError:
        return "memory", ""
    except RecursionError:
        return "stack", ""
    except BaseException as error:
        return "threw", described(error)
    try:
        text = dumps(value, allow_nan=False, default=plain, separators=(",", ":"))
    except MemoryError:
        return "memory", ""
    except RecursionError:
        return "not_json", "it is nested too deeply"
    except BaseException as error:
        return "not_json", described(error)
    return ("too_large", "") if len(text) > call["outputBytes"] else ("ok", text)


def compiled_step(source):
    # The body of a function, so that `return` ends it; parsed as it stands, so that its lines keep their numbers.
    tree = ast.parse(f"def step({', '.join(NAMES)}): pass")
    body = ast.parse(source, "code.py").body
    if body:
        tree.body[0].body = body
    return compile(tree, "code.py", "exec")


def plain(value):
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} is not plain data")


def described(error):
    try:
        said = f"{type(error).__name__}: {error}"[:TEXT_LENGTH]
    except Exception:
        said = "an error that cannot be shown"
    line, frame = None, error.__traceback__
    while frame:
        if frame.tb_frame.f_code.co_filename == "code.py":
            line = frame.tb_lineno
        frame = frame.tb_next
    return said.replace("\n", " ") + (f"\ncode.py:{line}" if line else "")
