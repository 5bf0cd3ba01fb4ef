/// What a check found, for people.
package enum FindingText {
    /// One line a finding, failures marked.
    package static func lines(_ findings: [HealthCheck.Finding], width: Int?) -> [String] {
        var table = TextTable([.init("WHAT"), .init("RESULT"), .init("DETAIL")])
        for finding in findings { table.add([finding.subject, finding.verdict.rawValue, finding.detail]) }
        return table.lines(width: width)
    }
}

extension HealthCheck.Finding {
    /// What a program's own look found.
    package init(_ subject: String, _ verdict: Verdict, _ detail: String) {
        self.subject = subject
        self.verdict = verdict
        self.detail = detail
    }
}
