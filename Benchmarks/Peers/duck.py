"""The comparison's questions for DuckDB: duck.py users|addresses FILE THREADS.

users: refused requests by user, from nginx JSON, plain or gzip; a count and a name a line.
addresses: addresses with more than ten failed passwords in some 300 seconds, from auth.log.
"""
import sys

import duckdb

question, path, threads = sys.argv[1:]
database = duckdb.connect()
database.execute(f"SET threads = {int(threads)}")
# No answer here depends on the order of the lines.
database.execute("SET preserve_insertion_order = false")
if question == "users":
    rows = database.execute(
        """
        SELECT count(*), remote_user
        FROM read_json(?, format = 'newline_delimited',
                       columns = {'remote_user': 'VARCHAR', 'status': 'INTEGER'})
        WHERE status >= 400 GROUP BY remote_user
        """,
        [path],
    ).fetchall()
else:
    rows = database.execute(
        r"""
        WITH hit AS (
          SELECT column0 AS line
          FROM read_csv(?, columns = {'column0': 'VARCHAR'}, header = false, auto_detect = false,
                        delim = '\x1f', quote = '', escape = '')
          WHERE contains(column0, ']: Failed password for ')
        ), failure AS (
          SELECT regexp_extract(line, ' from (\S+) port ', 1) AS address,
                 strptime('2026 ' || line[:15], '%Y %b %d %H:%M:%S') AS moment
          FROM hit
        ), counted AS (
          SELECT address, count(*) OVER (
            PARTITION BY address ORDER BY moment
            RANGE BETWEEN INTERVAL 299 SECONDS PRECEDING AND CURRENT ROW) AS failures
          FROM failure
        )
        SELECT DISTINCT address FROM counted WHERE failures > 10
        """.replace("\\x1f", "\x1f"),
        [path],
    ).fetchall()
sys.stdout.write("".join("\t".join(str(cell) for cell in row) + "\n" for row in rows))
