# What people write runs in here, whichever sandbox is around it. Puts `run_code` and `Log` in scope and touches nothing else.
import ast
import io
import json
import sys
from json import dumps
from time import time

LINES = 200
LINE_LENGTH = 2000
TEXT_LENGTH = 500
NAMES = ("input", "trigger", "vars", "values", "item", "index")


class Log:
    """What people's code tells, as it comes and not without end: each line is a JSON list of level, milliseconds and text."""

    def __init__(self, emit):
        self.emit, self.count = emit, 0
        self.streams = [Stream(self, "info"), Stream(self, "warn")]

    def capture(self, source):
        """Takes what is printed, what goes to stderr, and what Python's own `logging` is told; tracebacks show lines of `source`."""
        sys.stdout, sys.stderr = self.streams
        lines = [line + "\n" for line in source.split("\n")]
        wanted = {
            "logging": self.follow,
            # The library has a code.py, too.
            "linecache": lambda linecache: linecache.cache.update({"code.py": (len(source), None, lines, "code.py")}),
        }
        for name in [name for name in wanted if name in sys.modules]:
            wanted.pop(name)(sys.modules[name])
        sys.meta_path.insert(0, WhenLoaded(wanted))

    def line(self, level, text):
        self.count += 1
        if self.count > LINES + 1:
            return
        if self.count > LINES:
            level, text = "warn", "Further lines were left out."
        self.emit(dumps([level, int(time() * 1000), text[:LINE_LENGTH]], ensure_ascii=False))

    def full(self):
        return self.count > LINES

    def end(self):
        for stream in self.streams:
            if stream.begun:
                stream.write("\n")

    def follow(self, logging):
        """Lines of `logging` keep their level, wherever it writes to; unless told otherwise it writes all that people's code says."""
        write, configure, root = logging.StreamHandler.emit, logging.basicConfig, logging.getLogger()

        def emit(handler, record):
            if handler.stream not in self.streams:
                return write(handler, record)
            try:
                self.line(level_of(record.levelno), handler.format(record))
            except Exception:
                handler.handleError(record)

        def basic_config(**given):
            root.removeHandler(own)
            if "handlers" not in given:
                given.setdefault("format", "%(message)s")
            configure(**given)

        logging.StreamHandler.emit = emit
        logging.basicConfig = basic_config
        own = logging.StreamHandler(self.streams[1])
        own.addFilter(lambda record: record.levelno >= logging.INFO or record.pathname == "code.py")
        root.addHandler(own)
        root.setLevel(logging.DEBUG)


def level_of(number):
    return "debug" if number < 20 else "info" if number < 30 else "warn" if number < 40 else "error"


class Stream(io.TextIOBase):
    """Text that becomes lines of one level."""

    def __init__(self, log, level):
        self.log, self.level, self.begun = log, level, ""

    def writable(self):
        return True

    def write(self, text):
        if self.log.full():
            return len(text)
        *lines, rest = (self.begun + text).split("\n")
        self.begun = rest[:LINE_LENGTH]
        for line in lines:
            if self.log.full():
                break
            self.log.line(self.level, line)
        return len(text)


class WhenLoaded:
    """Tells of modules as they are loaded: that takes milliseconds, and few want these."""

    def __init__(self, wanted):
        self.wanted = wanted

    def find_spec(self, name, path=None, target=None):
        then = self.wanted.pop(name, None)
        if then is None:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec:
            spec.loader = Told(spec.loader, then)
        return spec


class Told:
    def __init__(self, loader, then):
        self.loader, self.then = loader, then

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        self.then(module)


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
