import Foundation
import TestSupport
import Testing

/// Makes a certificate that signs itself.
func makeCertificate(_ files: (certificate: String, key: String), host: String) async throws {
    let outcome = try await Program(
        URL(fileURLWithPath: "/usr/bin/openssl"),
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=\(host)", "-addext", "subjectAltName=DNS:\(host)", "-keyout", files.key, "-out",
            files.certificate,
        ]
    ).wait()
    try #require(outcome.status == 0, "openssl made no certificate: \(outcome)")
}
