from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from bench import catalogue, load

MEASUREMENTS: dict[str, tuple[str, Callable[[Sequence[str]], int]]] = {
    "load": ("thousands of messages, shuffled, each delivered twice: what is counted, answered, lost", load.main),
    "catalogue": ("10,000 products imported, embedded, indexed, searched: rows/s, ms, hit@10, memory", catalogue.main),
}


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in MEASUREMENTS:
        return MEASUREMENTS[arguments[0]][1](arguments[1:])
    names = "\n".join(f"  {name:10} {about}" for name, (about, _) in MEASUREMENTS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Runs every measurement, or the one that is named.",
        epilog=f"measurements (each has a --help of its own):\n{names}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--list", action="store_true", help="name the measurements, run none")
    parser.add_argument("measurement", nargs="?", choices=list(MEASUREMENTS), help="with its options behind it")
    if parser.parse_args(arguments).list:
        print(names)
        return 0
    return max([measure([]) for _, measure in MEASUREMENTS.values()])


sys.exit(main(sys.argv[1:]))
