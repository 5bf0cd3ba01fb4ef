import Foundation
import Orders

/// Orders and rejects set aside during a source read, in a temporary file without a name, so that memory stays flat however
/// many rows there are: which of them are to be enqueued is known only when all rows were seen.
///
/// A place names a record: where it begins and how long it is, so that one read fetches it.
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

    /// Sets an order aside and returns its place.
    func append(_ order: SpooledOrder) throws -> Int {
        var record = SpoolRecord()
        order.write(to: &record)
        return try self.append(record)
    }

    /// Sets a reject aside, with what can be read of its row, and returns its place.
    func append(_ reject: SpooledReject) throws -> Int {
        var record = SpoolRecord()
        reject.write(to: &record)
        return try self.append(record)
    }

    private func append(_ record: SpoolRecord) throws -> Int {
        let offset = self.flushed + UInt64(self.buffer.count)
        guard record.bytes.count < SpoolPlace.maximumLength else { throw CocoaError(.fileWriteOutOfSpace) }
        self.buffer.append(record.bytes)
        if self.buffer.count >= Self.bufferSize { try self.flush() }
        return SpoolPlace.pack(offset: offset, length: record.bytes.count)
    }

    /// Hands the records so far out for reading.
    func reader() throws -> Reader {
        try self.flush()
        return Reader(handle: self.handle)
    }

    private func flush() throws {
        guard !self.buffer.isEmpty else { return }
        // Readers move the place in the file.
        try self.handle.seek(toOffset: self.flushed)
        try self.handle.write(contentsOf: self.buffer)
        self.flushed += UInt64(self.buffer.count)
        self.buffer.removeAll(keepingCapacity: true)
    }

    /// Reads records back from their places; used by one thread at a time, and not while more are set aside.
    struct Reader: Sendable {
        fileprivate let handle: FileHandle

        func order(at place: Int) throws -> SpooledOrder {
            var record = try self.record(at: place)
            return try SpooledOrder(from: &record)
        }

        func reject(at place: Int) throws -> SpooledReject {
            var record = try self.record(at: place)
            return try SpooledReject(from: &record)
        }

        private func record(at place: Int) throws -> SpoolRecord {
            let (offset, length) = SpoolPlace.unpack(place)
            try self.handle.seek(toOffset: offset)
            guard let data = try self.handle.read(upToCount: length), data.count == length else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return SpoolRecord(bytes: data)
        }
    }
}

/// Offset and length in one number: records of up to 256 MB in a file of up to 32 GB.
private enum SpoolPlace {
    private static let lengthBits = 28
    static let maximumLength = 1 << lengthBits

    static func pack(offset: UInt64, length: Int) -> Int { Int(offset) << Self.lengthBits | length }

    static func unpack(_ place: Int) -> (offset: UInt64, length: Int) {
        (UInt64(place >> Self.lengthBits), place & (Self.maximumLength - 1))
    }
}

/// A sequence of byte strings, each with its length before it; nil is distinct.
struct SpoolRecord {
    private(set) var bytes: Data
    private var position = 0

    init(bytes: Data = Data()) {
        self.bytes = bytes
    }

    mutating func write(_ text: String?) {
        self.write(text.map { Array($0.utf8) })
    }

    mutating func write(_ bytes: [UInt8]?) {
        let count = bytes.map { Int32($0.count) } ?? -1
        for shift in stride(from: 0, to: 32, by: 8) { self.bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        if let bytes { self.bytes.append(contentsOf: bytes) }
    }

    mutating func text() throws -> String? {
        try self.data().map { String(decoding: $0, as: UTF8.self) }
    }

    mutating func digest() throws -> Digest {
        guard let digest = try self.data().flatMap({ Digest(bytes: Array($0)) }) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return digest
    }

    mutating func data() throws -> Data? {
        let count = try self.take(4).enumerated().reduce(Int32(0)) { $0 | Int32($1.element) << Int32(8 * $1.offset) }
        return count < 0 ? nil : try self.take(Int(count))
    }

    private mutating func take(_ count: Int) throws -> Data {
        let start = self.bytes.startIndex + self.position
        guard count <= self.bytes.endIndex - start else { throw CocoaError(.fileReadCorruptFile) }
        self.position += count
        return self.bytes[start..<(start + count)]
    }
}
