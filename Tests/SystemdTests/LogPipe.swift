import Glibc

/// A pipe that stands for standard error, with a reader who may be slow.
final class LogPipe {
    let input: Int32
    private var output: Int32

    init() {
        var ends: [Int32] = [0, 0]
        _ = unsafe pipe(&ends)
        self.output = ends[0]
        self.input = ends[1]
        _ = fcntl(self.output, F_SETFL, O_NONBLOCK)
    }

    deinit {
        self.closeReader()
        close(self.input)
    }

    /// The lines that have arrived and were not read yet.
    func lines() -> [String] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = unsafe read(self.output, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func closeReader() {
        if self.output >= 0 { close(self.output) }
        self.output = -1
    }
}
