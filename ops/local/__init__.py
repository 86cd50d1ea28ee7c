"""The local stack: the template deployed onto ministack, the simulator beside it, one front port before both."""
