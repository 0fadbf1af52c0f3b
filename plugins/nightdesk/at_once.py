"""Several pieces of work at once, each as soon as what it waits for is done."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from graphlib import TopologicalSorter
from time import sleep
from typing import TypeVar

Hand = TypeVar("Hand")


#: seconds between two calls to hands that are to stop: one between two statements does not hear the first
_AGAIN = 0.05


def at_once(
    after: Mapping[str, Collection[str]],
    hands: Sequence[Hand],
    do: Callable[[Hand, str], object],
    stop: Callable[[Hand], object],
) -> None:
    """Do each piece of `after`, once those that it names are done, with a hand that is free: a thread for each hand,
    where there are several.

    Raises what the first to fail raises, or what interrupts whoever waits here. Nothing else is begun then, and `stop`
    is called, from this thread, with each hand, until those at work have left off: no statement is waited for.
    """
    waiting = TopologicalSorter({name: sorted(names) for name, names in sorted(after.items())})
    if len(hands) == 1:
        for name in waiting.static_order():
            do(hands[0], name)
        return
    waiting.prepare()
    idle, ready = list(hands), deque[str]()
    working: set[str] = set()  # told by the threads: an interrupt may come before the future of one at work is here

    def piece(hand: Hand, name: str) -> None:
        working.add(name)
        try:
            do(hand, name)
        finally:
            working.discard(name)

    at_work: dict[Future[object], tuple[str, Hand]] = {}
    with ThreadPoolExecutor(len(hands), "at_once") as threads:
        try:
            while waiting.is_active():
                ready.extend(waiting.get_ready())
                while idle and ready:
                    name, hand = ready.popleft(), idle.pop()
                    at_work[threads.submit(copy_context().run, piece, hand, name)] = (name, hand)  # measured with us
                for done in wait(at_work, return_when=FIRST_COMPLETED).done:
                    name, hand = at_work.pop(done)
                    done.result()
                    idle.append(hand)
                    waiting.done(name)
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            while working:
                for hand in hands:
                    stop(hand)
                sleep(_AGAIN)
            raise
