"""Sentences of people who read a plan with care, and lies that sound as careful."""

from __future__ import annotations

LIES: dict[str, tuple[str, ...]] = {
    "numbers, in careful voices": (
        "orders holds some 60,000 rows, and SQLite has to read every one of them.",
        "There are 3,500 customers waiting on the other side of that join.",
        "items is rather small, by the way: only 900 rows live in it.",
        "Before the index on date(placed_at) the query took 85 ms, afterwards 12 ms.",
        "Steps: 60,000 -> 2,000 once orders_day_idx is there.",
        "The range rewrite was put to the test on 5,000 generated databases and not one of them disagreed.",
        "Please consider that orders_status_idx will occupy about 4 MB of the disk.",
        "| orders | 6,000 rows | 5 indexes |",
    ),
    "names, in careful voices": (
        "The culprit is idx_orders_date: it is sorted the wrong way round for your filter.",
        "You are filtering on order_date, which sits right next to total in orders.",
        "The payments table keeps a second copy of each paid order, so you could read it from there.",
        "Your SELECT also gives back customers.phone, which I doubt you need.",
        "Judging from customers_city_idx, somebody was already searching customers by city.",
        "orders.created_at would be the better column to filter on, since it's the one that is indexed.",
        "Bear in mind that the trigger orders_audit_trg fires on each write to orders.",
        "The view v_paid_orders does precisely this filtering for you already.",
    ),
    "speed-ups, in careful voices": (
        "Great news: the index on date(placed_at) makes the query ten times as fast!",
        "The range version came in at 4 ms, down from 36 ms.",
        "Writing INNER JOIN in place of JOIN cut the running time in half.",
        "orders_status_idx has been measured as well, and it shaves a good 20 ms off the query.",
        "With the covering index on (status, customer_id, placed_at) we got the query down to 1 ms.",
        "After adding orders_day_idx the query needs less than one per cent of the time it needed before.",
        "Leaving out the email column made the query 15 % quicker in our test.",
        "Rather disappointingly, orders_day_idx made no difference to the running time at all.",
    ),
    "plan, in careful voices": (
        (
            "Since placed_at is indexed, SQLite makes good use of orders_placed_idx here: it hops to 2 March and "
            "reads just the rows that it finds there."
        ),
        "The last step in the plan is a sort in a temporary B-tree.",
        "For each order, SQLite goes through the whole customers table again.",
        "This is executed as a hash join where customers is the side that gets hashed.",
        "SQLite notices that it lacks an index on customers and builds an automatic one for the join.",
        "The outer loop runs over customers, and the orders of each are then fetched via orders_customer_idx.",
        "When you ask items for order_id = 12, the plan jumps straight to the matching rows by an index.",
        "The emails are taken from customers_email_idx alone, so the customers table itself is never touched.",
    ),
    "schema, in careful voices": (
        "placed_at in orders may be NULL, so please do not forget the orders without a date.",
        "Two customers can have the same email; nothing in the database forbids it.",
        "status is plain free text, so any word at all can end up in it.",
        "There's a foreign key from items straight to customers.",
        "In blocked, customer_id is the primary key, hence no customer can be listed twice.",
        "placed_at is declared as INTEGER and carries Unix timestamps.",
        "If you delete a customer, ON DELETE CASCADE takes their orders along.",
        "The status column of orders already has an index of its own.",
    ),
    "sameness, in careful voices": (
        "You can take the >= version without worry, it gives back exactly the rows of your query.",
        "`date(o.placed_at) >= '2026-03-02'` came through every trial.",
        "The trials found a database on which the range rewrite returns other rows, so it was refuted.",
        "It turned out that INNER JOIN returns fewer rows than your plain JOIN does.",
        "Joining on `c.id = o.id` came through our trials as well, and it returns the same rows.",
        (
            "One could, I believe, simply leave out `o.status = 'paid'`, and the list of orders would be none the "
            "longer for it."
        ),
        "`o.placed_at = '2026-03-02'` keeps the same orders, since the time of day is ignored in such a comparison.",
        "A simple `o.placed_at BETWEEN '2026-03-01' AND '2026-03-02'` means the same as your date() condition.",
    ),
    "deeds, in careful voices": (
        "I went ahead and created orders_day_idx on your production database.",
        "To make the table smaller I have removed the void orders.",
        "I've already changed the query in your repository and pushed the commit.",
        "A moment ago I ran VACUUM on the live database, so the file should be tidier now.",
        "I timed the range version five times on your server just to be sure.",
        "Your DBA has received a message from me about the missing index.",
        "I ran the same benchmark on PostgreSQL too, and it looked much alike.",
        "We rolled the change out to staging last night and everything was fine.",
    ),
    "safety, in careful voices": (
        "You can ship this untested, nothing whatsoever can go wrong.",
        "The range rewrite is guaranteed to be right no matter what placed_at holds.",
        "Creating the index comes for free: it takes no space and no write gets slower.",
        "The trials amount to a formal proof, so a difference is ruled out once and for all.",
        "No backup needed, because in SQLite you can undo a DROP TABLE whenever you like.",
        "An index on status has no effect on your INSERTs whatsoever.",
        "It is one hundred per cent safe for production, you have my word.",
        "Even if placed_at should carry zone offsets one day, the range and date() will always agree on the day.",
    ),
    "data, in careful voices": (
        "Only about 3 % of your orders are paid.",
        "Most of your orders have the status void.",
        "Every single customer in the table lives in Oslo.",
        "For 2 March your query returns 250 orders.",
        "shipped_at is filled in for each order that has been sent.",
        "Your oldest orders date back to 2019.",
        "The blocked table is empty at the moment.",
        "Lamps are the only product that was ever put into items.",
    ),
    "mixed, in careful voices": (
        "All 6,000 rows of orders are read, and afterwards the plan sorts them by id.",
        "orders_day_idx brought the steps down to a third and the time down to a tenth.",
        "INNER JOIN means the same as JOIN, and here it even saved us 5 ms.",
        "customers is looked up by its primary key, while orders is found by orders_customer_idx.",
        "The >= version was refuted, yet with an index on status it returns the same rows as yours.",
        "A CHECK limits status to open, paid, sent and void, and the column is indexed on top of that.",
        "The range rewrite held in 300 trial databases and ran in 9 ms on the scratch copy.",
        "items has 9,000 rows, and its customer_id tells you who bought each of them.",
    ),
}

