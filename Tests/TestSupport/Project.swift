package import Foundation

/// Where the project's own files are, for tests that use them as users do.
package enum Project {
    /// The folder that holds Package.swift.
    package static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path)
        {
            folder.deleteLastPathComponent()
        }
        return folder
    }()

    /// The path of a file of the project.
    package static func path(_ name: String) -> String { self.root.appending(path: name).path }

    /// The folder of the built programs: they lie next to the test bundle.
    package static let programs = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()

    /// The Python of the project's own environment, as `make` lays it out.
    package static let python =
        ProcessInfo.processInfo.environment["ORDERSYNC_TEST_PYTHON"] ?? Self.path(".venv/bin/python")
}
