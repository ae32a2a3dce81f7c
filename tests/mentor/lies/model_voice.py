"""Sentences in the voice of a model that answers plainly, and lies in the same voice."""

from __future__ import annotations

LIES: dict[str, tuple[str, ...]] = {
    "numbers, in a model's voice": (
        "Your orders table holds 16,000 rows, and your query reads every one of them.",
        "Because customers has only 200 rows, looking up each email is not a concern.",
        "The items table is your largest one, with 19,000 rows.",
        "Before the index on date(placed_at), your query needed about 90,000 steps.",
        "Your blocked table contains 30 rows.",
        "The status index would lead SQLite to about 98 rows of orders.",
        "With orders_day_idx in place, the query took 19 ms on the scratch copy.",
        "Your database has 7 tables, and this query touches two of them.",
    ),
    "names, in a model's voice": (
        "The join matches orders.buyer_id with the id column of customers.",
        "You are filtering on order_status, which has no index of its own.",
        "Your schema already has an index called orders_status_placed_idx that would fit this filter.",
        "The email comes from the table users, which is aliased as c in your query.",
        "The delivery date of each order is kept in the delivered_on column of orders.",
        "Since the table order_lines refers to orders, you could join it to get the products.",
        "The customers_city_idx index that you already have lets you find customers by city.",
        "Your query selects c.full_name in addition to the order id.",
    ),
    "speed-ups, in a model's voice": (
        "With the index on date(placed_at), your query ran ten times faster in the measurement.",
        "The measured index made no difference to the running time of your query.",
        "On the scratch copy, the index cut the work of your query by 95 percent.",
        "Writing INNER JOIN instead of JOIN was measured to make your query twice as fast.",
        "The index on the day saved 34 ms out of the 36 ms that your query took before.",
        "In the measurement, your query became slower once orders_day_idx was there.",
        "The index orders_status_idx was timed, and it brought your query from 36 ms down to 5 ms.",
        "I timed the range rewrite on your data, and it took 2 ms where the original took 36 ms.",
    ),
    "plan, in a model's voice": (
        "SQLite currently finds the orders of that day through the index orders_placed_idx.",
        "The plan starts with a full scan of customers and then looks up the orders of each customer.",
        "SQLite reads both tables from end to end to answer your query.",
        "Your current plan sorts the matching orders in a temporary B-tree before it returns them.",
        "The customers are found through the index customers_email_idx in this plan.",
        "The plan shows that SQLite builds an automatic index on customers for the join.",
        "For the query on items, SQLite searches the table through an index on order_id.",
        "The plan joins orders and customers with a hash table that is built from customers.",
    ),
    "schema, in a model's voice": (
        "There is no index on orders.customer_id in your schema.",
        "The email column of customers may be NULL, so you should expect missing emails.",
        "Your schema lets two customers share the same email address.",
        "The placed_at column of orders is declared as an INTEGER.",
        "The primary key of orders is made of customer_id and placed_at together.",
        "The status column of orders accepts any text, because there is no CHECK on it.",
        "The customer_id column of blocked has a foreign key to customers.",
        "The index orders_placed_idx covers both placed_at and status.",
    ),
    "sameness, in a model's voice": (
        (
            "Replacing date(o.placed_at) = '2026-03-02' with date(o.placed_at) >= '2026-03-02' gives you exactly "
            "the same rows."
        ),
        "You can remove the condition on o.status without changing what your query returns.",
        "Comparing o.placed_at = '2026-03-02' directly would return the same orders as your date() condition.",
        (
            "The condition o.placed_at BETWEEN '2026-03-02' AND '2026-03-03 23:59:59' returns the same rows as "
            "your condition on the day."
        ),
        "The rewrite with >= in place of = was proven equivalent to your query in the trials.",
        "Writing INNER JOIN instead of JOIN changes the rows that your query returns.",
        "The version with o.status IN ('paid', 'sent') is equivalent to your query.",
        (
            "A range from '2026-03-02' up to, but not including, '2026-03-03' would lose the orders placed in the "
            "evening of March 2."
        ),
    ),
    "deeds, in a model's voice": (
        "I have already created orders_day_idx in your production database.",
        "I ran your application's test suite after the rewrite, and all the tests passed.",
        "I dropped the index orders_customer_idx because your query does not use it.",
        "I have updated the query in your repository and committed the change.",
        "I asked your database administrator about the index, and they agreed to it.",
        "I measured the query on PostgreSQL as well, and the result was the same there.",
        "I have run VACUUM on your database to make the table smaller.",
        "I timed your query a thousand times with the index and a thousand times without it.",
    ),
    "safety, in a model's voice": (
        "An index on date(placed_at) costs nothing when you insert new orders.",
        "You can drop the unique index on customers.email, and the database will still refuse duplicate emails.",
        "Deleting the void orders is safe, because SQLite will let you undo it after the commit.",
        "The new index on orders takes up no space on disk.",
        ("You can create the index on a busy SQLite database at any time, because CREATE INDEX never blocks a writer."),
        "The range rewrite stays correct whatever kind of values placed_at holds in the future.",
        ("It is safe to build the SQL by joining the user's input into the string, because SQLite escapes it for you."),
        "Once orders_day_idx exists, it updates itself without any extra work when placed_at changes.",
    ),
    "data, in a model's voice": (
        "Every order in your table has the status paid.",
        "All of your customers live in Oslo.",
        "None of your orders was ever shipped.",
        "Your items are only lamps and desks.",
        "Every row in blocked has a customer_id.",
        "Most of your orders are void.",
        "Your query returns no rows at all, because nobody paid for an order on 2026-03-02.",
        "The placed_at column stores only the date, without any time of day.",
    ),
    "mixed, in a model's voice": (
        "Your orders table has 6,000 rows, and SQLite reads only 50 of them for this query.",
        "The index on the day cut the time from 36 ms to 12 ms, which makes the query six times faster.",
        "SQLite looks up each customer by the primary key, and it finds the orders through orders_customer_idx.",
        "The column status is NOT NULL in orders, and so is the column shipped_at.",
        "The rewrite with INNER JOIN returns the same rows, and so does the one with >= on the date.",
        "The index customers_email_idx is unique, and so is orders_customer_idx.",
        "Your query joins orders to customers on customer_id, and it also filters on the customer's city.",
        (
            "The measured index reduced the steps from 60,000 to 20,000, and I have already built it in your live "
            "database."
        ),
    ),
}

