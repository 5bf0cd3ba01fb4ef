-- The journal: what is to be done, what was asked of Monday.com, and what is known of every order.
-- Times are UTC milliseconds. Hot indexes are partial, so a finished row leaves them and each stays as small as its state.
-- Conditions on rows say OR: for a list of three or more after IN, SQLite builds a table at every insert.

PRAGMA application_id = 0x4F53594E;

-- Single values: journal_id, created_ms; solo while a job must run alone; pause while the daemon begins nothing, and why, as JSON.
CREATE TABLE meta (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One start of the daemon. It ended cleanly when stopped_ms is set; progressed_ms is its first settled effect or finished job,
-- so that starts which die without progress can be told from a machine that is merely restarted often.
-- The token is by chance: two copies of one journal count their starts alike, and this is how they are told apart.
CREATE TABLE epoch (
    epoch         INTEGER PRIMARY KEY AUTOINCREMENT,
    token         TEXT    NOT NULL DEFAULT (lower(hex(randomblob(16)))),
    started_ms    INTEGER NOT NULL,
    pid           INTEGER NOT NULL,
    host          TEXT    NOT NULL,
    solo          INTEGER NOT NULL DEFAULT 0 CHECK (solo IN (0, 1)),
    progressed_ms INTEGER,
    stopped_ms    INTEGER
) STRICT;

-- One run of enqueue, written in the same transaction as its jobs; never pruned.
CREATE TABLE run (
    id               INTEGER PRIMARY KEY,
    started_ms       INTEGER NOT NULL,
    committed_ms     INTEGER NOT NULL,
    who              TEXT    NOT NULL,
    host             TEXT    NOT NULL,
    batch_name       TEXT    NOT NULL,
    batch_type       TEXT    NOT NULL,
    scope            TEXT    NOT NULL,
    field_map_digest BLOB    NOT NULL,
    complete         INTEGER NOT NULL CHECK (complete IN (0, 1)),
    read_count       INTEGER NOT NULL DEFAULT 0,
    new_count        INTEGER NOT NULL DEFAULT 0,
    changed_count    INTEGER NOT NULL DEFAULT 0,
    unchanged_count  INTEGER NOT NULL DEFAULT 0,
    gone_count       INTEGER NOT NULL DEFAULT 0,
    rejected_count   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Every field map that a run read the source by: an order that its row changes the first time it is read by another map is
-- changed by that map, so that an edit which touches many orders can be asked about.
CREATE TABLE field_map (
    id            INTEGER PRIMARY KEY,
    digest        BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    first_seen_ms INTEGER NOT NULL
) STRICT;

-- One row per order ever known; never pruned, so change detection does not depend on how long jobs are kept, and an order key
-- that was ever minted is never minted again.
-- retired says what was last asked for an order that is gone; archived_ms, that its item is off the board; field_map, by which
-- map its row was last read. row_digest names the cells of the row that fingerprint_enqueued was made from: a row that still has
-- them needs no reading. Whoever sets the fingerprint sets it too.
-- first_minted says that order_key is the first one minted from key_digest, as nearly every order's is: such a row is found by
-- its order key, and needs no entry in the index of business keys.
CREATE TABLE ledger (
    seq                  INTEGER PRIMARY KEY,
    order_key            TEXT    NOT NULL UNIQUE,
    key_digest           BLOB    NOT NULL CHECK (length(key_digest) = 32),
    occurrence           INTEGER NOT NULL CHECK (occurrence >= 1),
    record_uuid          TEXT,
    fingerprint_enqueued BLOB,
    row_digest           BLOB,
    order_number         TEXT    NOT NULL,
    source_customer      TEXT    NOT NULL,
    customer             TEXT    NOT NULL,
    style                TEXT,
    colour               TEXT,
    po_number            TEXT,
    aag_season           TEXT,
    customer_season      TEXT,
    enqueued_ms          INTEGER,
    item_id              INTEGER,
    item_board           INTEGER,
    group_id             TEXT,
    archived_ms          INTEGER,
    missing_since_ms     INTEGER,
    field_map            INTEGER,
    look_up_first        INTEGER NOT NULL DEFAULT 0 CHECK (look_up_first IN (0, 1)),
    first_minted         INTEGER NOT NULL DEFAULT 0 CHECK (first_minted IN (0, 1)),
    retired              TEXT CHECK (retired = 'archive' OR retired = 'zero'),
    CHECK ((item_id IS NULL) = (item_board IS NULL))
) STRICT;

CREATE INDEX ledger_uuid ON ledger (record_uuid) WHERE record_uuid IS NOT NULL;
CREATE INDEX ledger_business_key ON ledger (key_digest) WHERE first_minted = 0;
-- What a run of one customer looks through, and whom a row with a corrected style or colour may be.
CREATE INDEX ledger_customer ON ledger (source_customer, order_number);

-- The highest occurrence of business keys whose orders bear another one by now: no order key is minted twice.
CREATE TABLE retired_key (
    key_digest BLOB    NOT NULL PRIMARY KEY CHECK (length(key_digest) = 32),
    occurrence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the columns of an order's item carry: the snapshot of that job, which may have failed later; the snapshot's row outlives
-- the job. complete says that the order was once brought to the board whole, and was not retired since.
-- A table of its own, since it is written with every finished job: the orders of a batch lie far apart in the ledger, and each
-- would cost a page of it.
CREATE TABLE synced (
    order_seq INTEGER PRIMARY KEY,
    job_id    INTEGER,
    complete  INTEGER NOT NULL DEFAULT 0 CHECK (complete IN (0, 1)),
    synced_ms INTEGER
) STRICT;

-- The subitems the board is known to hold, one per order and size.
CREATE TABLE ledger_subitem (
    order_key TEXT    NOT NULL REFERENCES ledger (order_key),
    size      TEXT    NOT NULL,
    id        INTEGER NOT NULL,
    quantity  INTEGER NOT NULL,
    PRIMARY KEY (order_key, size)
) STRICT, WITHOUT ROWID;

-- One row per job. Its number is the lane's, and nine digits that count the lane's jobs: so what one claim takes lies together,
-- here and among the snapshots, however mixed it was enqueued. A lane's newest job is never pruned, so no number is given twice
-- (AUTOINCREMENT would write one more page a commit).
-- The snapshot lies in a table of its own: a job's state changes several times, and SQLite rewrites the whole row.
-- order_seq is the order's row in the ledger, by which the index below keeps together what was enqueued together.
-- waits says whether the state is waiting: in that index the state itself would make every claim write to it.
-- queued_ms is when the order began to wait: a newer snapshot takes the place in line of the one it replaces.
-- hold marks a waiting or in-doubt job that becomes held, not ready, when its turn comes.
-- verify marks a repair: what to write is found by reading the item, not by what the ledger knows of it.
-- solo marks a job that was in flight when the daemon died several times in a row: it runs alone; charges counts deaths while alone.
CREATE TABLE job (
    id             INTEGER PRIMARY KEY,
    order_seq      INTEGER NOT NULL,
    order_key      TEXT    NOT NULL,
    kind           TEXT    NOT NULL CHECK (kind = 'sync' OR kind = 'archive' OR kind = 'zero'),
    state          TEXT    NOT NULL,
    stage          TEXT    NOT NULL DEFAULT 'none',
    waits          INTEGER NOT NULL DEFAULT 0,
    customer       TEXT    NOT NULL,
    run_id         INTEGER NOT NULL,
    queued_ms      INTEGER NOT NULL,
    created_ms     INTEGER NOT NULL,
    updated_ms     INTEGER NOT NULL,
    finished_ms    INTEGER,
    run_at_ms      INTEGER,
    generation     INTEGER NOT NULL DEFAULT 0,
    errors         INTEGER NOT NULL DEFAULT 0,
    replays        INTEGER NOT NULL DEFAULT 0,
    charges        INTEGER NOT NULL DEFAULT 0,
    solo           INTEGER NOT NULL DEFAULT 0 CHECK (solo IN (0, 1)),
    hold           INTEGER NOT NULL DEFAULT 0 CHECK (hold IN (0, 1)),
    verify         INTEGER NOT NULL DEFAULT 0 CHECK (verify IN (0, 1)),
    owner_epoch    INTEGER,
    lease_until_ms INTEGER,
    batch_seq      INTEGER,
    last_class     TEXT,
    last_code      TEXT,
    last_message   TEXT,
    replayed_by    TEXT,
    CHECK (state = 'ready' OR state = 'running' OR state = 'done' OR state = 'waiting' OR state = 'retry' OR state = 'in_doubt'
        OR state = 'dead' OR state = 'held' OR state = 'superseded' OR state = 'discarded'),
    CHECK (waits = (state = 'waiting')),
    CHECK (stage = 'none' OR stage = 'item' OR stage = 'subitems' OR stage = 'promoted'),
    CHECK ((state = 'running') = (owner_epoch IS NOT NULL)),
    CHECK ((state = 'running') = (lease_until_ms IS NOT NULL)),
    CHECK ((state = 'done' OR state = 'superseded' OR state = 'discarded') = (finished_ms IS NOT NULL)),
    CHECK (state <> 'retry' OR run_at_ms IS NOT NULL),
    CHECK (hold = 0 OR state = 'waiting' OR state = 'in_doubt')
) STRICT;

-- One live job an order, and one that waits behind it. Few indexes, since every change of state asks each of them.
CREATE UNIQUE INDEX job_unfinished ON job (order_seq, waits) WHERE finished_ms IS NULL;
CREATE INDEX job_ready ON job (customer, queued_ms) WHERE state = 'ready';
CREATE INDEX job_other ON job (state, run_at_ms) WHERE state = 'running' OR state = 'retry' OR state = 'waiting'
    OR state = 'in_doubt' OR state = 'dead' OR state = 'held';
CREATE INDEX job_finished ON job (finished_ms) WHERE finished_ms IS NOT NULL;

-- What a job brings the order to. No foreign key: the last synced snapshot outlives its job.
CREATE TABLE snapshot (
    job_id      INTEGER PRIMARY KEY,
    sha256      BLOB NOT NULL CHECK (length(sha256) = 32),
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    bytes       BLOB NOT NULL
) STRICT;

-- Customers take turns. The number is what the customer's jobs are numbered by; turn is the number of the last batch it was served
-- by, active says that it may have ready jobs.
-- So the next customer is the first row of an index, however many jobs another one holds.
CREATE TABLE lane (
    number   INTEGER PRIMARY KEY,
    customer TEXT    NOT NULL UNIQUE,
    turn     INTEGER NOT NULL DEFAULT 0,
    active   INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;

CREATE INDEX lane_turn ON lane (turn, customer) WHERE active = 1;

-- One claim: the due jobs of one customer. reported_ms is when the warehouse's batch row got its end.
CREATE TABLE batch (
    seq             INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    customer        TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    type            TEXT    NOT NULL,
    epoch           INTEGER NOT NULL,
    orders          INTEGER NOT NULL,
    opened_ms       INTEGER NOT NULL,
    closed_ms       INTEGER,
    status          TEXT,
    succeeded       INTEGER NOT NULL DEFAULT 0,
    failed          INTEGER NOT NULL DEFAULT 0,
    left_over       INTEGER NOT NULL DEFAULT 0,
    subitems        INTEGER NOT NULL DEFAULT 0,
    api_calls       INTEGER NOT NULL DEFAULT 0,
    api_failures    INTEGER NOT NULL DEFAULT 0,
    retries         INTEGER NOT NULL DEFAULT 0,
    error_summary   TEXT,
    reported_ms     INTEGER,
    CHECK ((closed_ms IS NULL) = (status IS NULL)),
    CHECK (status = 'completed' OR status = 'completed_with_errors' OR status = 'failed' OR status = 'no_records'
        OR status = 'abandoned')
) STRICT;

CREATE INDEX batch_open ON batch (epoch) WHERE closed_ms IS NULL;
CREATE INDEX batch_unreported ON batch (seq) WHERE closed_ms IS NOT NULL AND reported_ms IS NULL;
CREATE INDEX batch_closed ON batch (closed_ms) WHERE reported_ms IS NOT NULL;

-- The write-ahead log of mutations: committed before the first byte is sent. A row is 'open' while its request may be in flight,
-- 'in_doubt' once an answer for a part of it is known to be missing, 'settled' when every target has an outcome.
CREATE TABLE effect (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    idempotency_key TEXT    NOT NULL UNIQUE,
    kind            TEXT    NOT NULL,
    board           INTEGER NOT NULL,
    body            BLOB    NOT NULL,
    state           TEXT    NOT NULL CHECK (state = 'open' OR state = 'in_doubt' OR state = 'settled'),
    epoch           INTEGER NOT NULL,
    sends           INTEGER NOT NULL DEFAULT 1,
    first_sent_ms   INTEGER NOT NULL,
    sent_at_ms      INTEGER NOT NULL,
    settled_ms      INTEGER,
    answer          TEXT,
    CHECK ((state = 'settled') = (settled_ms IS NOT NULL))
) STRICT;

CREATE INDEX effect_unsettled ON effect (sent_at_ms) WHERE state <> 'settled';
CREATE INDEX effect_settled ON effect (settled_ms) WHERE state = 'settled';

-- What each alias of a request was meant to do, and what came of it: no outcome means not known yet.
CREATE TABLE effect_target (
    effect_id   INTEGER NOT NULL REFERENCES effect (id) ON DELETE CASCADE,
    alias       TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    job_id      INTEGER,
    generation  INTEGER,
    order_key   TEXT,
    size        TEXT,
    quantity    INTEGER,
    item_id     INTEGER,
    group_title TEXT,
    group_id    TEXT,
    outcome     TEXT CHECK (outcome = 'done' OR outcome = 'adopted' OR outcome = 'absent' OR outcome = 'refused'),
    doubted     INTEGER NOT NULL DEFAULT 0 CHECK (doubted IN (0, 1)),
    remote_id   INTEGER,
    remote_text TEXT,
    class       TEXT,
    code        TEXT,
    message     TEXT,
    http_status INTEGER,
    settled_ms  INTEGER,
    PRIMARY KEY (effect_id, alias),
    CHECK ((outcome IS NULL) = (settled_ms IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX effect_target_job ON effect_target (job_id, outcome) WHERE job_id IS NOT NULL;
CREATE INDEX effect_target_order ON effect_target (order_key) WHERE order_key IS NOT NULL;
-- Two requests in flight for the same thing would make it twice.
CREATE UNIQUE INDEX effect_target_open ON effect_target (order_key, kind, ifnull(size, ''))
    WHERE outcome IS NULL AND order_key IS NOT NULL;

-- What was ever in doubt is looked up once more, a while after it was settled.
CREATE TABLE recheck (
    effect_id  INTEGER NOT NULL,
    alias      TEXT    NOT NULL,
    settled_ms INTEGER NOT NULL,
    PRIMARY KEY (effect_id, alias),
    FOREIGN KEY (effect_id, alias) REFERENCES effect_target (effect_id, alias) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX recheck_time ON recheck (settled_ms);

-- Every failed try of a job.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    generation  INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    counted     INTEGER NOT NULL CHECK (counted IN (0, 1)),
    class       TEXT    NOT NULL,
    code        TEXT    NOT NULL,
    message     TEXT    NOT NULL,
    http_status INTEGER,
    size        TEXT,
    request     TEXT
) STRICT;

CREATE INDEX attempt_job ON attempt (job_id);

-- Error rows for the warehouse: kept here until they are written there, and again until their resolution is.
CREATE TABLE error_row (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    error_key     TEXT    NOT NULL UNIQUE,
    source        TEXT    NOT NULL CHECK (source IN ('job', 'reject')),
    order_key     TEXT,
    job_id        INTEGER,
    reject_id     INTEGER,
    batch_id      TEXT,
    size          TEXT,
    class         TEXT    NOT NULL,
    code          TEXT    NOT NULL,
    message       TEXT    NOT NULL,
    http_status   INTEGER,
    retry_count   INTEGER NOT NULL DEFAULT 0,
    exhausted     INTEGER NOT NULL DEFAULT 0 CHECK (exhausted IN (0, 1)),
    request       TEXT,
    occurred_ms   INTEGER NOT NULL,
    written_ms    INTEGER,
    resolved_ms   INTEGER,
    resolved_by   TEXT,
    resolution_written_ms INTEGER,
    CHECK ((resolved_ms IS NULL) = (resolved_by IS NULL))
) STRICT;

CREATE INDEX error_row_pending ON error_row (id)
    WHERE written_ms IS NULL OR (resolved_ms IS NOT NULL AND resolution_written_ms IS NULL);
CREATE INDEX error_row_unresolved ON error_row (order_key) WHERE resolved_ms IS NULL AND order_key IS NOT NULL;
CREATE INDEX error_row_job ON error_row (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX error_row_reject ON error_row (reject_id) WHERE reject_id IS NOT NULL;

-- A source row that could not become an order: one row per business key, column and value.
CREATE TABLE reject (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    key_digest      BLOB    NOT NULL,
    column_name     TEXT    NOT NULL,
    value_hash      BLOB    NOT NULL,
    value           TEXT,
    reason          TEXT    NOT NULL,
    record_uuid     TEXT,
    order_key       TEXT,
    order_number    TEXT,
    source_customer TEXT,
    po_number       TEXT,
    aag_season      TEXT,
    customer_season TEXT,
    row_json        BLOB,
    first_seen_ms   INTEGER NOT NULL,
    last_seen_ms    INTEGER NOT NULL,
    last_run_id     INTEGER NOT NULL,
    resolved_ms     INTEGER,
    UNIQUE (key_digest, column_name, value_hash)
) STRICT;

CREATE INDEX reject_open ON reject (last_run_id) WHERE resolved_ms IS NULL;

-- Who replayed, discarded, held, released, settled or acknowledged what, and why.
CREATE TABLE replay (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms  INTEGER NOT NULL,
    who    TEXT    NOT NULL,
    action TEXT    NOT NULL,
    why    TEXT    NOT NULL,
    filter TEXT    NOT NULL,
    jobs   INTEGER NOT NULL,
    CHECK (action = 'retry' OR action = 'discard' OR action = 'hold' OR action = 'release' OR action = 'settle'
        OR action = 'acknowledge')
) STRICT;

CREATE TABLE replay_job (
    job_id    INTEGER NOT NULL,
    replay_id INTEGER NOT NULL REFERENCES replay (id),
    PRIMARY KEY (job_id, replay_id)
) STRICT, WITHOUT ROWID;

-- The groups known on a board, by exact title.
CREATE TABLE board_group (
    board    INTEGER NOT NULL,
    title    TEXT    NOT NULL,
    group_id TEXT    NOT NULL,
    PRIMARY KEY (board, title)
) STRICT, WITHOUT ROWID;

-- What a person must look at: a second item for one order, a second subitem for one size. replay_id is the command that put it away.
CREATE TABLE alarm (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms           INTEGER NOT NULL,
    kind            TEXT    NOT NULL CHECK (kind = 'second_item' OR kind = 'second_subitem' OR kind = 'second_group'),
    order_key       TEXT    NOT NULL DEFAULT '',
    size            TEXT    NOT NULL DEFAULT '',
    group_title     TEXT    NOT NULL DEFAULT '',
    known_id        TEXT    NOT NULL,
    other_id        TEXT    NOT NULL,
    effect_id       INTEGER,
    acknowledged_ms INTEGER,
    replay_id       INTEGER REFERENCES replay (id),
    UNIQUE (kind, order_key, size, group_title, other_id)
) STRICT;

CREATE INDEX alarm_open ON alarm (id) WHERE acknowledged_ms IS NULL;
