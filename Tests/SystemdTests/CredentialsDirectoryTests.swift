import Foundation
import Systemd
import TestSupport
import Testing

@Suite struct CredentialsDirectoryTests {
    private let folder: TemporaryFolder
    private let credentials: CredentialsDirectory

    init() throws {
        self.folder = try TemporaryFolder()
        self.credentials = try #require(
            CredentialsDirectory(environment: ["CREDENTIALS_DIRECTORY": self.folder.path])
        )
    }

    @Test("a credential is read byte for byte")
    func reads() throws {
        try Data("s3cret\n".utf8).write(to: self.folder.url.appending(component: "monday-token"))
        #expect(self.credentials.read("monday-token") == Array("s3cret\n".utf8))
        #expect(self.credentials.file(of: "monday-token") == self.folder.file("monday-token"))
        #expect(self.credentials.read("db-password") == nil)
    }

    @Test("a credential of several blocks is read whole, one beyond systemd's limit not at all")
    func size() throws {
        let file = self.folder.url.appending(component: "large")
        try Data(repeating: 7, count: CredentialsDirectory.maximumSize).write(to: file)
        #expect(self.credentials.read("large")?.count == CredentialsDirectory.maximumSize)
        try Data(repeating: 7, count: CredentialsDirectory.maximumSize + 1).write(to: file)
        #expect(self.credentials.read("large") == nil)
    }

    @Test(
        "a name that leads out of the folder is none",
        arguments: ["", ".", "..", "../shadow", "/etc/shadow", "a/b", "a:b", "a\0b", "a\nb", "ü"]
    )
    func names(name: String) {
        #expect(self.credentials.file(of: name) == nil)
        #expect(self.credentials.read(name) == nil)
    }

    @Test("outside of a unit there are none")
    func none() {
        #expect(CredentialsDirectory(environment: [:]) == nil)
        #expect(CredentialsDirectory(environment: ["CREDENTIALS_DIRECTORY": "relative"]) == nil)
    }
}
