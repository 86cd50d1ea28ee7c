"""What goes wrong on an operator's machine.

OpsError                  one clear line for the person at the terminal, and what to do about it
├── NoStackError          no local stack has been brought up in this home
├── PortTakenError        another process listens where the stack wants to
├── ProcessError          a process of the stack did not start, or did not stop
├── ToolError             a program that the stack needs (uv) is missing or has failed
└── DeployError           CloudFormation refused the template or failed a resource
"""

from __future__ import annotations


class OpsError(Exception):
    """Printed as one line without a traceback; `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NoStackError(OpsError):
    pass


class PortTakenError(OpsError):
    pass


class ProcessError(OpsError):
    pass


class ToolError(OpsError):
    pass


class DeployError(OpsError):
    pass
