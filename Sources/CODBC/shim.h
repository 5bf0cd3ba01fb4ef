#ifndef CODBC_SHIM_H
#define CODBC_SHIM_H

#include <stddef.h>
#include <sql.h>
#include <sqlext.h>

// Attributes and lengths that travel as numbers in a pointer argument: a cast, which Swift can only spell with a bit pattern that
// refuses zero.
static inline SQLRETURN codbc_set_environment_number(SQLHENV environment, SQLINTEGER attribute, SQLULEN value) {
    return SQLSetEnvAttr(environment, attribute, (SQLPOINTER)value, SQL_IS_UINTEGER);
}

static inline SQLRETURN codbc_set_connection_number(SQLHDBC connection, SQLINTEGER attribute, SQLULEN value) {
    return SQLSetConnectAttr(connection, attribute, (SQLPOINTER)value, SQL_IS_UINTEGER);
}

static inline SQLRETURN codbc_set_statement_number(SQLHSTMT statement, SQLINTEGER attribute, SQLULEN value) {
    return SQLSetStmtAttr(statement, attribute, (SQLPOINTER)value, SQL_IS_UINTEGER);
}

// Attributes that are an address the driver writes to or reads from until the statement is freed.
static inline SQLRETURN codbc_set_statement_address(SQLHSTMT statement, SQLINTEGER attribute, void *address) {
    return SQLSetStmtAttr(statement, attribute, (SQLPOINTER)address, SQL_IS_POINTER);
}

// A number of a connection; `missing` when the driver does not know the attribute.
static inline SQLUINTEGER codbc_connection_number(SQLHDBC connection, SQLINTEGER attribute, SQLUINTEGER missing) {
    SQLUINTEGER value = missing;
    SQLRETURN code = SQLGetConnectAttr(connection, attribute, &value, SQL_IS_UINTEGER, NULL);
    return SQL_SUCCEEDED(code) ? value : missing;
}

#endif
