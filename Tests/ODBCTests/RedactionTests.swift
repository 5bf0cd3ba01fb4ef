import Testing

@testable import ODBC

@Suite struct RedactionTests {
    @Test(
        "what servers quote of values is taken out, what they say of columns stays",
        arguments: [
            (
                "Violation of UNIQUE KEY constraint 'UQ_a'. Cannot insert duplicate key in object 'dbo.t'. "
                    + "The duplicate key value is (GREYSON, 4755).",
                "Violation of UNIQUE KEY constraint 'UQ_a'. Cannot insert duplicate key in object 'dbo.t'. "
                    + "The duplicate key value is (…)."
            ),
            (
                "String or binary data would be truncated in table 'ORDERS.dbo.t', column 'STYLE'. Truncated value: 'M123'.",
                "String or binary data would be truncated in table 'ORDERS.dbo.t', column 'STYLE'. Truncated value: '…'."
            ),
            (
                "Conversion failed when converting the nvarchar value '12x' to data type int.",
                "Conversion failed when converting the nvarchar value '…' to data type int."
            ),
            ("Key (a)=(x) already exists.", "Key (a)=(…) already exists."),
            ("Cannot insert the value NULL into column 'a'", "Cannot insert the value NULL into column 'a'"),
        ]
    )
    func quotations(message: String, expected: String) {
        #expect(Redaction().apply(to: message) == expected)
    }

    @Test("secrets and the statement's own values are taken out wherever they stand")
    func values() {
        let column = ParameterColumn(.text(size: 10), rows: 2)
        column.setText(0, "GREYSON")
        column.setText(1, "M")
        let redaction = Redaction(secrets: ["s3cret"], parameters: [column], rows: 2)
        #expect(redaction.apply(to: "M: GREYSON s3cret") == "M: … …")
    }
}
