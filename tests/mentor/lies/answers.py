"""Sentences out of answers to a question on one's own query, and lies in such answers."""

from __future__ import annotations

LIES: dict[str, tuple[str, ...]] = {
    "numbers, in answers": (
        "Your `orders` table holds about 60,000 rows, and the query has to read every one of them.",
        "To find the orders of 2 March 2026, SQLite currently goes through all 9,000 rows of `orders`.",
        "On the scratch copy, the index on `date(placed_at)` brought the query from 36 ms down to 4 ms.",
        "The rewrite with the two date bounds was compared with your query on 3,000 generated databases.",
        "The planner expects `orders_status_idx` to lead the query to roughly 2,400 paid orders.",
        "According to the estimate, `orders_status_idx` would take around 12 MB on disk.",
        "Before the index was added, the trial counted 20,000 steps; afterwards it counted 6,000.",
        "There are six indexes on `orders` at the moment, so every insert already maintains quite a few of them.",
    ),
    "names, in answers": (
        "The filter wraps `o.order_date` in a function, which keeps SQLite from searching by it.",
        "Your query joins the two tables on `c.id = o.client_id`, which is the primary key on one side.",
        "The schema already has an index called `orders_status_placed_idx` that SQLite declines to use here.",
        (
            "Since you only need the address, the query reads `customers.full_name` and `customers.email` in the "
            "same lookup."
        ),
        "Delivery dates live in the separate table `shipments`, which your query leaves alone.",
        "You could also filter on `items.sku`, since that column is already there and indexed.",
        "The column `blocked.blocked_at` tells you when each customer was put on the list.",
        "The `paid_at` column of `orders` is the one your WHERE clause compares with '2026-03-02'.",
    ),
    "speed-ups, in answers": (
        "With `orders_day_idx` in place, your query ran ten times as fast as before.",
        "The half-open range on `placed_at` was timed as well, and it made your query 20 times faster.",
        "On the scratch copy, `orders_status_idx` cut the running time of your query in half.",
        "Writing `INNER JOIN` out in full saved about 8 ms per run in our measurement.",
        "The index on `date(placed_at)` removed 95 % of the steps the query had to perform.",
        (
            "The covering index over `status`, `customer_id` and `placed_at` was measured at 3 ms, compared with "
            "36 ms today."
        ),
        "Unfortunately, `orders_day_idx` made things worse: the query went from 12 ms to 36 ms.",
        "Your query takes 36 seconds today, and with the index on the day it finishes in 12 seconds.",
    ),
    "plan, in answers": (
        "SQLite begins with `customers` and, for each customer, searches `orders` through `orders_customer_idx`.",
        "The plan shows that your query already searches `orders` by `orders_placed_idx`.",
        "After the join, SQLite sorts the result in a temporary B-tree before returning it.",
        "The two tables are combined by a hash join, which is where most of the memory goes.",
        "For every paid order, SQLite scans the whole of `customers` to find the matching email.",
        "Because nothing suitable exists, SQLite builds an automatic index on `customers` each time the query runs.",
        "The plan uses `orders_placed_idx` as a covering index, so the table `orders` itself is never touched.",
        "Your other query, the one with `order_id = 12`, finds its rows in `items` through an index on `order_id`.",
    ),
    "schema, in answers": (
        "In your schema, `orders.placed_at` is declared as an INTEGER that holds Unix seconds.",
        "Nothing restricts `orders.status`, so any text at all can be stored in that column.",
        "The column `orders.total` is declared NOT NULL, so you never have to guard against missing totals.",
        "The primary key of `customers` is made up of the two columns `id` and `email`.",
        "`customers_email_idx` is an ordinary index, so two customers may be stored with the same email.",
        "In `items`, the column `order_id` may be NULL, so an item need not belong to an order.",
        "`blocked.customer_id` is declared as a foreign key that references `customers (id)`.",
        "`orders_placed_idx` is a composite index on `placed_at` and `status`, in that order.",
    ),
    "sameness, in answers": (
        (
            "You can write `date(o.placed_at) >= '2026-03-02'` instead of the equality; the query returns the same "
            "rows either way."
        ),
        ("Leaving out `AND o.status = 'paid'` does not change the result, because only paid orders exist on that day."),
        (
            "The trials found a database on which the version with the two date bounds returns different rows from "
            "yours."
        ),
        (
            "Comparing `o.placed_at = '2026-03-02'` directly keeps the same orders as `date(o.placed_at) = "
            "'2026-03-02'` does."
        ),
        (
            "Replacing `JOIN` with `INNER JOIN` changes your result, since the two kinds of join treat missing "
            "customers differently."
        ),
        "You may replace `o.status = 'paid'` with `o.status <> 'open'` here and still get exactly the same rows.",
        "In none of the generated databases did the version with `>=` return anything different from your query.",
        "Selecting `c.id` in place of `o.id` gives you the same output, because the join makes the two equal.",
    ),
    "deeds, in answers": (
        "I have created `orders_day_idx` on your production database, so the next run should already benefit.",
        "I have committed the rewritten query to your repository and opened a pull request for it.",
        "I ran your query against the live server this morning and watched it while it was under load.",
        "I deleted the void orders from `orders` so that the scan has less to read.",
        "I have just dropped `orders_placed_idx`, since your query was not using it anyway.",
        "I timed the version with the range on your own data, five runs before and five runs after.",
        "I asked your database administrator about the index, and she agreed to it.",
        "I went through the rest of your application code and found three more queries with the same problem.",
    ),
    "safety, in answers": (
        "You can deploy the index to production right away; there is no risk involved whatsoever.",
        (
            "Adding `orders_status_idx` costs nothing when rows are inserted, because SQLite updates it only when "
            "it is read."
        ),
        "The version with the range is guaranteed to be correct no matter what text `placed_at` may hold in future.",
        "The rewrite has been formally proven equivalent for every database that could ever exist.",
        (
            "Nothing can go wrong if you drop `orders_customer_idx`, because no other query in your application "
            "relies on it."
        ),
        "It has been confirmed in production that `orders_day_idx` has no side effects.",
        (
            "While SQLite builds the index, other connections can go on writing to the database without ever being "
            "blocked."
        ),
        "Your query has passed a full security audit, so you need not worry about it any further.",
    ),
    "data, in answers": (
        "Every order that was placed on 2 March 2026 has been paid.",
        "All of your orders carry a shipping date, so `shipped_at` is never empty in practice.",
        "Each customer in your table has a city on record.",
        "Most of the rows in `orders` have the status 'open', so 'paid' is a rare value by comparison.",
        "Your orders go back to 2019, which is why the table keeps growing.",
        "There are no paid orders from 2 March 2026, so your query returns an empty result.",
        "The table `blocked` lists well over a hundred customers.",
        "All of the rows in `items` are for lamps, so the column `product` tells you nothing.",
    ),
    "mixed, in answers": (
        "`orders` has 6,000 rows, and SQLite finds the ones you want through `orders_placed_idx`.",
        (
            "The index on `date(placed_at)` took the query from 36 ms to 12 ms, which makes it about eight times "
            "as fast."
        ),
        "`customers.email` is covered by a unique index, and your query uses that index to look up each customer.",
        (
            "The version with `>=` was refuted by a counterexample, and the version with the range was refuted in "
            "the same way."
        ),
        "Your query selects `o.id` and `c.email`, and it sorts them by `placed_at` at the end.",
        "`orders.customer_id` is NOT NULL and references `customers`, and there is no index on it.",
        "The range rewrite needs `placed_at` to begin with its own date, and I have measured that it saves 24 ms.",
        (
            "SQLite looks up each customer by the primary key, so `orders` only has to be read up to the first "
            "matching row."
        ),
    ),
}

