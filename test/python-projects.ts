import type { EditedProject } from './edited-project.ts';

/** Projects whose types pyright accepts, by what is done to a signature in them. Every caller is there in several shapes. */
export const pythonProjects: Readonly<Record<string, EditedProject>> = {
	'parameters that have to be named': {
		files: {
			'shop/price.py': 'def price(net: float, rate: float, currency: str = "EUR") -> str:\n    return f"{net * rate} {currency}"\n',
			'shop/__init__.py': 'from .price import price as price\n',
			'main.py':
				'import shop\nfrom shop import price as cost\nfrom shop.price import price\n\nrates = [0.1, 0.2]\nfirst = cost(1.0, 0.2)\nsecond = price(rate=0.2, net=1.0)\nthird = shop.price(1.0, 0.2, "USD")\nall = [cost(2.0, rate, currency="CHF") for rate in rates]\n',
		},
		edits: [['net: float, rate: float', 'net: float, *, rate: float']],
	},
	'parameters that cannot be named any more': {
		files: {
			'text.py': 'def cut(text: str, start: int = 0, end: int = 10) -> str:\n    return text[start:end]\n',
			'use.py': 'from text import cut\n\nprint(cut("a", end=3))\nprint(cut(start=1, text="b"))\nprint(cut(text="c"))\n',
		},
		edits: [['end: int = 10)', 'end: int = 10, /)']],
	},
	'two parameters of a method that others override': {
		files: {
			'shape.py':
				'class Shape:\n    def scale(self, by: float, name: str) -> "Shape":\n        return self\n\n    def twice(self) -> "Shape":\n        return self.scale(2.0, "twice")\n',
			'circle.py':
				'from shape import Shape\n\n\nclass Circle(Shape):\n    def __init__(self, radius: float) -> None:\n        self.radius = radius\n\n    def scale(self, by: float, name: str) -> "Circle":\n        super().scale(by, name)\n        return Circle(self.radius * by)\n',
			'use.py':
				'from circle import Circle\nfrom shape import Shape\n\n\ndef grow(shape: Shape) -> Shape:\n    return shape.scale(2.0, "big")\n\n\ncircle = Circle(1.0)\nlarger = circle.scale(3.0, name="x")\nother = Circle(2.0).scale(4.0, "y")\nShape.scale(circle, 5.0, "z")\n',
		},
		edits: [['scale(self, by: float, name: str)', 'scale(self, name: str, by: float)']],
	},
	'two parameters of a constructor': {
		files: {
			'user.py':
				'class User:\n    def __init__(self, name: str, age: int) -> None:\n        self.name = name\n        self.age = age\n\n    @classmethod\n    def nobody(cls) -> "User":\n        return cls("nobody", 0)\n',
			'admin.py':
				'from user import User\n\n\nclass Guest(User):\n    pass\n\n\nclass Admin(User):\n    def __init__(self) -> None:\n        super().__init__("root", 99)\n\n\nclass Old(User):\n    def __init__(self) -> None:\n        User.__init__(self, "old", 98)\n',
			'use.py':
				'import user as users\nfrom admin import Admin, Guest\nfrom user import User\n\npeople: list[User] = [User("a", 1), Guest("b", 2), users.User(age=3, name="c"), Admin()]\nmake = User\npeople.append(make("d", 4))\n',
		},
		edits: [['name: str, age: int', 'age: int, name: str']],
	},
	'two fields of a data class': {
		files: {
			'point.py': 'from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n    label: str\n    z: float = 0.0\n',
			'use.py':
				'from point import Point\n\nhere = Point(1, "here")\nthere = Point(label="there", x=2)\nhigh = Point(3, "high", 4.0)\nall = [Point(each, str(each)) for each in range(3)]\n',
		},
		edits: [['    x: int\n    label: str\n', '    label: str\n    x: int\n']],
	},
	'a name that callers give': {
		files: {
			'mail.py':
				'def send(to: str, text: str = "", *, urgent: bool = False) -> None:\n    """Sends a mail.\n\n    :param to: an address\n    """\n    print(to, text, urgent)\n',
			'use.py':
				'from functools import partial\n\nimport mail\nfrom mail import send\n\nsend(to="a", urgent=True)\nmail.send("b", text="x")\nto_all = partial(send, urgent=True, text="y")\nto_all("c")\nlater = lambda: send("d", urgent=False)\n',
		},
		edits: [
			['urgent: bool', 'important: bool'],
			['to, text, urgent', 'to, text, important'],
		],
	},
	'a parameter that is gone': {
		files: {
			'log.py': 'def log(message: str, level: int = 1, *parts: str, sep: str = " ") -> str:\n    return message + sep.join(parts)\n',
			'use.py':
				'from log import log\n\nnames = ["x", "y"]\nlog("a")\nlog("b", 2)\nlog("c", 2, "d", "e", sep="")\nlog("f", 3, *names)\nlog("g", level=4)\n',
		},
		edits: [['level: int = 1, *parts', '*parts']],
	},
	'many arguments that become a list': {
		files: {
			'join.py': 'def join(*words: str, by: str = ",") -> str:\n    return by.join(words)\n',
			'use.py': 'from join import join\n\nnames = ["x", "y"]\njoin("a", "b")\njoin(*names, by=";")\njoin("c", by="-")\n',
		},
		edits: [['*words: str', 'words: list[str]']],
	},
	'a function that is passed on': {
		files: {
			'rank.py': 'def rank(name: str) -> int:\n    return len(name)\n',
			'use.py':
				'from rank import rank\n\nnames = ["x", "yy"]\nsorted(names, key=rank)\nlengths = list(map(rank, names))\nby_name = {"rank": rank}\nprint(by_name["rank"]("z"))\n',
		},
		edits: [['name: str', '*, name: str']],
	},
	'a type stub beside it': {
		files: {
			'fast.py': 'def add(left, right):\n    return left + right\n',
			'fast.pyi': 'def add(left: int, right: str) -> str: ...\n',
			'use.py': 'from fast import add\n\nprint(add(1, "x"))\nprint(add(right="y", left=2))\n',
		},
		edits: [['left, right', 'right, left']],
	},
	'a function that has to be waited for': {
		files: {
			'load.py': 'def load(path: str) -> str:\n    return path\n',
			'lines.py':
				'from load import load\n\n\ndef first(path: str) -> str:\n    return load(path).splitlines()[0]\n\n\nclass Reader:\n    def read(self, path: str) -> int:\n        return len(load(path)) + len(first(path))\n',
			'main.py':
				'import asyncio\n\nfrom lines import Reader, first\n\n\nasync def main() -> None:\n    reader = Reader()\n    print(first("x").upper(), reader.read("y") + 1)\n    if first("z").startswith("a"):\n        print([first(each).lower() for each in "bc"])\n\n\nasyncio.run(main())\n',
		},
		edits: [['def load', 'async def load']],
	},
	'a function that nobody has to wait for any more': {
		files: {
			'load.py': 'async def load(path: str) -> str:\n    return path\n',
			'main.py':
				'from load import load\n\n\nasync def main() -> None:\n    print(await load("x"))\n    text = (await load("y")).upper()\n    print(text)\n',
		},
		edits: [['async def load', 'def load']],
	},
	'a method of the class, and one of its own': {
		files: {
			'tool.py':
				'class Tool:\n    @staticmethod\n    def cut(text: str, at: int) -> str:\n        return text[at:]\n\n    @classmethod\n    def make(cls, name: str, size: int) -> "Tool":\n        cls.cut(name, size)\n        return cls()\n',
			'use.py':
				'import tool\nfrom tool import Tool\n\nTool.cut("a", 1)\nTool().cut("b", 2)\ntool.Tool.cut(at=3, text="c")\nTool.make("d", 4)\n',
		},
		edits: [
			['text: str, at: int', 'at: int, text: str'],
			['name: str, size: int', 'size: int, name: str'],
		],
	},
	'a package that imports itself': {
		files: {
			'app/core/area.py': 'def area(width: float, unit: str = "m", *, exact: bool = True) -> str:\n    return f"{width} {unit} {exact}"\n',
			'app/__init__.py': '',
			'app/core/__init__.py': 'from . import area as area\nfrom .area import area as surface\n\n__all__ = ["surface"]\n',
			'app/rooms.py':
				'from app.core.area import area\nfrom .core import area as module, surface\n\n\ndef room(width: float) -> list[str]:\n    return [area(width), area(width, "cm"), surface(width, "km", exact=False), module.area(1.0, unit="mm")]\n',
			'main.py': 'import app.core.area\nfrom app import rooms\n\nprint(rooms.room(1.0), app.core.area.area(2.0, "dm"))\n',
		},
		edits: [['width: float, unit: str = "m"', 'unit: str, width: float']],
	},
	'a value that is in scope': {
		files: {
			'order.py': 'def order(item: str) -> str:\n    return item\n',
			'use.py':
				'from order import order\n\n\ndef buy(user_id: int) -> str:\n    return order("a")\n\n\nclass Cart:\n    def __init__(self, user_id: int) -> None:\n        self.user_id = user_id\n\n    def pay(self) -> str:\n        return order(item="b") + order("c")\n',
		},
		edits: [['item: str', 'item: str, user_id: int']],
	},
	'a type that takes more': {
		files: {
			'find.py': 'from pathlib import Path\n\n\ndef size(path: str) -> int:\n    return len(str(path))\n',
			'use.py':
				'from pathlib import Path\n\nfrom find import size\n\nname = "x"\nprint(size("a"), size(name), size(path="b"), Path("c"))\n',
		},
		edits: [['path: str', 'path: Path']],
	},
	'a field of a data class that others extend': {
		files: {
			'point.py':
				'from dataclasses import dataclass, field\n\n\n@dataclass\nclass Point:\n    x: int\n    label: str\n\n\n@dataclass\nclass Point3(Point):\n    z: float\n    tags: list[str] = field(default_factory=list)\n',
			'use.py':
				'import point as points\nfrom point import Point, Point3\n\nflat = Point(1, "a")\nhigh = Point3(1, "a", 2.0)\nother = points.Point3(x=1, label="b", z=3.0, tags=["t"])\n',
		},
		edits: [['    x: int\n    label: str\n', '    label: str\n    x: int\n']],
	},
	'a decorator with arguments': {
		files: {
			'retry.py':
				'from collections.abc import Callable\n\n\ndef retry(times: int, name: str) -> Callable[[Callable[[], int]], Callable[[], int]]:\n    def wrap(work: Callable[[], int]) -> Callable[[], int]:\n        print(times, name)\n        return work\n\n    return wrap\n',
			'use.py':
				'import retry as again\nfrom retry import retry\n\n\n@retry(3, "one")\ndef one() -> int:\n    return 1\n\n\n@again.retry(times=4, name="two")\ndef two() -> int:\n    return 2\n\n\nthree = retry(5, "three")(two)\n',
		},
		edits: [['times: int, name: str', 'name: str, times: int']],
	},
	'a function that threads run': {
		files: {
			'work.py': 'def work(count: int, name: str) -> str:\n    return name * count\n',
			'use.py':
				'import asyncio\nfrom concurrent.futures import ThreadPoolExecutor\nfrom functools import partial\nfrom threading import Thread\n\nfrom work import work\n\nwith ThreadPoolExecutor() as pool:\n    pool.submit(work, 1, "a")\n    pool.submit(work, count=2, name="b")\nThread(target=work, args=(3, "c")).start()\nThread(target=work, args=(4, "d")).start()\nonce = partial(work, 5, "e")\nprint(once())\n\n\nasync def main() -> None:\n    await asyncio.to_thread(work, 6, "f")\n',
		},
		edits: [['count: int, name: str', 'name: str, count: int']],
	},
	'a default that is gone': {
		files: {
			'open.py': 'def open_it(path: str, mode: str = "r", size: int = 0) -> str:\n    return path + mode + str(size)\n',
			'use.py':
				'from open import open_it\n\nopen_it("a")\nopen_it("b", "w")\nopen_it("c", size=3)\nopen_it(path="d", size=4)\n[open_it(each) for each in "ef"]\n',
		},
		edits: [['mode: str = "r"', 'mode: str']],
	},
	'an abstract method and a protocol': {
		files: {
			'store.py':
				'from abc import ABC, abstractmethod\nfrom typing import Protocol\n\n\nclass Store(ABC):\n    @abstractmethod\n    def get(self, key: str, version: int) -> str: ...\n\n    def first(self, key: str) -> str:\n        return self.get(key, 1)\n',
			'memory.py':
				'from store import Store\n\n\nclass Memory(Store):\n    def get(self, key: str, version: int) -> str:\n        return key + str(version)\n\n\nclass Loud(Memory):\n    def get(self, key: str, version: int) -> str:\n        return super().get(key, version).upper()\n',
			'use.py':
				'from memory import Loud, Memory\nfrom store import Store\n\n\nclass Shop:\n    def __init__(self, store: Store) -> None:\n        self.store = store\n        self.memory = Memory()\n\n    def show(self) -> str:\n        return self.store.get("a", 1) + self.memory.get(version=2, key="b") + self.memory.first("c")\n\n\ndef read(store: Store | None) -> str:\n    return store.get("d", 3) if store else Loud().get("e", 4)\n',
		},
		edits: [['get(self, key: str, version: int)', 'get(self, version: int, key: str)']],
	},
	'a method of a generic class': {
		files: {
			'box.py':
				'from typing import Generic, TypeVar\n\nT = TypeVar("T")\n\n\nclass Box(Generic[T]):\n    def put(self, item: T, key: str) -> "Box[T]":\n        return self\n',
			'use.py':
				'from box import Box\n\nbox: Box[int] = Box()\nbox.put(1, "a")\nBox[int]().put(3, key="c")\n\n\ndef fill(own: "Box[str] | None") -> None:\n    if own:\n        own.put("x", "d")\n',
		},
		edits: [['item: T, key: str', 'key: str, item: T']],
	},
	'a method that has to be waited for, with what overrides it': {
		files: {
			'source.py':
				'class Source:\n    def read(self) -> str:\n        return ""\n\n    def twice(self) -> str:\n        return self.read() * 2\n',
			'file.py': 'from source import Source\n\n\nclass File(Source):\n    def read(self) -> str:\n        return super().read() + "file"\n',
			'use.py':
				'import asyncio\n\nfrom file import File\nfrom source import Source\n\n\nasync def show(source: Source) -> str:\n    return source.read() + File().read() + source.twice()\n\n\nprint(asyncio.run(show(File())))\n',
		},
		edits: [['def read', 'async def read']],
	},
	'a function that comes with all others of its module': {
		files: {
			'tools.py': 'def hit(at: int, name: str) -> None:\n    print(at, name)\n',
			'more.py': 'from tools import *\n\nhit(1, "a")\n',
			'use.py': 'from more import hit\n\nhit(2, "b")\nhit(name="c", at=3)\n',
		},
		edits: [['at: int, name: str', 'name: str, at: int']],
	},
	'a function inside of another': {
		files: {
			'outer.py':
				'def outer() -> int:\n    def add(left: int, text: str) -> int:\n        return left + len(text)\n\n    return add(1, "a") + add(2, text="b")\n\n\ndef add(left: int, text: str) -> int:\n    return left\n\n\nadd(3, "c")\n',
		},
		edits: [['    def add(left: int, text: str)', '    def add(text: str, left: int)']],
	},
	'a named tuple': {
		files: {
			'pair.py': 'from typing import NamedTuple\n\n\nclass Pair(NamedTuple):\n    size: int\n    name: str\n',
			'use.py':
				'from pair import Pair\n\nfirst = Pair(1, "a")\nsecond = Pair(name="b", size=2)\nprint(first.size + 1, second.name.upper())\n',
		},
		edits: [['    size: int\n    name: str\n', '    name: str\n    size: int\n']],
	},
	'a value that only is looked up where types are checked': {
		files: {
			'model.py': 'class Model:\n    def ask(self, text: str, size: int = 1) -> str:\n        return text * size\n',
			'use.py':
				'from __future__ import annotations\n\nfrom typing import TYPE_CHECKING, Optional\n\nif TYPE_CHECKING:\n    from model import Model\n\n\ndef use(model: Model, other: "Optional[Model]" = None) -> str:\n    first = model.ask("a", 2)\n    if other is not None:\n        other.ask("b", size=3)\n    return first + (lambda own: model.ask(own, 4))("c")\n',
		},
		edits: [['text: str, size: int = 1', '*, text: str, size: int = 1']],
	},
};