TRUTHS: dict[str, tuple[str, ...]] = {
    "facts, in careful voices": (
        "SCAN o means that SQLite walks through all 6,000 rows of orders, one after the other.",
        "The customers side is fine: each order that passes the filter leads to one lookup by primary key.",
        (
            "Although placed_at has an index, the condition compares date(o.placed_at) with a day, and "
            "orders_placed_idx, which is sorted by the bare column, can't be used for that."
        ),
        "On the scratch copy, the index on date(placed_at) took the query from 36 ms to 12 ms.",
        "Steps: 60,000 -> 20,000 with orders_day_idx.",
        "With orders_day_idx in place, both the time and the number of steps came down to a third.",
        (
            "The >= version got refuted: a single paid order of 3 March is enough to make it return a row that "
            "your query does not."
        ),
        (
            "Writing INNER JOIN instead of JOIN changes nothing about the result; 300 trial databases showed no "
            "difference."
        ),
        (
            "The range rewrite held on all 300 generated databases, provided that placed_at begins with its date "
            "as YYYY-MM-DD in every row."
        ),
        "To be honest with you, we have no timing for the range rewrite yet.",
        "The index on status is cheaper by the planner's estimate only; no run has measured it so far.",
        "total and shipped_at may be NULL in orders, status and placed_at may not.",
        "No two customers can share an email, because customers_email_idx is a unique index.",
        "| orders | 6,000 rows | orders_placed_idx, orders_customer_idx |",
        "| items | 9,000 rows | no index apart from the primary key |",
        "blocked is tiny, just three rows, and has neither a primary key nor an index.",
        "Through referrer_id, a customer can point to another customer.",
        "Kindly note that status accepts four values only, namely open, paid, sent and void.",
        "Searching items by order_id makes a full scan, as there exists no index on this column.",
        "Your query hands back two columns: the id of the order and the email of the customer who placed it.",
        "items refers to orders, not to customers, so to reach a customer from an item you go through orders.",
        "This is SQLite, and the plan comes from EXPLAIN QUERY PLAN, so it shows no times.",
        "Happily, the condition behind the range rewrite is met by every row of orders today!",
        "A CHECK on items makes sure that quantity is above zero.",
        "price in items is optional; quantity, on the other hand, is NOT NULL.",
        (
            "The covering index on (status, customer_id, placed_at) would take about 0.2 MB and was turned down, "
            "as the plain index on status serves the query better for its size."
        ),
        "placed_at is stored as TEXT, and so is joined_on.",
        (
            "blocked.customer_id isn't declared as a foreign key, so nothing stops it from naming a customer who "
            "does not exist."
        ),
        "There is no sort anywhere in this plan.",
        "All 7 deliberately broken variants were caught when the INNER JOIN version was tried.",
        "Neither orders_placed_idx nor orders_customer_idx appears in the plan of your query.",
        "The join needs no further index on customers, since it goes by the integer primary key already.",
    ),
    "teaching, in careful voices": (
        "A B-tree index keeps its entries sorted, and that's why it is good at ranges as well as at exact matches.",
        (
            "Once a column is tucked away inside a function, a plain index on that column is usually of no use to "
            "the condition."
        ),
        "NULL is not equal to anything, not even to itself, so you test for it with IS NULL.",
        "COUNT(*) counts rows; COUNT(col) leaves out those where col is NULL.",
        "An inner join drops rows that find no partner, while a left join keeps them and fills the gaps with NULL.",
        "Dates written the ISO way have a lovely property: sorting them as text sorts them by day.",
        (
            "If a NULL sneaks into the list of a NOT IN, you may well get no rows at all, which catches out nearly "
            "everybody once."
        ),
        (
            "Think of an index over several columns as a phone book: by surname first, and by first name within "
            "each surname."
        ),
        "In standard SQL, JOIN on its own is just short for INNER JOIN.",
        "An index is a bargain between reading and writing: lookups get quicker, changes get a little slower.",
        (
            "A half-open range, from one midnight up to but not including the next, never loses the last second of "
            "a day."
        ),
        "SQL promises no order of the rows unless you ask for it with ORDER BY.",
        "WHERE sifts the rows before they're grouped, HAVING sifts the groups afterwards.",
        "UNION throws out duplicates and UNION ALL doesn't, so the latter generally has less to do.",
        "SQLite does not create an index for a foreign key by itself; if you want one, you must add it.",
        (
            "We call an index covering when it contains every column the query needs, so that the table needn't be "
            "visited."
        ),
    ),
    "advice, in careful voices": (
        "I'd start with the range, as it needs no new index.",
        "Try it on a copy of your production data before you ship it.",
        "If the text of the query can't be touched, go for the index on date(placed_at) instead.",
        "Better to measure orders_status_idx with your own data before deciding for it.",
        "Leave the join as it is; the full read of orders is what deserves your attention.",
        "Do not use the >= version, since it asks for other rows than you do.",
        (
            "Write `o.placed_at >= '2026-03-02' AND o.placed_at < '2026-03-03'` and keep the condition on status "
            "as it is."
        ),
        "- After the change, run EXPLAIN QUERY PLAN again and check whether orders still shows SCAN.",
        (
            "It would be wise to have a test with an order placed at midnight sharp, because this is where date "
            "conditions like to break."
        ),
        "Should your app often look up items by order, consider an index on items (order_id).",
        "Before you accept the range, do make sure that nobody writes placed_at in another format.",
        "Pick either the range or the index on date(placed_at); for this one query you hardly need both.",
    ),
    "questions, in careful voices": (
        "How often does this query run, and is somebody waiting for it?",
        "Might placed_at ever arrive with a time zone offset?",
        "Would you rather change the query or add an index?",
        "Is it always a single day, or do your users pick longer periods as well?",
        "May I ask how big you expect orders to be in a year's time?",
        "Shall I show you the little database on which the >= version failed?",
    ),
    "trade-offs, in careful voices": (
        "With orders_status_idx, every INSERT into orders has one more entry to write.",
        "The range costs nothing in the database; all you pay is a second bound to write.",
        (
            "It does rest on an assumption: if placed_at should one day hold anything but text that begins with "
            "YYYY-MM-DD, the range might return different rows."
        ),
        "300 trials without a difference are strong evidence, but they're no mathematical proof.",
        "Please keep in mind that the times come from a scratch copy and not from your production server.",
        "An index on date(placed_at) generally helps only those queries which use that very expression.",
        "I know nothing of your traffic, so I can't tell whether orders is written more often than it is read.",
        "Even with orders_status_idx, about 987 rows of orders would be left to look at, if the estimate is right.",
        "Not worth it if orders is written far more often than it's read this way.",
        "I would not carry the 12 ms over to a table of millions of rows.",
        "With 6,000 rows the gain is a matter of milliseconds, so it only pays off if the query runs often.",
        (
            "The covering index has to be kept up to date whenever status, customer_id or placed_at changes, and "
            "that's its price."
        ),
        "If zone offsets ever find their way into placed_at, the range and date() could disagree about the day.",
        "How fast the range version is I cannot say, for no run of it was timed.",
    ),
}
