import Foundation

/// The bytes of a file, read in portions, with one to look ahead.
struct ByteStream {
    /// The byte-order mark of UTF-8, which some programs put in front.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let portion = 1 << 18

    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The line of the next byte, from 1.
    private(set) var line = 1

    init(_ handle: FileHandle) throws {
        self.handle = handle
        try self.fill()
        if self.buffer.starts(with: Self.mark) { self.position = Self.mark.count }
    }

    /// The next byte, which stays; nil at the end.
    mutating func peek() throws -> UInt8? {
        if self.position == self.buffer.count { try self.fill() }
        return self.position < self.buffer.count ? self.buffer[self.position] : nil
    }

    /// Takes the next byte; nil at the end.
    mutating func next() throws -> UInt8? {
        if self.position == self.buffer.count { try self.fill() }
        guard self.position < self.buffer.count else { return nil }
        let byte = self.buffer[self.position]
        self.position += 1
        if byte == 0x0A { self.line += 1 }
        return byte
    }

    /// Takes the bytes up to one of those that end a run, which stays.
    mutating func take(into bytes: inout [UInt8], until isEnd: (UInt8) -> Bool) throws {
        while true {
            if self.position == self.buffer.count { try self.fill() }
            guard self.position < self.buffer.count else { return }
            var end = self.position
            while end < self.buffer.count, !isEnd(self.buffer[end]) {
                if self.buffer[end] == 0x0A { self.line += 1 }
                end += 1
            }
            bytes.append(contentsOf: self.buffer[self.position..<end])
            self.position = end
            guard end == self.buffer.count, bytes.count <= InputLimits.rowBytes else { return }
        }
    }

    private mutating func fill() throws {
        guard !self.isAtEnd else { return }
        guard let data = try self.handle.read(upToCount: Self.portion), !data.isEmpty else {
            self.isAtEnd = true
            return
        }
        self.buffer = Array(data)
        self.position = 0
    }
}
