"""Run by ministack's own interpreter: ministack, with a shorter pause between two looks at the queues.

A look that finds nothing delays the next by 50 ms. Here every message that is handled causes one (it puts a reply job
on a queue, which wakes the poller in vain), so that pause would be most of what a message takes.
"""

from ministack.app import main  # type: ignore[import-not-found]  # it lives in an environment of its own
from ministack.services import lambda_svc  # type: ignore[import-not-found]  # as above

lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = 0.002  # noqa: SLF001 - no setting reaches it; ministack is pinned
main()
