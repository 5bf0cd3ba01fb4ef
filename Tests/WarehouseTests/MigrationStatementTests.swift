import Testing

@testable import Warehouse

@Suite struct MigrationStatementTests {
    @Test("semicolons in strings, names, comments and trigger bodies do not end a statement")
    func splits() {
        let script = """
            -- a comment; with a semicolon
            CREATE TABLE "a;b" ("c" TEXT DEFAULT 'it''s; so'); /* two; more */
            CREATE TRIGGER "t" AFTER INSERT ON "a;b" BEGIN
                UPDATE x SET y = CASE WHEN z THEN 1 ELSE 2 END; DELETE FROM q;
            END;
            SELECT 1
            """
        let statements = MigrationStatement.split(script, .sqlite).map(\.sql)
        #expect(statements.count == 3)
        #expect(statements[0] == #"CREATE TABLE "a;b" ("c" TEXT DEFAULT 'it''s; so');"#)
        #expect(statements[1].hasSuffix("END;"))
        #expect(statements[2] == "SELECT 1")
    }

    @Test("T-SQL is split at lines that say GO, and nowhere else")
    func batches() {
        let script = "SELECT 1; SELECT 2;\nGO\n-- only a comment\ngo\nSELECT N'GO';\n  GO  \n"
        #expect(MigrationStatement.split(script, .sqlServer).map(\.sql) == ["SELECT 1; SELECT 2;", "SELECT N'GO';"])
    }

    @Test("what a statement makes is found behind guards, brackets and EXEC")
    func changes() {
        let table =
            "IF OBJECT_ID(N'[dbo].[a]', N'U') IS NULL BEGIN CREATE TABLE [dbo].[a] ([b]]c] DECIMAL(18, 2) NULL, [d] INT); END"
        #expect(
            MigrationStatement(table).change
                == .table(
                    "a",
                    [.init(name: "b]c", definition: "DECIMAL(18, 2) NULL"), .init(name: "d", definition: "INT")]
                )
        )
        #expect(
            MigrationStatement(#"ALTER TABLE "a" ADD COLUMN "RANGE / COLLECTION" TEXT;"#).change
                == .column(table: "a", .init(name: "RANGE / COLLECTION", definition: "TEXT"))
        )
        #expect(MigrationStatement("IF 1 = 1 EXEC(N'CREATE VIEW [dbo].[v] AS SELECT 1')").change == .view("v"))
        let index = MigrationStatement.Index(name: "i", table: "a", columns: ["b", "c"], isUnique: true)
        #expect(
            MigrationStatement(#"CREATE UNIQUE INDEX IF NOT EXISTS "i" ON "a" ("b", "c") WHERE "d" = 0"#).change
                == .index(index)
        )
        #expect(MigrationStatement("-- CREATE TABLE \"no\" (\nUPDATE x SET y = 1").change == .other)
    }
}
