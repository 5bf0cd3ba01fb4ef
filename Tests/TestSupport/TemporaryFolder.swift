package import Foundation

/// A folder for one test, removed when the test lets go of it.
package final class TemporaryFolder: Sendable {
    package let url: URL
    package var path: String { self.url.path }

    /// Makes it in `folder` if that is there, else where temporary files go.
    package init(in folder: URL? = nil) throws {
        let parent = folder.flatMap { FileManager.default.isWritableFile(atPath: $0.path) ? $0 : nil }
        self.url = (parent ?? FileManager.default.temporaryDirectory)
            .appending(component: "ordersync-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    }

    /// The path of a file of that name in the folder.
    package func file(_ name: String) -> String { self.url.appending(component: name).path }

    deinit {
        try? FileManager.default.removeItem(at: self.url)
    }
}
