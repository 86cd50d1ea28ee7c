from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

for _threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # a Lambda worker has one; set before numpy is imported

MEASUREMENTS = {
    "report": "every aim and its figure, as ratios and counts; --write makes docs/performance.md anew",
    "load": "thousands of messages, shuffled, each delivered twice: what is counted, answered, lost",
    "catalogue": "10,000 products imported, embedded, indexed, searched: rows/s, ms, hit@10, memory",
}


def main(arguments: Sequence[str]) -> int:
    names = "\n".join(f"  {name:10} {about}" for name, about in MEASUREMENTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Prints the aims and their figures, or runs the measurement that is named.",
        epilog=f"measurements (each has a --help of its own):\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--list", action="store_true", help="name the measurements, run none")
    parser.add_argument("measurement", nargs="?", choices=list(MEASUREMENTS), help="with its options behind it")
    if arguments and arguments[0] in MEASUREMENTS:
        return _measurement(arguments[0])(arguments[1:])
    if parser.parse_args(arguments).list:
        print(names)
        return 0
    return _measurement("report")([])


def _measurement(name: str) -> Callable[[Sequence[str]], int]:
    run: Callable[[Sequence[str]], int] = import_module(f"bench.{name}").main
    return run


sys.exit(main(sys.argv[1:]))
