"""Which chats are open on a screen: a message delivered into an open chat is read at once."""

from ops.simulator.chats import ChatKey


class Presence:
    def __init__(self) -> None:
        self._open: dict[str, ChatKey] = {}

    def look_at(self, viewer: str, chat: ChatKey) -> None:
        self._open[viewer] = chat

    def look_away(self, viewer: str) -> None:
        self._open.pop(viewer, None)

    def is_open(self, chat: ChatKey) -> bool:
        return chat in self._open.values()
