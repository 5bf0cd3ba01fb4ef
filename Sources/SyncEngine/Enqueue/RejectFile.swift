import Foundation
import Orders

extension Detection {
    /// Writes every rejected cell as a line of CSV, in place of what stood in the file.
    ///
    /// Whoever looks finds the old list or the new one as a whole, also after a crash. What is no file, such as a pipe, is written to.
    func writeRejects(to file: URL) throws {
        let type = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
        guard type == nil || type == .typeRegular else { return try self.writeRejects(into: file) }
        let folder = file.deletingLastPathComponent()
        let draft = folder.appending(component: ".\(file.lastPathComponent).\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: draft.path, contents: nil) else {
            throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: file.path])
        }
        do {
            try self.writeRejects(into: draft, lasting: true)
            guard unsafe rename(draft.path, file.path) == 0 else {
                throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: file.path])
            }
        } catch {
            try? FileManager.default.removeItem(at: draft)
            throw error
        }
    }

    private func writeRejects(into file: URL, lasting: Bool = false) throws {
        let reader = try self.spool.reader()
        let handle = try FileHandle(forWritingTo: file)
        var text = Data(RejectFile.header.utf8)
        for place in self.rejects {
            let rejected = try reader.reject(at: place)
            for reason in rejected.reject.reasons {
                text.append(contentsOf: RejectFile.line(rejected.row, rejected.reject, reason).utf8)
            }
            if text.count > RejectFile.portion {
                try handle.write(contentsOf: text)
                text.removeAll(keepingCapacity: true)
            }
        }
        try handle.write(contentsOf: text)
        if lasting { try handle.synchronize() }
        try handle.close()
    }
}

/// The form of the list of rejects: CSV as RFC 4180 has it.
enum RejectFile {
    static let portion = 1 << 20
    static let header = "row,order_number,customer,po_number,record_uuid,column,value,reason\r\n"

    static func line(_ row: Int, _ reject: Reject, _ reason: Reject.Reason) -> String {
        [
            "\(row)", reject.orderNumber ?? "", reject.customer ?? "", reject.poNumber ?? "",
            reject.recordUUID?.lowercaseText ?? "", reason.column, reason.value ?? "", reason.reason,
        ]
        .map(Self.quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
