"""Names for objects of one kind: a name or the object itself will do wherever one is asked for."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Generic[T]):
    """The objects of a kind by name, in this process.

    Args:
        what: what one of them is called in messages and arguments, such as "lookup".
        kind: their class.
        own: those that are always there.
    """

    def __init__(self, what: str, kind: type[T], own: dict[str, T]) -> None:
        self._what, self._kind, self._own, self._named = what, kind, frozenset(own), dict(own)

    def names(self) -> tuple[str, ...]:
        """All names, the package's own first."""
        return tuple(self._named)

    def get(self, found: str | T) -> T:
        """The object of that name; an object of the kind is returned as it is.

        Raises:
            ValueError: when there is no such name, or the object is none of the kind, or cannot be hashed.
        """
        if isinstance(found, self._kind):
            return self._checked(found)
        if not isinstance(found, str) or found not in self._named:
            kind = f"qattn.{self._kind.__module__.split('.')[1]}.{self._kind.__name__}"
            raise ValueError(f"{self._what} = {found!r}; choose one of {', '.join(self._named)}, or give a {kind}")
        return self._named[found]

    def register(self, name: str, thing: T) -> None:
        """Make an object known by a name, in this process.

        From then on it is also among the forms that an objective chooses from, by its own prices.

        Args:
            name: any that is not taken; the same object may be registered again.
            thing: an object of the registry's kind.

        Raises:
            ValueError: when the name is empty or taken by another, or the object is none of the kind.
        """
        if not isinstance(thing, self._kind):
            raise ValueError(f"{thing!r} is no {self._what}; give an object of a subclass of {self._kind.__name__}")
        if not name or self._named.get(name, thing) != thing:
            raise ValueError(f"name = {name!r}; choose another, {', '.join(self._named)} are taken")
        self._named[name] = self._checked(thing)

    def unregister(self, name: str) -> None:
        """Forget a name that was registered.

        Raises:
            ValueError: when there is no such name, or it is one of the package's own.
        """
        if name in self._own or name not in self._named:
            raise ValueError(f"name = {name!r}; only a registered name can be taken back, {', '.join(self._own)} stay")
        del self._named[name]

    def _checked(self, thing: T) -> T:
        """Oracles with equal parts share circuits, and so the parts must be fit for a dictionary."""
        if type(thing).__hash__ is None:
            raise ValueError(f"{self._what} {thing!r} cannot be hashed; make its class a dataclass(frozen=True)")
        return thing
