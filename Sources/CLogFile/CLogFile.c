#include "CLogFile.h"

#include <stdlib.h>
#include <string.h>

// SQLite's own file system, but for write-ahead logs. SQLite writes a log frame by frame, the head of each frame and its page by
// calls of their own: a commit of twelve pages makes twenty-four, of which each but the first goes on with a page of the system's
// cache that the one before has begun. Here the frames of a transaction are gathered while they follow one another, and written
// by one call.
//
// Nothing is held back that anybody relies on. The page that ends a commit is written, with all before it, before the call that
// hands it over returns, and before SQLite syncs and lets anybody see it. Before anything else is done with what was gathered, it
// is written as well. Only the holder of the write lock gathers: what a rollback leaves is dropped, for it must not be written
// over what the next holder commits there. What a crash loses is a commit without its end, which nobody takes for one.

enum {
    FRAME_HEAD = 24,
    // SQLite's own file system writes no more than 131,071 bytes at once.
    ROOM = 120 * 1024
};

struct log_file {
    sqlite3_file base;
    int gathers;
    // Whether the head that came last says that its page ends a commit.
    int ends_commit;
    // Where the gathered bytes belong, how many there are, and the room for them, which is made when it is first needed.
    sqlite3_int64 start;
    int count;
    unsigned char *bytes;
    // SQLite's own file stands behind this.
    sqlite3_file real[];
};

static sqlite3_vfs *real_system;

static struct log_file *log_of(sqlite3_file *file) { return (struct log_file *)file; }
static sqlite3_file *real(sqlite3_file *file) { return log_of(file)->real; }

// Writes what was gathered. What can't be written is kept: SQLite is told, but where the disk was full while it read, it undoes that
// one statement and lets the transaction go on, whose earlier frames these are.
static int flush(struct log_file *log) {
    if (log->count == 0) return SQLITE_OK;
    int code = log->real->pMethods->xWrite(log->real, log->bytes, log->count, log->start);
    if (code == SQLITE_OK) log->count = 0;
    return code;
}

static int gather(struct log_file *log, const void *bytes, int count, sqlite3_int64 offset) {
    if (log->count > 0 && (offset != log->start + log->count || log->count + count > ROOM)) {
        int code = flush(log);
        if (code != SQLITE_OK) return code;
    }
    if (!log->bytes) log->bytes = malloc(ROOM);
    if (!log->bytes || count > ROOM) return log->real->pMethods->xWrite(log->real, bytes, count, offset);
    if (log->count == 0) log->start = offset;
    memcpy(log->bytes + log->count, bytes, (size_t)count);
    log->count += count;
    return SQLITE_OK;
}

static int write_at(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct log_file *log = log_of(file);
    if (!log->gathers) return log->real->pMethods->xWrite(log->real, bytes, count, offset);
    int code = gather(log, bytes, count, offset);
    if (log->ends_commit) {
        // What SQLite still corrects in the frames of this commit is written as it comes.
        log->gathers = 0;
        log->ends_commit = 0;
        return code == SQLITE_OK ? flush(log) : code;
    }
    // A head's second word is the size of the database if its frame is the last of a commit, and 0 otherwise.
    log->ends_commit = count == FRAME_HEAD && memcmp((const char *)bytes + 4, "\0\0\0\0", 4) != 0;
    return code;
}

static int read_at(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    struct log_file *log = log_of(file);
    int touches = offset < log->start + log->count && offset + count > log->start;
    int code = touches ? flush(log) : SQLITE_OK;
    return code == SQLITE_OK ? log->real->pMethods->xRead(log->real, bytes, count, offset) : code;
}

static int cut(sqlite3_file *file, sqlite3_int64 size) {
    int code = flush(log_of(file));
    return code == SQLITE_OK ? real(file)->pMethods->xTruncate(real(file), size) : code;
}

static int sync(sqlite3_file *file, int flags) {
    int code = flush(log_of(file));
    return code == SQLITE_OK ? real(file)->pMethods->xSync(real(file), flags) : code;
}

static int size_of(sqlite3_file *file, sqlite3_int64 *size) {
    int code = flush(log_of(file));
    return code == SQLITE_OK ? real(file)->pMethods->xFileSize(real(file), size) : code;
}

static int close_file(sqlite3_file *file) {
    free(log_of(file)->bytes);
    return real(file)->pMethods->xClose(real(file));
}

static int lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int is_reserved(sqlite3_file *file, int *is) { return real(file)->pMethods->xCheckReservedLock(real(file), is); }
static int control(sqlite3_file *file, int what, void *value) { return real(file)->pMethods->xFileControl(real(file), what, value); }
static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int traits(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

// Version 1: without the methods by which a database shares memory, which a log has no use for.
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = close_file,
    .xRead = read_at,
    .xWrite = write_at,
    .xTruncate = cut,
    .xSync = sync,
    .xFileSize = size_of,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = is_reserved,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = traits,
};

// Every file but a log is SQLite's own altogether.
static int open_file(sqlite3_vfs *system, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    (void)system;
    if (!(flags & SQLITE_OPEN_WAL)) return real_system->xOpen(real_system, name, file, flags, out_flags);
    struct log_file *log = log_of(file);
    memset(log, 0, sizeof *log);
    int code = real_system->xOpen(real_system, name, log->real, flags, out_flags);
    // SQLite closes a file that has methods, whether or not it could be opened.
    log->base.pMethods = log->real->pMethods ? &methods : NULL;
    return code;
}

int clogfile_register(void) {
    static sqlite3_vfs system;
    real_system = sqlite3_vfs_find(NULL);
    if (!real_system) return SQLITE_ERROR;
    // The other functions are SQLite's own: of the object they are handed they look at nothing that is changed here.
    system = *real_system;
    system.zName = CLOGFILE_NAME;
    system.szOsFile = (int)sizeof(struct log_file) + real_system->szOsFile;
    system.xOpen = open_file;
    return sqlite3_vfs_register(&system, 0);
}

// The log of a connection's database; NULL while it has none.
static struct log_file *log_in(sqlite3 *database) {
    sqlite3_file *file = NULL;
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    return code == SQLITE_OK && file && file->pMethods == &methods ? log_of(file) : NULL;
}

void clogfile_gather(sqlite3 *database) {
    struct log_file *log = log_in(database);
    if (log) log->gathers = 1;
}

void clogfile_end(sqlite3 *database) {
    struct log_file *log = log_in(database);
    if (!log) return;
    log->gathers = 0;
    log->ends_commit = 0;
    log->count = 0;
}

static void end_after_rollback(void *database) { clogfile_end(database); }

void clogfile_watch(sqlite3 *database) { sqlite3_rollback_hook(database, end_after_rollback, database); }
