"""What Postgres is made to believe of its tables."""

# What analyze leaves that came when rows had just been deleted, or were not committed yet; :name is a table's.
TAKEN_FOR_EMPTY = """
    select pg_restore_relation_stats('schemaname', 'public', 'relname', cast(:name as text),
                                     'relpages', 10, 'reltuples', cast(0 as real))
"""