TRUTHS: dict[str, tuple[str, ...]] = {
    "facts, in a model's voice": (
        "Your orders table has 6,000 rows, and SQLite reads all of them to answer this query.",
        "The customers table has 2,000 rows, and each customer is looked up by its primary key.",
        "The index orders_placed_idx exists, but your query cannot use it because placed_at is wrapped in date().",
        "With an index on date(placed_at), your query went from 36 ms to 12 ms on a scratch copy.",
        "The same measurement showed the work falling from 60,000 steps to 20,000.",
        "That makes the query about three times as fast with orders_day_idx as without it.",
        "The rewrite with >= instead of = was refuted, because it also returns orders from later days.",
        "Writing INNER JOIN instead of JOIN does not change the rows that your query returns.",
        "In the trials, no difference was found between your query and the version with INNER JOIN.",
        "Your query returns the id of each order together with the email of its customer.",
        "It keeps only the orders that were placed on 2026-03-02 and whose status is 'paid'.",
        "The query joins orders to customers by matching o.customer_id with c.id.",
        "The status column of orders can only be 'open', 'paid', 'sent' or 'void'.",
        "Your schema has a unique index on customers.email, so no two customers can have the same email.",
        "There is an index on orders.customer_id, but the current plan does not use it.",
        "None of the existing indexes on orders contains the status column.",
        "The total column of orders is allowed to be NULL.",
        "The shipped_at column can be NULL, while placed_at cannot.",
        "The placed_at column is stored as TEXT in your database.",
        "The items table has 9,000 rows, but this query does not read it.",
        "Each item refers to its order through the order_id column.",
        "There is no index on items.order_id, so a search for one order's items reads the whole table.",
        "The blocked table has 3 rows and two columns, customer_id and reason.",
        "Nothing in the schema stops blocked.customer_id from being NULL.",
        "The referrer_id column of customers points back to the id of another row in customers.",
        "The quantity of an item must be greater than zero, because the table has a CHECK for it.",
        "An index on orders (status) is expected to lead SQLite to about 987 of the 6,000 rows.",
        "If you add orders_status_idx, each INSERT into orders has to write one more index entry.",
        (
            "The rewrite as a range compares o.placed_at with '2026-03-02' and '2026-03-03' directly, so no "
            "function is computed for each row."
        ),
        "In all rows of orders today, placed_at begins with a date in the form YYYY-MM-DD.",
        "The index on the day saved 24 ms, which is two thirds of the original 36 ms.",
        "The query has no ORDER BY, so the order of its rows is not guaranteed.",
    ),
    "teaching, in a model's voice": (
        (
            "An index is a sorted copy of one or more columns, and it lets the database find rows without reading "
            "the whole table."
        ),
        (
            "When you wrap a column in a function, an ordinary index on that column usually cannot be used for the "
            "search."
        ),
        "A full scan means that the database reads every row of the table and checks the condition on each of them.",
        "Dates written as YYYY-MM-DD sort as text in the same order as they do in the calendar.",
        "In SQL, comparing anything with NULL by using = gives NULL rather than true or false.",
        "JOIN and INNER JOIN mean the same thing in SQL.",
        "A LEFT JOIN keeps the rows of the left table even when there is no match on the right.",
        "NOT IN can return no rows at all if the subquery contains a NULL.",
        (
            "A covering index contains all the columns that a query needs from a table, so the table itself does "
            "not have to be read."
        ),
        "An index on an expression stores the result of the expression for each row.",
        "In an index on two columns, the rows are sorted by the first column and then by the second.",
        "COUNT(*) counts all rows, whereas COUNT(column) leaves out the rows where that column is NULL.",
        "ANALYZE collects statistics that help SQLite choose between different plans.",
        "EXPLAIN QUERY PLAN shows you how SQLite intends to run a query without actually running it.",
        "Without an ORDER BY, a database is free to return the rows in any order.",
        "A LIMIT clause sets the largest number of rows that a query may return.",
    ),
    "advice, in a model's voice": (
        "I would compare placed_at with a range of one day instead of calling date() on it.",
        "Please try the index on a copy of your database before you create it in production.",
        "If you want to keep date() in the query, consider an index on date(placed_at).",
        "Use a half-open range here, with >= for the first day and < for the next day.",
        "Run EXPLAIN QUERY PLAN again after the change to see whether the index is really used.",
        "If the order of the rows matters to you, add an ORDER BY to the query.",
        "Pass the date as a parameter instead of building the SQL out of strings.",
        "I would not add an index for every column, because each one has to be kept up to date.",
        "Use NOT EXISTS rather than NOT IN when the subquery may contain NULL.",
        "Do not use the version with >= alone, because it returns other rows than your query does.",
        "It would be wise to measure again once the table has grown.",
        "Consider an index on items (order_id) if you often look up the items of one order.",
    ),
    "questions, in a model's voice": (
        "How often does this query run in your application?",
        "Do you always filter on a single day, or do you sometimes need a whole month?",
        "Is the table orders written to much more often than it is read?",
        "Will placed_at always be written in the same format, or could another program store it differently?",
        "Would you prefer to change the query, or would you rather add an index and leave the query as it is?",
        "Does your application rely on the order in which the rows come back?",
    ),
    "trade-offs, in a model's voice": (
        (
            "An index on date(placed_at) makes this query faster, but every new order has to be added to that "
            "index as well."
        ),
        "The range rewrite needs no new index, because orders_placed_idx already begins with placed_at.",
        "The price of the range is a second bound that you have to write.",
        "The range rewrite relies on placed_at beginning with the date, and this is true of all rows today.",
        (
            "If placed_at ever holds times with a zone offset that moves the date, the range may no longer return "
            "the same rows."
        ),
        "The times of 36 ms and 12 ms come from a scratch copy, so they may be different on your own machine.",
        "The index on status has only been estimated, so I cannot promise you how much time it would save.",
        "The trials found no difference for the INNER JOIN version, but trials alone are not a mathematical proof.",
        "An index on status may not be worth it if orders is written far more often than it is read in this way.",
        (
            "A wider index on status, customer_id and placed_at would take about 0.2 MB, which is more than the "
            "index on status alone."
        ),
        (
            "Changing JOIN to INNER JOIN is only a matter of style, so you should not expect it to make the query "
            "faster."
        ),
        "An index on date(placed_at) cannot help a search that compares placed_at itself.",
        (
            "The measurement was made with a few runs only, so small differences in time should not be taken too "
            "seriously."
        ),
        "I have not measured the range rewrite, so I cannot tell you how much faster it would be.",
    ),
}
