#ifndef CLOGFILE_H
#define CLOGFILE_H

#include <sqlite3.h>

// The name of a file system for SQLite that writes a transaction in few calls, where SQLite's own makes two for each page of it.
#define CLOGFILE_NAME "ordersync"

// Makes that file system known to SQLite. Answers a result code of SQLite.
int clogfile_register(void);

// Lets a connection gather, from here to the end of the transaction that it has just begun and that holds the write lock.
// It ends by itself with a rollback, whoever asked for that, of a connection that is watched.
void clogfile_gather(sqlite3 *database);

// Ends it after a commit.
void clogfile_end(sqlite3 *database);

// Watches a new connection for rollbacks.
void clogfile_watch(sqlite3 *database);

#endif
