// The yardstick: what libsqlite3 itself gives for the same commits, by the shortest program that can use the rows as a queue.
// One table of jobs with one partial index to claim by, and the payloads beside it, so that a change of state does not rewrite them.
// The pragmas are the journal's.
//
//   bare enqueue PAYLOADS FILE JOBS JOBS_A_COMMIT
//   bare claim   PAYLOADS FILE JOBS JOBS_A_CLAIM CUSTOMERS
//
// Each line of PAYLOADS is one job's payload; they are used over again. Prints the seconds that the measured part took.
#define _GNU_SOURCE
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CUSTOMER_LENGTH = 32 };

struct payload {
    char *text;
    int length;
};

static struct payload *payloads;
static size_t payload_count;
static sqlite3 *database;

static void fail(const char *what) {
    fprintf(stderr, "bare: %s: %s\n", what, database ? sqlite3_errmsg(database) : "");
    exit(1);
}

static void run(const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) fail(sql);
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) fail(sql);
    return statement;
}

static void execute(sqlite3_stmt *statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) fail(sqlite3_sql(statement));
    sqlite3_reset(statement);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void read_payloads(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) fail(path);
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n') length--;
        payloads = realloc(payloads, (payload_count + 1) * sizeof *payloads);
        payloads[payload_count].text = malloc((size_t)length);
        memcpy(payloads[payload_count].text, line, (size_t)length);
        payloads[payload_count++].length = (int)length;
    }
    free(line);
    fclose(file);
    if (payload_count == 0) fail("no payloads");
}

static void open_journal(const char *path) {
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL)) fail(path);
    run("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA secure_delete = OFF; PRAGMA mmap_size = 0; PRAGMA cache_size = -12288; PRAGMA wal_autocheckpoint = 0;"
        "PRAGMA foreign_keys = ON");
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    run("CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, customer TEXT NOT NULL,"
        "    queued_ms INTEGER NOT NULL, generation INTEGER NOT NULL DEFAULT 0, lease_until_ms INTEGER) STRICT;"
        "CREATE INDEX job_ready ON job (customer, queued_ms) WHERE state = 'ready';"
        "CREATE TABLE payload (job_id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT");
}

static void enqueue(int jobs, int jobs_a_commit, int customers) {
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE");
    sqlite3_stmt *commit = prepare("COMMIT");
    sqlite3_stmt *job = prepare("INSERT INTO job (state, customer, queued_ms) VALUES ('ready', ?, ?)");
    sqlite3_stmt *payload = prepare("INSERT INTO payload (job_id, bytes) VALUES (last_insert_rowid(), ?)");
    for (int i = 0; i < jobs; i++) {
        char customer[CUSTOMER_LENGTH];
        int length = snprintf(customer, sizeof customer, "CUSTOMER %05d", i % customers);
        if (i % jobs_a_commit == 0) execute(begin);
        sqlite3_bind_text(job, 1, customer, length, SQLITE_TRANSIENT);
        sqlite3_bind_int64(job, 2, 1763856000000 + i);
        execute(job);
        const struct payload *one = &payloads[(size_t)i % payload_count];
        sqlite3_bind_blob(payload, 1, one->text, one->length, SQLITE_STATIC);
        execute(payload);
        if ((i + 1) % jobs_a_commit == 0 || i + 1 == jobs) execute(commit);
    }
}

// Customers take turns; the jobs of one claim are done in the commit of the next one.
static void claim(int jobs, int jobs_a_claim, int customers) {
    sqlite3_stmt *begin = prepare("BEGIN IMMEDIATE");
    sqlite3_stmt *commit = prepare("COMMIT");
    sqlite3_stmt *ready = prepare("SELECT job.id, payload.bytes FROM job JOIN payload ON payload.job_id = job.id"
                                  " WHERE state = 'ready' AND customer = ? ORDER BY queued_ms LIMIT ?");
    sqlite3_stmt *take = prepare("UPDATE job SET state = 'running', generation = generation + 1, lease_until_ms = ? WHERE id = ?");
    sqlite3_stmt *done = prepare("UPDATE job SET state = 'done', lease_until_ms = NULL WHERE id = ? AND generation = 1"
                                 " AND state = 'running'");
    sqlite3_int64 *claimed = calloc((size_t)jobs_a_claim, sizeof *claimed);
    char *copy = NULL;
    size_t room = 0;
    int count = 0, finished = 0;
    for (int turn = 0; finished < jobs; turn++) {
        execute(begin);
        for (int i = 0; i < count; i++) {
            sqlite3_bind_int64(done, 1, claimed[i]);
            execute(done);
        }
        finished += count;
        count = 0;
        char customer[CUSTOMER_LENGTH];
        int length = snprintf(customer, sizeof customer, "CUSTOMER %05d", turn % customers);
        sqlite3_bind_text(ready, 1, customer, length, SQLITE_TRANSIENT);
        sqlite3_bind_int(ready, 2, jobs_a_claim);
        while (sqlite3_step(ready) == SQLITE_ROW) {
            claimed[count++] = sqlite3_column_int64(ready, 0);
            size_t bytes = (size_t)sqlite3_column_bytes(ready, 1);
            if (bytes > room) copy = realloc(copy, room = bytes);
            memcpy(copy, sqlite3_column_blob(ready, 1), bytes);
        }
        sqlite3_reset(ready);
        for (int i = 0; i < count; i++) {
            sqlite3_bind_int64(take, 1, 1763856060000);
            sqlite3_bind_int64(take, 2, claimed[i]);
            execute(take);
        }
        execute(commit);
        if (count == 0 && finished < jobs && turn > 2 * jobs) fail("jobs are missing");
    }
    free(claimed);
    free(copy);
}

int main(int count, char **arguments) {
    if (count < 6) fail("usage: bare enqueue|claim PAYLOADS FILE JOBS JOBS_AT_ONCE [CUSTOMERS]");
    int jobs = atoi(arguments[4]), at_once = atoi(arguments[5]), customers = count > 6 ? atoi(arguments[6]) : 1;
    read_payloads(arguments[2]);
    open_journal(arguments[3]);
    double started = now();
    if (strcmp(arguments[1], "enqueue") == 0) {
        enqueue(jobs, at_once, customers);
    } else {
        enqueue(jobs, jobs, customers);
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        started = now();
        claim(jobs, at_once, customers);
    }
    printf("%.6f\n", now() - started);
    return 0;
}
