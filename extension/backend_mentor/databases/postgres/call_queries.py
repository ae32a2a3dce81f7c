"""What the catalogue knows of calls: those that a text names, and those that stand behind what it names."""

# An aggregate is always declared immutable; what it does is up to the functions that it is made of. `t.name` calls a
# function too, where one value of any row will do for it.
FUNCTIONS = """
SELECT p.proname, p.oid >= 16384 AS made_by_user, bool_or(s.provolatile = 'v'), bool_or(s.provolatile <> 'i'),
       coalesce(p.pronargs - p.pronargdefaults <= 1 AND t.typtype IN ('c', 'd', 'p'), false),
       p.prolang IN (SELECT oid FROM pg_catalog.pg_language WHERE lanname IN ('internal', 'c'))
FROM pg_catalog.pg_proc p LEFT JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
LEFT JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0]
JOIN pg_catalog.pg_proc s ON s.oid = ANY (ARRAY[p.oid, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn,
       a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[])
WHERE p.proname = ANY ($1::text[])
GROUP BY p.oid, p.proname, p.pronargs, p.pronargdefaults, t.typtype, p.prolang
"""

# Operators and casts that a user made are called without parentheses. An operator is looked for by its sign, a cast by
# the type that it converts from or to: as a word of the text, or as a column of a table in it.
OPERATORS = """
SELECT DISTINCT o.oprname, p.proname, p.provolatile = 'v'
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
WHERE o.oid >= 16384 AND p.provolatile <> 'i'
UNION ALL
SELECT NULL, p.proname, p.provolatile = 'v'
FROM pg_catalog.pg_cast k JOIN pg_catalog.pg_proc p ON p.oid = k.castfunc
JOIN pg_catalog.pg_type s ON s.oid = k.castsource JOIN pg_catalog.pg_type g ON g.oid = k.casttarget
WHERE k.oid >= 16384 AND p.provolatile <> 'i' AND (
  (s.oid >= 16384 AND s.typname = ANY ($1::text[])) OR (g.oid >= 16384 AND g.typname = ANY ($1::text[]))
  OR (s.oid >= 16384 AND EXISTS (
    SELECT FROM pg_catalog.pg_attribute b JOIN pg_catalog.pg_class c ON c.oid = b.attrelid
    WHERE c.relname = ANY ($1::text[]) AND b.atttypid = s.oid))
  OR (s.typname = ANY ($1::text[]) AND g.typname = ANY ($1::text[])))
"""

# Texts that run along with what a statement names: a view's query, a table's policies, a domain's checks, defaults.
HIDDEN_TEXTS = """
WITH RECURSIVE domains(oid) AS (
  SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd' AND t.oid >= 16384 AND (t.typname = ANY ($1::text[])
    OR t.oid IN (SELECT b.atttypid FROM pg_catalog.pg_attribute b JOIN pg_catalog.pg_class c ON c.oid = b.attrelid
                 WHERE c.relname = ANY ($1::text[]) AND c.relkind = 'c'))
  UNION
  SELECT t.typbasetype FROM domains d JOIN pg_catalog.pg_type t ON t.oid = d.oid WHERE t.typbasetype <> 0
)
SELECT 'view ' || c.oid::regclass::text, pg_catalog.pg_get_viewdef(c.oid)
FROM pg_catalog.pg_class c WHERE c.relname = ANY ($1::text[]) AND c.relkind = 'v' AND c.oid >= 16384
UNION ALL
SELECT 'a policy of ' || c.oid::regclass::text, pg_catalog.pg_get_expr(y.polqual, y.polrelid)
FROM pg_catalog.pg_policy y JOIN pg_catalog.pg_class c ON c.oid = y.polrelid
WHERE c.relname = ANY ($1::text[]) AND c.relrowsecurity AND y.polcmd IN ('r', '*') AND y.polqual IS NOT NULL
UNION ALL
SELECT 'domain ' || d.oid::regtype::text, pg_catalog.pg_get_expr(n.conbin, 0)
FROM domains d JOIN pg_catalog.pg_constraint n ON n.contypid = d.oid WHERE n.conbin IS NOT NULL
UNION ALL
SELECT 'a default of ' || p.oid::regprocedure::text, pg_catalog.pg_get_expr(p.proargdefaults, 0)
FROM pg_catalog.pg_proc p WHERE p.proname = ANY ($1::text[]) AND p.oid >= 16384 AND p.proargdefaults IS NOT NULL
"""
