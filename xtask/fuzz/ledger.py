"""Every exchange with the server, as it was on the wire, and what it left in the database.

A refused request changes nothing. Before each request a read transaction is begun, which goes on seeing the database as it
was. When something was written meanwhile (which costs one look at a number) and the request was refused, the two are compared.
"""

import collections
import re
import sqlite3

# What a refusal may leave behind: that somebody tried to sign in, that somebody was shown the token that there is already, and
# (`columns_of`) when a session was last used.
REFUSALS_WRITTEN = ("sign_in_refused", "token_read")
# The server's own timers pass over who does not come. They work beside every request.
TIMER = "clock"


def path_rule(template):
    return re.compile(re.sub(r"{[^}]*}", "[^/]+", template))


def path_of(request):
    return re.sub(r"^https?://[^/]*|\?.*$", "", request.url)


class Ledger:
    def __init__(self, path, document):
        self.before, self.after = (
            sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
            for _ in range(2)
        )
        tables = self.after.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        self.columns = {table: self.columns_of(table) for (table,) in tables}
        operations = [(method.upper(), path) for path, item in document["paths"].items() for method in item]
        self.routes = [
            (f"{method} {path}", method, path_rule(path))
            # Without braces first: /api/token/book is no token.
            for method, path in sorted(operations, key=lambda operation: operation[1].count("{"))
        ]
        self.answers = collections.Counter()
        self.by_route = collections.defaultdict(collections.Counter)
        self.faults = []

    def columns_of(self, table):
        names = [row[1] for row in self.after.execute(f'PRAGMA table_info("{table}")')]
        return [name for name in names if (table, name) != ("session", "seen_at")]

    def begin(self):
        if self.before.in_transaction:
            self.before.rollback()
        self.before.execute("BEGIN")
        self.before.execute("SELECT count(*) FROM facility").fetchone()
        self.version = self.data_version()

    def end(self, request, response):
        status = response.status_code
        self.answers[status] += 1
        route = self.route(request)
        problem = response.headers.get("Content-Type") == "application/problem+json"
        what = response.json()["type"].rsplit("/", 1)[1] if problem else f"{status // 100}xx"
        self.by_route[route][what] += 1
        if 400 <= status < 500 and self.data_version() != self.version:
            changes = self.changes()
            if changes:
                asked = f"{request.method} {request.url}\n{(request.body or b'')!r}"
                self.faults.append(f"refused with {status}, and yet:\n{changes}\nasked: {asked}\n{response.text}")

    def route(self, request):
        """Which operation answers this request; none, if there is none."""
        path = path_of(request)
        return next((name for name, method, rule in self.routes if request.method == method and rule.fullmatch(path)), None)

    def data_version(self):
        return self.after.execute("PRAGMA data_version").fetchone()[0]

    def changes(self):
        """What differs between before and now, as text; nothing, if only what may."""
        lines = []
        for table, columns in self.columns.items():
            what = ", ".join(f'"{name}"' for name in columns)
            old, new = (set(side.execute(f'SELECT {what} FROM "{table}"')) for side in (self.before, self.after))
            gone = [dict(zip(columns, row)) for row in old - new]
            came = [dict(zip(columns, row)) for row in new - old]
            if table == "event" and any(row["actor"] == TIMER for row in came):
                return ""
            if table == "audit":
                came = [row for row in came if row["action"] not in REFUSALS_WRITTEN]
            lines += [f"- {table} {row}" for row in gone[:3]] + [f"+ {table} {row}" for row in came[:3]]
        return "\n".join(lines)

    def report(self):
        total = sum(self.answers.values())
        lines = [f"{total} requests: " + ", ".join(f"{n} × {code}" for code, n in sorted(self.answers.items()))]
        # The streams have their own account.
        names = [name for name, _, _ in self.routes if "/api/live/" not in name]
        for route in names:
            counts = self.by_route[route]
            lines.append(f"  {route:34} " + ", ".join(f"{n} {what}" for what, n in counts.most_common(9)))
        never = [name for name in names if not self.by_route[name]["2xx"]]
        if never:
            lines.append("never done, only refused: " + ", ".join(never))
        return "\n".join(lines)
