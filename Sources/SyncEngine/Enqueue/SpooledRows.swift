import Foundation
import Orders

/// An order that a run may have to enqueue, as it lies in the ``Spool``.
struct SpooledOrder: Hashable, Sendable {
    var orderNumber: String
    var customer: String
    var canonicalCustomer: String
    var style: String?
    var colour: String?
    var purchaseOrder: String?
    var aagSeason: String?
    var customerSeason: String?
    var recordUUID: UUID?
    var keyDigest: Digest
    var fingerprint: Digest
    /// What the cells of its row are known by; nil when it was not read from the source table.
    var rowDigest: Digest?
    /// The order's canonical JSON.
    var snapshot: [UInt8]
}

extension SpooledOrder {
    init(_ order: Order, keyDigest: Digest, fingerprint: Digest, rowDigest: Digest?, fieldMap: FieldMap) {
        self.init(
            orderNumber: order.businessKey.orderNumber,
            customer: order.businessKey.customer,
            canonicalCustomer: order.customer,
            style: order.businessKey.style,
            colour: order.businessKey.colour,
            purchaseOrder: order.poNumber,
            aagSeason: order.aagSeason,
            customerSeason: order.customerSeason,
            recordUUID: order.recordUUID,
            keyDigest: keyDigest,
            fingerprint: fingerprint,
            rowDigest: rowDigest,
            snapshot: order.snapshot(fieldMap)
        )
    }

    func write(to record: inout SpoolRecord) {
        for text in [
            self.orderNumber, self.customer, self.canonicalCustomer, self.style, self.colour, self.purchaseOrder,
            self.aagSeason, self.customerSeason, self.recordUUID?.lowercaseText,
        ] {
            record.write(text)
        }
        record.write(self.keyDigest.bytes)
        record.write(self.fingerprint.bytes)
        record.write(self.rowDigest?.bytes)
        record.write(self.snapshot)
    }

    init(from record: inout SpoolRecord) throws {
        self.init(
            orderNumber: try record.text() ?? "",
            customer: try record.text() ?? "",
            canonicalCustomer: try record.text() ?? "",
            style: try record.text(),
            colour: try record.text(),
            purchaseOrder: try record.text(),
            aagSeason: try record.text(),
            customerSeason: try record.text(),
            recordUUID: try record.text().flatMap { UUID(text: $0) },
            keyDigest: try record.digest(),
            fingerprint: try record.digest(),
            rowDigest: try record.data().flatMap { Digest(bytes: Array($0)) },
            snapshot: try record.data().map { Array($0) } ?? []
        )
    }
}

/// A rejected row, as it lies in the ``Spool``.
struct SpooledReject: Hashable, Sendable {
    /// The number of the row in this read.
    var row: Int
    var reject: Reject
    /// What can be read of the row, as an order's canonical JSON; nil without a business key.
    var snapshot: [UInt8]?

    init(_ reject: Reject, row: Int, fieldMap: FieldMap) {
        self.row = row
        self.reject = reject
        self.snapshot = reject.state?.snapshot(fieldMap)
    }

    func write(to record: inout SpoolRecord) {
        let reject = self.reject
        for text in [
            "\(self.row)", reject.recordUUID?.lowercaseText, reject.orderNumber, reject.customer, reject.poNumber,
            reject.aagSeason, reject.customerSeason,
        ] {
            record.write(text)
        }
        record.write(reject.name.bytes)
        record.write(self.snapshot)
        record.write(reject.source)
        record.write("\(reject.reasons.count)")
        for reason in reject.reasons {
            record.write(reason.column)
            record.write(reason.value)
            record.write(reason.valueDigest.bytes)
            record.write(reason.reason)
        }
    }

    init(from record: inout SpoolRecord) throws {
        self.row = try record.text().flatMap { Int($0) } ?? 0
        let recordUUID = try record.text().flatMap { UUID(text: $0) }
        let texts = (try record.text(), try record.text(), try record.text(), try record.text(), try record.text())
        let name = try record.digest()
        self.snapshot = try record.data().map { Array($0) }
        let source = try record.data().map { Array($0) } ?? []
        var reasons: [Reject.Reason] = []
        for _ in 0..<(try record.text().flatMap { Int($0) } ?? 0) {
            reasons.append(
                Reject.Reason(
                    column: try record.text() ?? "",
                    cut: try record.text(),
                    valueDigest: try record.digest(),
                    reason: try record.text() ?? ""
                )
            )
        }
        self.reject = Reject(
            row: self.row,
            businessKey: nil,
            recordUUID: recordUUID,
            orderNumber: texts.0,
            customer: texts.1,
            poNumber: texts.2,
            aagSeason: texts.3,
            customerSeason: texts.4,
            reasons: reasons,
            source: source,
            name: name
        )
    }
}
