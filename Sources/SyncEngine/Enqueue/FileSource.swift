package import Foundation
package import Orders
package import RowInput
internal import ThreadExecutor
package import Warehouse

/// Rows of a CSV or NDJSON file, or of standard input, by the same rules as those of the source table.
///
/// It is read twice and more: first for its columns, then for its rows, and again for rows outside of a filter. So standard
/// input is kept in a temporary file without a name; memory stays flat however many rows there are.
package actor FileSource: RowSource {
    private let executor = ThreadExecutor(name: "input")
    private let path: String?
    private let format: InputFormat?
    private let fieldMap: FieldMap
    private var file: FileHandle?
    private var reading: FileReading?

    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }
    package nonisolated var mayChange: Bool { false }

    /// - Parameters:
    ///   - path: the file; nil for standard input
    ///   - format: its format; nil to be told by its beginning
    ///   - fieldMap: says which columns are no sizes, since a file has no types
    package init(path: String?, format: InputFormat?, fieldMap: FieldMap) {
        self.path = path
        self.format = format
        self.fieldMap = fieldMap
    }

    package func layout() throws -> SourceLayout {
        let names = try self.rows().columns()
        return SourceLayout(columns: names.map { SourceColumn(name: $0, isInteger: true) })
    }

    package func open(plan: SourcePlan, fieldMap: FieldMap, filter: SourceFilter) throws {
        self.reading = try FileReading(self.rows(), plan, fieldMap) { filter.passes($0) }
    }

    package func open(plan: SourcePlan, fieldMap: FieldMap, lookUp: SourceLookUp) throws {
        self.reading = try FileReading(self.rows(), plan, fieldMap) { lookUp.passes($0) }
    }

    package func next(_ rows: Int) throws -> [RowReading] {
        guard let reading = self.reading else { return [] }
        do {
            return try reading.next(rows)
        } catch {
            self.reading = nil
            throw error
        }
    }

    package func nextUnread(_ rows: Int) throws -> UnreadRows? {
        let readings = try self.next(rows)
        return readings.isEmpty ? nil : UnreadRows(readings)
    }

    package func count(_ filter: SourceFilter, fieldMap: FieldMap) throws -> Int {
        let plan = try fieldMap.plan(for: self.layout())
        try self.open(plan: plan, fieldMap: fieldMap, filter: filter)
        var count = 0
        while let rows = try self.reading?.next(1_000), !rows.isEmpty { count += rows.count }
        self.reading = nil
        return count
    }

    package func rows(
        _ filter: SourceFilter,
        fieldMap: FieldMap,
        seeking sought: Set<UUID>
    ) throws -> (sum: RowSum, missing: Set<UUID>) {
        let plan = try fieldMap.plan(for: self.layout())
        try self.open(plan: plan, fieldMap: fieldMap, filter: filter)
        var sum = RowSum()
        var missing = sought
        while let rows = try self.reading?.next(1_000), !rows.isEmpty {
            for row in rows {
                sum.add(row.recordUUID)
                if let uuid = row.recordUUID { missing.remove(uuid) }
            }
        }
        self.reading = nil
        return (sum, missing)
    }

    package func close() {
        self.reading = nil
    }

    /// The rows from the first on.
    private func rows() throws -> FileRows {
        let file = try self.file ?? self.opened()
        self.file = file
        try file.seek(toOffset: 0)
        let beginning = try file.read(upToCount: 4_096) ?? Data()
        try file.seek(toOffset: 0)
        switch self.format ?? InputFormat(beginning: Array(beginning)) {
        case .csv: return .csv(try CSVRows(file))
        case .ndjson: return .json(try JSONRows(file))
        }
    }

    private func opened() throws -> FileHandle {
        if let path = self.path {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw InputError("\(path): there is no such file, or it can't be read", isMissing: true)
            }
            return file
        }
        let url = FileManager.default.temporaryDirectory.appending(component: "ordersync-\(UUID().uuidString).input")
        guard
            FileManager.default.createFile(atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        let file = try FileHandle(forUpdating: url)
        // Without a name nothing is left behind however the process ends.
        try FileManager.default.removeItem(at: url)
        while let data = try FileHandle.standardInput.read(upToCount: 1 << 20), !data.isEmpty {
            try file.write(contentsOf: data)
        }
        return file
    }
}

/// The rows of a file, whatever its format.
enum FileRows {
    case csv(CSVRows)
    case json(JSONRows)

    /// The names of the columns, in their order; this reads a JSON file to its end.
    consuming func columns() throws -> [String] {
        switch self {
        case .csv(let rows): return rows.header
        case .json(var rows):
            var columns = ColumnOrder()
            while let cells = try rows.next() { columns.add(cells.map(\.name)) }
            guard !columns.names.isEmpty else { throw InputError("it holds no row") }
            guard columns.names.count <= InputLimits.columns else {
                throw InputError("its rows have \(columns.names.count) keys; \(InputLimits.columns) are allowed")
            }
            return columns.names
        }
    }
}

/// The order of columns that rows name in part: JSON leaves out what is null.
struct ColumnOrder {
    private(set) var names: [String] = []
    private var known: Set<String> = []

    /// Takes the names of a row; a new one stands behind the one before it in the row.
    mutating func add(_ row: [String]) {
        guard !self.known.isSuperset(of: row) else { return }
        for (index, name) in row.enumerated() where self.known.insert(name).inserted {
            let place = index == 0 ? nil : self.names.firstIndex(of: row[index - 1])
            self.names.insert(name, at: place.map { $0 + 1 } ?? (index == 0 ? 0 : self.names.count))
        }
    }
}
