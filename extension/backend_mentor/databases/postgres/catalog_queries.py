"""The questions to PostgreSQL's catalogues, versions 12 to 18. Each row begins with its table's number."""

from __future__ import annotations

_OURS = (
    "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)' "
    "AND c.relkind IN ('r', 'p', 'm', 'v', 'f') AND has_schema_privilege(n.oid, 'USAGE')"
)
_FROM_TABLES = f"""
(SELECT c.oid, c.relname, c.relkind, c.reltuples, n.nspname FROM pg_catalog.pg_class c
 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}) AS t"""

TABLES = f"""
SELECT c.oid, n.nspname, c.relname, c.relkind::text, pg_table_is_visible(c.oid),
  CASE WHEN c.relkind IN ('v', 'f') AND c.reltuples <= 0 OR c.reltuples = 0 AND c.relpages = 0
            AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_all_tables s WHERE s.relid = c.oid
                            AND (s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL
                                 OR s.last_vacuum IS NOT NULL OR s.last_autovacuum IS NOT NULL))
       THEN -1 ELSE c.reltuples END,
  CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) END,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
  s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL, s.n_mod_since_analyze,
  row_security_active(c.oid),
  c.relkind = 'r' AND NOT c.relispartition AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
    WHERE c.oid IN (i.inhrelid, i.inhparent)),
  c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_all_tables s ON s.relid = c.oid
WHERE {_OURS}
ORDER BY pg_table_is_visible(c.oid) DESC, n.nspname, c.relname
"""

# 20 of the most common values are enough for any judgement; the bounds are the first and last of the histogram.
STATISTICS = f"""
SELECT t.oid, s.attname, format_type(a.atttypid, NULL), t.reltuples, s.null_frac, s.avg_width, s.n_distinct,
  s.correlation, to_json((s.most_common_vals::text::text[])[1:20])::text, to_json(s.most_common_freqs[1:20])::text,
  (s.histogram_bounds::text::text[])[1],
  (s.histogram_bounds::text::text[])[array_length(s.histogram_bounds::text::text[], 1)],
  (SELECT sum(f) FROM unnest(s.most_common_freqs) f)
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_stats s ON s.schemaname = t.nspname AND s.tablename = t.relname
  AND s.inherited = (t.relkind = 'p')
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = s.attname
"""

SETTINGS = """
SELECT name, current_setting(name) FROM pg_catalog.pg_settings WHERE name IN
('work_mem', 'hash_mem_multiplier', 'random_page_cost', 'seq_page_cost', 'effective_cache_size', 'shared_buffers',
 'jit', 'max_parallel_workers_per_gather', 'server_encoding', 'lc_collate', 'TimeZone', 'DateStyle', 'search_path',
 'default_statistics_target', 'enable_seqscan', 'enable_partitionwise_join')
ORDER BY name
"""


def columns(version: tuple[int, ...]) -> str:
    """Return the query for columns: number, name, type, NOT NULL, default, whether computed, collation."""
    # Version 18 keeps NOT NULL as a constraint, which can be there and not yet checked.
    checked = (
        "AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' "
        "AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated)"
        if version >= (18,)
        else ""
    )
    return f"""
SELECT t.oid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull {checked},
  CASE WHEN a.attidentity <> '' THEN 'identity' ELSE pg_get_expr(d.adbin, d.adrelid) END,
  a.attgenerated <> '' OR a.attidentity = 'a', CASE WHEN a.attcollation <> y.typcollation THEN o.collname END
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
ORDER BY t.oid, a.attnum
"""


def indexes(version: tuple[int, ...]) -> str:
    """Return the query for indexes."""
    distinct = "NOT i.indnullsnotdistinct" if version >= (15,) else "true"
    return f"""
SELECT t.oid, i.indexrelid, x.relname, m.amname, i.indisunique, i.indisprimary, i.indisvalid AND i.indisready,
  i.indimmediate, {distinct}, pg_get_expr(i.indpred, i.indrelid, true),
  CASE WHEN x.relkind = 'i' THEN pg_relation_size(x.oid) END, s.idx_scan,
  EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_index i ON i.indrelid = t.oid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
JOIN pg_catalog.pg_am m ON m.oid = x.relam
LEFT JOIN pg_catalog.pg_stat_all_indexes s ON s.indexrelid = x.oid
ORDER BY t.oid, x.relname
"""


def index_keys() -> str:
    """Return the query for what indexes are made of; its rows begin with the index's number."""
    # 100 is the collation `default` (pg_collation.dat), which is an expression's where nothing was said.
    return f"""
SELECT i.indexrelid, coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.place::int, true)),
  k.place <= i.indnkeyatts, a.attname IS NULL, i.indoption[k.place - 1],
  CASE WHEN i.indcollation[k.place - 1] NOT IN (0, coalesce(a.attcollation, 100)) THEN o.collname END,
  CASE WHEN NOT c.opcdefault THEN c.opcname END
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_index i ON i.indrelid = t.oid
CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attribute, place)
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attribute AND k.attribute > 0
LEFT JOIN pg_catalog.pg_collation o ON o.oid = i.indcollation[k.place - 1]
LEFT JOIN pg_catalog.pg_opclass c ON c.oid = i.indclass[k.place - 1]
ORDER BY i.indexrelid, k.place
"""


def foreign_keys(version: tuple[int, ...]) -> str:
    """Return the query for foreign keys; the last column says whether every row is known to obey."""
    enforced = "AND k.conenforced" if version >= (18,) else ""
    return f"""
SELECT t.oid, k.conname, {_names("k.conrelid", "k.conkey")}, r.relname, {_names("k.confrelid", "k.confkey")},
  k.confdeltype::text,
  k.convalidated {enforced} AND NOT k.condeferrable AND NOT row_security_active(r.oid)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g WHERE g.tgconstraint = k.oid AND g.tgenabled = 'D')
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
ORDER BY t.oid, k.conname
"""


def checks(version: tuple[int, ...]) -> str:
    """Return the query for CHECK constraints; the last column says whether every row is known to obey."""
    enforced = "AND k.conenforced" if version >= (18,) else ""
    return f"""
SELECT t.oid, k.conname, pg_get_expr(k.conbin, k.conrelid, true),
  k.convalidated {enforced} AND NOT (k.connoinherit AND EXISTS (SELECT FROM pg_catalog.pg_inherits i
    WHERE i.inhparent = t.oid))
FROM {_FROM_TABLES}
JOIN pg_catalog.pg_constraint k ON k.conrelid = t.oid AND k.contype = 'c'
ORDER BY t.oid, k.conname
"""


def _names(relation: str, numbers: str) -> str:
    return (
        "(SELECT string_agg(a.attname, E'\\x1f' ORDER BY p.place) "
        f"FROM unnest({numbers}) WITH ORDINALITY p(number, place) "
        f"JOIN pg_catalog.pg_attribute a ON a.attrelid = {relation} AND a.attnum = p.number)"
    )
