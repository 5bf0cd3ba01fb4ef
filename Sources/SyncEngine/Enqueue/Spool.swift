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
    /// The order's canonical JSON.
    var snapshot: [UInt8]
}

extension SpooledOrder {
    init(_ order: Order, keyDigest: Digest, fingerprint: Digest, fieldMap: FieldMap) {
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
            snapshot: order.snapshot(fieldMap)
        )
    }
}

/// Orders and rejected rows set aside during a source read, in a temporary file without a name, so that memory stays flat however many
/// rows there are: which of them are to be enqueued is known only when all rows were seen.
final class Spool {
    private let handle: FileHandle
    private var buffer = Data()
    private var flushed: UInt64 = 0

    /// How many bytes are gathered before they are written.
    private static let bufferSize = 1 << 20

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(component: "ordersync-\(UUID().uuidString).spool")
        guard
            FileManager.default.createFile(
                atPath: url.path,
                contents: nil,
                attributes: [.posixPermissions: 0o600]
            )
        else { throw CocoaError(.fileWriteUnknown) }
        self.handle = try FileHandle(forUpdating: url)
        // Without a name nothing is left behind however the process ends.
        try FileManager.default.removeItem(at: url)
    }

    /// Sets any bytes aside and returns their place.
    func append(_ bytes: [UInt8]) throws -> UInt64 {
        let place = self.place
        self.write(bytes)
        if self.buffer.count >= Self.bufferSize { try self.flush() }
        return place
    }

    /// Sets an order aside and returns its place.
    func append(_ order: SpooledOrder) throws -> UInt64 {
        let place = self.place
        for text in [
            order.orderNumber, order.customer, order.canonicalCustomer, order.style, order.colour, order.purchaseOrder,
            order.aagSeason, order.customerSeason, order.recordUUID?.uuidString,
        ] {
            self.write(text.map { Array($0.utf8) })
        }
        for bytes in [order.keyDigest.bytes, order.fingerprint.bytes, order.snapshot] { self.write(bytes) }
        if self.buffer.count >= Self.bufferSize { try self.flush() }
        return place
    }

    /// Ends the writing and hands the orders out for reading.
    func sealed() throws -> Reader {
        try self.flush()
        return Reader(handle: self.handle)
    }

    private var place: UInt64 { self.flushed + UInt64(self.buffer.count) }

    private func write(_ bytes: [UInt8]?) {
        let count = bytes.map { Int32($0.count) } ?? -1
        for shift in stride(from: 0, to: 32, by: 8) { self.buffer.append(UInt8(truncatingIfNeeded: count >> shift)) }
        if let bytes { self.buffer.append(contentsOf: bytes) }
    }

    private func flush() throws {
        guard !self.buffer.isEmpty else { return }
        try self.handle.write(contentsOf: self.buffer)
        self.flushed += UInt64(self.buffer.count)
        self.buffer.removeAll(keepingCapacity: true)
    }

    /// Reads orders back from their places; used by one thread at a time.
    struct Reader: Sendable {
        fileprivate let handle: FileHandle

        func bytes(at place: UInt64) throws -> [UInt8] {
            try self.handle.seek(toOffset: place)
            return try self.bytes().map { Array($0) } ?? []
        }

        func order(at place: UInt64) throws -> SpooledOrder {
            try self.handle.seek(toOffset: place)
            return SpooledOrder(
                orderNumber: try self.text() ?? "",
                customer: try self.text() ?? "",
                canonicalCustomer: try self.text() ?? "",
                style: try self.text(),
                colour: try self.text(),
                purchaseOrder: try self.text(),
                aagSeason: try self.text(),
                customerSeason: try self.text(),
                recordUUID: try self.text().flatMap { UUID(text: $0) },
                keyDigest: try self.digest(),
                fingerprint: try self.digest(),
                snapshot: try self.bytes().map { Array($0) } ?? []
            )
        }

        private func digest() throws -> Digest {
            guard let digest = try self.bytes().flatMap({ Digest(bytes: $0) }) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return digest
        }

        private func text() throws -> String? {
            try self.bytes().map { String(decoding: $0, as: UTF8.self) }
        }

        private func bytes() throws -> Data? {
            let count = try self.exactly(4).enumerated().reduce(Int32(0)) {
                $0 | Int32($1.element) << Int32(8 * $1.offset)
            }
            return count < 0 ? nil : try self.exactly(Int(count))
        }

        private func exactly(_ count: Int) throws -> Data {
            guard count > 0 else { return Data() }
            guard let data = try self.handle.read(upToCount: count), data.count == count else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return data
        }
    }
}
