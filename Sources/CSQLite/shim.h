#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H

#include <sqlite3.h>

// `SQLITE_TRANSIENT` is a cast to a function pointer, which Swift cannot import.
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 count) {
    return sqlite3_bind_text64(statement, index, text, count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count) {
    return sqlite3_bind_blob64(statement, index, bytes, count, SQLITE_TRANSIENT);
}

// `sqlite3_db_config` is variadic, which Swift cannot call. A `value` of -1 only asks; `result` is the setting in force.
static inline int csqlite_configure(sqlite3 *database, int option, int value, int *result) {
    return sqlite3_db_config(database, option, value, result);
}

// `sqlite3_config` is variadic too. Answers SQLITE_MISUSE, and changes nothing, once the library is in use.
static inline int csqlite_configure_library(void) {
    int code = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) : code;
}

// The `errno` of the last failed operation on the log or journal of the main database, 0 when there was none.
// `sqlite3_system_errno` misses it when the operation fails inside a COMMIT. Reached through a table of function
// pointers, which Swift cannot call without many unsafe steps.
static inline int csqlite_journal_errno(sqlite3 *database) {
    sqlite3_file *file = 0;
    int last = 0;
    int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file);
    if (code == SQLITE_OK && file != 0 && file->pMethods != 0) {
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &last);
    }
    return last;
}

#endif
