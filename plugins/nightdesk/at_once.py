"""Several pieces of work at once, each as soon as what it waits for is done."""

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from graphlib import TopologicalSorter
from typing import TypeVar

Hand = TypeVar("Hand")


def at_once(after: Mapping[str, Collection[str]], hands: Sequence[Hand], do: Callable[[Hand, str], object]) -> None:
    """Do each piece of `after`, once those that it names are done, with a hand that is free: a thread for each hand,
    where there are several.

    Raises what the first to fail raises, when those at work beside it are done; nothing else is begun then.
    """
    waiting = TopologicalSorter({name: sorted(names) for name, names in sorted(after.items())})
    if len(hands) == 1:
        for name in waiting.static_order():
            do(hands[0], name)
        return
    waiting.prepare()
    idle, ready = list(hands), deque[str]()
    at_work: dict[Future[object], tuple[str, Hand]] = {}
    with ThreadPoolExecutor(len(hands), "at_once") as threads:
        while waiting.is_active():
            ready.extend(waiting.get_ready())
            while idle and ready:
                name, hand = ready.popleft(), idle.pop()
                at_work[threads.submit(copy_context().run, do, hand, name)] = (name, hand)  # measured with us
            for done in wait(at_work, return_when=FIRST_COMPLETED).done:
                name, hand = at_work.pop(done)
                done.result()
                idle.append(hand)
                waiting.done(name)
