"""python -m ops.simulator --config simulator.json [--port 8090] [--state chats.json]"""

from argparse import ArgumentParser
from pathlib import Path

import uvicorn

from ops.simulator.app import standalone
from ops.simulator.config import SimulatorConfig


def main() -> None:
    parser = ArgumentParser(prog="python -m ops.simulator", description="A simulator of Meta's WhatsApp Cloud API")
    parser.add_argument("--config", type=Path, required=True, help="a SimulatorConfig as JSON")
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--state", type=Path, help="file that keeps the chats between runs")
    arguments = parser.parse_args()
    app = standalone(SimulatorConfig.load(arguments.config), arguments.state)
    print(f"Phone: http://127.0.0.1:{arguments.port}/phone")
    # No access log: addresses of chats contain phone numbers.
    uvicorn.run(
        app, host="127.0.0.1", port=arguments.port, access_log=False, log_level="warning", timeout_graceful_shutdown=1
    )


if __name__ == "__main__":
    main()
