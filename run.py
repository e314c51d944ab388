#!/usr/bin/env python3
"""One way in, for everybody: python3 run.py WORD …

  demo [--fresh | --once]   the whole service with made-up people, at http://127.0.0.1:8000
  openprotect ARGUMENTS     the command line of the service
  test [PYTEST ARGUMENTS]   every test; journeys too with a browser; --with spark: Spark too;
                            --full: proofs at their full counts
  journeys                  only the tests that drive a browser
  check                     style, types, imports, migrations, sizes, documents; changes nothing
  fix                       put right what of that a machine can
  docs                      draw the documents that are drawn from code
  bench NAME                one measurement of bench/
  screenshots               take the README's pictures anew
  lock                      lock newer versions of the libraries

It uses the standard library alone, makes .venv, installs the locked libraries and starts again
inside. This file must parse on any Python 3, to say in one line when that Python is too old.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent import futures

HERE = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
INSTALLER, SPARK = "requirements-installer.lock", "requirements-spark.lock"
OLDEST = (3, 11)
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "--output-format", "concise", "."],
    "style": ["-m", "ruff", "check", "--output-format", "concise", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command as go; go()"],
    "migrations": ["-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "house rules": ["-m", "pytest", "-q", "-p", "no:randomly", "tests/architecture"],
    "documents": ["-m", "openprotect.cli", "docs", "--check"],
}


def main(words):
    if sys.version_info < OLDEST:
        found = "%d.%d" % sys.version_info[:2]
        sys.exit(
            "OpenProtect needs Python 3.11 or newer; this is %s. Try: python3.11 run.py" % found
        )
    word, rest = (words[0], words[1:]) if words else ("--help", [])
    if word in ("-h", "--help", "help"):
        print(__doc__.rsplit("\n\n", 1)[0])
        return 0
    if word not in WORDS:
        sys.exit("run.py: there is no word %r; python3 run.py --help lists them." % word)
    if WORDS[word] not in (demo, openprotect):  # whose files are named from where we stand
        os.chdir(HERE)
    os.environ["PYTHONPATH"] = HERE
    return WORDS[word](rest)


# --- words ---------------------------------------------------------------------------------------


def demo(rest):
    install(RUNTIME)
    os.environ["OPENPROTECT_MODE"] = "demo"
    become(["-m", "openprotect.cli", "demo", *rest])


def openprotect(rest):
    install(RUNTIME, *([SPARK] if "pyspark" in rest or "--engine=pyspark" in rest else []))
    become(["-m", "openprotect.cli", *rest])


def test(rest):
    rest, extras = with_extras(rest)
    install(RUNTIME, DEVELOPMENT, *extras)
    without = [] if find_browser() else ["-m", "not journey"]
    become(["-m", "pytest", *without, *rest])


def journeys(rest):
    install(RUNTIME, DEVELOPMENT)
    if not find_browser():
        sys.exit(1)
    become(["-m", "pytest", "-m", "journey", *rest])


def check(rest):
    """Run every check, as many at once as there are cores, and show what is wrong with each."""
    install(RUNTIME, DEVELOPMENT)
    failures = 0
    with futures.ThreadPoolExecutor(os.cpu_count() or 1) as hands:
        for name, done in zip(CHECKS, hands.map(checked, CHECKS.values()), strict=True):
            print("%-12s %s" % (name, "FAILED" if done.returncode else "ok"), flush=True)
            if done.returncode:
                failures += 1
                print(done.stdout)
    print("check: %d of %d failed" % (failures, len(CHECKS)))
    return 1 if failures else 0


def checked(arguments):
    return subprocess.run(
        [PYTHON, *arguments],
        env=dict(os.environ, DJANGO_SETTINGS_MODULE="openprotect.config.settings"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )


def fix(rest):
    install(RUNTIME, DEVELOPMENT)
    subprocess.call([PYTHON, "-m", "ruff", "check", "--fix", "--quiet", "."])
    return subprocess.call([PYTHON, "-m", "ruff", "format", "--quiet", "."])


def docs(rest):
    install(RUNTIME)
    become(["-m", "openprotect.cli", "docs", *rest])


def bench(rest):
    """The same environment as the demonstration; each measurement is a script of its own."""
    rest, extras = with_extras(rest)
    install(RUNTIME, DEVELOPMENT, *extras)
    known = sorted(name[:-3] for name in os.listdir("bench") if name.endswith(".py"))
    if not rest or rest[0] not in known:
        sys.exit("run.py bench NAME, one of: %s" % ", ".join(known))
    become([os.path.join("bench", rest[0] + ".py"), *rest[1:]])


def screenshots(rest):
    install(RUNTIME, DEVELOPMENT)
    if not find_browser():
        sys.exit(1)
    become([os.path.join("tools", "screenshots.py"), *rest])


def lock(rest):
    """Write both locks anew, without any address of a registry in them."""
    install(RUNTIME, DEVELOPMENT)
    uv = find_uv()
    if not uv:
        sys.exit("run.py lock needs uv, which could not be installed.")
    options = "--universal --python-version 3.11 --generate-hashes --no-header --no-annotate"
    options += " --quiet"
    for name in (RUNTIME, DEVELOPMENT, SPARK, INSTALLER):
        source = name.replace(".lock", ".in")
        subprocess.check_call([uv, "pip", "compile", *options.split(), *rest, source, "-o", name])
    return 0


# --- installing ----------------------------------------------------------------------------------


def install(*locks):
    """Have the libraries of these locks in .venv; quick when they are there already."""
    wanted = {name: digest(name) for name in locks}
    if is_installed(wanted):
        return
    with alone():
        if is_installed(wanted):  # by the process that we waited for
            return
        kept = read_stamp()
        names = sorted(set(locks) | set(kept.get("locks", {})))
        if kept.get("place", VENV) != VENV or not works(PYTHON):
            names = list(locks)
            make_environment()
        print("Installing the libraries (once) …", file=sys.stderr, flush=True)
        sync(names)
        write_stamp({name: digest(name) for name in names})


def with_extras(rest):
    """The words without `--with NAME`, and the locks that they ask for besides."""
    if "--with" not in rest:
        return rest, []
    place = rest.index("--with")
    if rest[place + 1 : place + 2] != ["spark"]:
        sys.exit("run.py: --with knows spark alone, which needs Java 17.")
    return rest[:place] + rest[place + 2 :], [SPARK]


def is_installed(wanted):
    kept = read_stamp()
    have = kept.get("locks", {})
    same = all(have.get(name) == sha for name, sha in wanted.items())
    return same and kept.get("place") == VENV and os.path.exists(PYTHON)


def read_stamp():
    try:
        with open(STAMP, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(locks):
    fresh = STAMP + ".new"
    with open(fresh, "w", encoding="utf-8") as file:
        json.dump({"place": VENV, "locks": locks}, file)
    os.replace(fresh, STAMP)


def digest(name):
    with open(os.path.join(HERE, name), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


@contextlib.contextmanager
def alone():
    """One process at a time installs; the lock is this file, and goes when its holder does."""
    import fcntl

    with open(os.path.abspath(__file__), "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def works(python):
    try:
        test = "import sys; sys.exit(sys.version_info < %r)" % (OLDEST,)
        return subprocess.call([python, "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment():
    print("Making .venv …", file=sys.stderr, flush=True)
    made = subprocess.run(
        [getattr(sys, "_base_executable", sys.executable), "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    if made.returncode:
        hint = "On Debian and Ubuntu: apt-get install python3-venv"
        sys.exit("Could not make %s.\n%s\n%s" % (VENV, made.stdout.strip(), hint))


def sync(names):
    """Install exactly these locks: with uv, three times as quick, else with pip."""
    files = [os.path.join(HERE, name) for name in names]
    uv = find_uv() or install_uv()
    quick = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, *files]
    environment = dict(os.environ, UV_LINK_MODE="copy", UV_PYTHON_DOWNLOADS="never")
    if uv and subprocess.call(quick, env=environment, stdin=subprocess.DEVNULL) == 0:
        return
    plain = [PYTHON, "-m", "pip", "install", "-qq", "--require-hashes"]
    for file in files:
        plain += ["-r", file]
    if subprocess.call(plain, stdin=subprocess.DEVNULL):
        sys.exit("The libraries could not be installed: see the lines above.")


def find_uv():
    uv = os.path.join(VENV, "installer", "bin", "uv")
    return uv if os.path.exists(uv) and works_as_program(uv) else None


def works_as_program(program):
    return subprocess.call([program, "--version"], stdout=subprocess.DEVNULL) == 0


def install_uv():
    """Beside the libraries, not among them."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary=:all:"]
    command += ["--target", os.path.join(VENV, "installer"), "-r", os.path.join(HERE, INSTALLER)]
    done = subprocess.call(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return find_uv() if done == 0 else None


# --- what a test needs of the machine ------------------------------------------------------------


def find_browser():
    """Chromium for the journeys: found, installed when we may, or missed aloud."""
    given = (
        os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    if not given and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the journeys …", file=sys.stderr, flush=True)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "env": environment}
        subprocess.call(["apt-get", "-qq", "update"], **quiet)
        subprocess.call(["apt-get", "-qq", "-y", "install", "chromium"], **quiet)
        given = shutil.which("chromium")
    if not given:
        print("No Chromium: journeys are left out. Install chromium, or name it in CHROMIUM.")
        return None
    os.environ["CHROMIUM"] = given
    return given


def become(arguments):
    """Go on as the environment's own Python, in this process."""
    sys.stdout.flush()
    os.execv(PYTHON, [PYTHON, *arguments])  # noqa: S606


WORDS = {
    function.__name__: function
    for function in (bench, check, demo, docs, fix, journeys, lock, openprotect, screenshots, test)
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