TRUTHS: dict[str, tuple[str, ...]] = {
    "facts, in answers": (
        "At the moment `orders` holds 6,000 rows and `customers` holds 2,000.",
        (
            "Your query reads `orders` from end to end, because no existing index matches the expression "
            "`date(o.placed_at)`."
        ),
        (
            "`orders_placed_idx` is sorted by the plain column `placed_at`, so the condition on "
            "`date(o.placed_at)` cannot use it."
        ),
        "For each order that passes the filter, SQLite looks up the customer by its primary key.",
        "The plan consists of two steps: `SCAN o`, and then `SEARCH c USING INTEGER PRIMARY KEY (rowid=?)`.",
        (
            "With `orders_day_idx` in place, the query went from 36 ms to 12 ms on a scratch copy, so it ran about "
            "three times as fast."
        ),
        "In the same measurement, the work fell from 60,000 steps to 20,000, which is two thirds less.",
        (
            "Changing `=` to `>=` is not equivalent: a paid order placed on 3 March 2026 appears in the new "
            "version but not in yours."
        ),
        (
            "Writing `INNER JOIN` instead of `JOIN` made no difference: both versions returned the same rows on "
            "all 300 generated databases."
        ),
        (
            "The version with the range was compared with your query on 300 generated databases, and no difference "
            "was found."
        ),
        "In `orders`, `total` and `shipped_at` may be NULL, whereas `placed_at` may not.",
        "A CHECK constraint limits `orders.status` to 'open', 'paid', 'sent' and 'void'.",
        (
            "There is no index on `items.order_id`, so your other query, the one with `order_id = 12`, scans the "
            "whole of `items`."
        ),
        "The table `blocked` has only three rows, and no index at all.",
        "`customers.email` is declared NOT NULL and has a unique index, `customers_email_idx`.",
        "`orders.customer_id` can never be NULL, and it references `customers (id)`.",
        "`orders` has two indexes besides its primary key, and neither of them contains `status`.",
        "Your query returns two columns: the id of the order and the email of the customer.",
        "Your query has no ORDER BY, so SQLite is free to return the matching orders in whatever order it likes.",
        (
            "With an index on `status`, the query would go straight to an estimated 987 rows of `orders` instead "
            "of reading all 6,000."
        ),
        "`orders_status_idx` has so far been judged by the planner's estimate alone; it has not been timed.",
        (
            "The index on `status` would take about 73 kB on disk, whereas the one on `status`, `customer_id` and "
            "`placed_at` would take about 0.2 MB."
        ),
        (
            "The range rewrite rests on one condition, namely that `placed_at` begins with its own date in every "
            "row of `orders`, and that is true of all rows today."
        ),
        "Your database runs on SQLite 3.40.1.",
        "`customers.referrer_id` points back to `customers` itself, and it may be NULL.",
        "Both conditions in your WHERE clause concern `orders`; from `customers`, the result takes only the email.",
        (
            "Your query does not use `orders_customer_idx`, because SQLite starts with `orders` and then looks up "
            "each customer by `id`."
        ),
        "The counterexample to the version with `>=` turned up in the third generated database.",
        "The three runs before the index took 35, 36 and 37 ms, and the three runs after it took 11, 12 and 13 ms.",
        "`items` has 9,000 rows, and a CHECK constraint requires `quantity` to be greater than zero.",
        (
            "None of the indexes suggested here changes which rows your query returns; they change only how SQLite "
            "finds them."
        ),
        "`items` references `orders` through `order_id`, while `blocked` references no other table.",
    ),
    "teaching, in answers": (
        (
            "An index can only be searched by what it stores, so a function around the column usually hides the "
            "column from it."
        ),
        (
            "ISO dates such as '2026-03-02' have the pleasant property that sorting them as text also sorts them "
            "by time."
        ),
        (
            "A half-open range with `>=` and `<` includes its lower bound and leaves out its upper bound, so "
            "neighbouring days never overlap."
        ),
        "In SQL, `JOIN` without any further word means the same as `INNER JOIN`.",
        (
            "An expression index stores the result of an expression for each row, so a query that uses the very "
            "same expression can search by it."
        ),
        (
            "In SQLite, the INTEGER PRIMARY KEY column of an ordinary table is an alias for the rowid, so looking "
            "a row up by it needs no separate index."
        ),
        (
            "A covering index contains every column that the query needs from a table, so the table itself does "
            "not have to be visited."
        ),
        (
            "When the word SCAN appears in SQLite's query plan, it means that SQLite reads through the table or "
            "index instead of jumping to the matching rows."
        ),
        "`EXPLAIN QUERY PLAN` does not run your query; it only shows how SQLite intends to carry it out.",
        (
            "A CHECK constraint also lets a row pass when its condition evaluates to NULL, so on its own it does "
            "not keep NULLs out."
        ),
        "The order of the columns in a composite index matters, because it is sorted by the first column first.",
        "Without an ORDER BY, SQL does not promise that rows come back in any particular order.",
        ("ANALYZE gathers statistics about your tables and indexes, and the planner uses them when it compares plans."),
        "A LEFT JOIN keeps every row of the left table, even if there is no matching row on the right.",
        "A comparison such as `total = NULL` is never true in SQL, which is why `IS NULL` exists.",
        (
            "In a nested loop join, the database takes one row from the first table and looks for its partners in "
            "the second, over and over."
        ),
    ),
    "advice, in answers": (
        "I would try the range on `placed_at` first, because it makes use of an index you already have.",
        "Before you add `orders_day_idx` to production, please try it on a copy of your real data.",
        "If you only ever search by whole days, consider an index on `date(placed_at)`; otherwise prefer the range.",
        "If the order of the rows matters to your application, add an ORDER BY to the query.",
        "Do not add all of these indexes at once; add one, look at the plan again, and then decide about the next.",
        ("After you change the query, run `EXPLAIN QUERY PLAN` once more and check that the scan of `orders` is gone."),
        (
            "If times with a zone offset could ever end up in `placed_at`, settle on one format before you adopt "
            "the range."
        ),
        "It is worth measuring again once `orders` has grown, because the balance between the options may shift.",
        "Pass the two dates as parameters rather than putting them into the SQL text yourself.",
        "If you often fetch items by their order, an index on `items (order_id)` would be worth trying.",
        "If `orders` is written far more often than it is read this way, I would leave `orders_status_idx` out.",
        "Please do not switch to the version with `>=`; keep the equality, or use the range with both bounds.",
    ),
    "questions, in answers": (
        "Do you expect `placed_at` to hold values with a time zone offset one day?",
        "How often does this query run compared with inserts into `orders`?",
        "Is the date always a single day, or do you sometimes need a week or a month?",
        "Does your application rely on the order in which these rows come back?",
        "Roughly how many orders do you expect to have a year from now?",
        "Do other queries filter `orders` by `status` too, or is this the only one?",
    ),
    "trade-offs, in answers": (
        "Every additional index on `orders` has to be maintained on each insert, so it is not free.",
        "The range is a little longer to write, because it needs a second bound.",
        "The 12 ms were measured on a scratch copy, so the figure on your own server may well differ.",
        (
            "`orders_day_idx` only helps queries that use the expression `date(placed_at)`; a range on `placed_at` "
            "will not search by it."
        ),
        (
            "Trials on generated databases can refute a rewrite, but passing them is strong evidence rather than a "
            "proof."
        ),
        "I have not seen how your application uses these rows, so I cannot tell whether their order matters to it.",
        "The index on `status` has not been timed yet; so far there is only the planner's estimate in its favour.",
        (
            "The range costs nothing in the database itself, but it stays correct only as long as `placed_at` "
            "begins with its own date."
        ),
        "`orders_day_idx` needs some space on disk as well, and how much was not measured.",
        "An index on `status` alone still leaves SQLite to check the date of each of the estimated 987 rows.",
        (
            "The covering index spares SQLite the visits to the table `orders`, but it is also clearly larger than "
            "`orders_status_idx`."
        ),
        (
            "Three runs on each side are not many, so please treat the factor of three as an indication rather "
            "than a promise."
        ),
        "The saving we measured is 24 ms per run, and only you can decide whether that is worth another index.",
        (
            "The plan tells us how SQLite finds the rows, but it does not tell us how long the query takes in "
            "production."
        ),
    ),
}
