package import Journal

/// What people did, for people.
package enum ActionText {
    package static func lines(_ actions: [ActionRecord], width: Int?) -> [String] {
        var table = TextTable([
            .init("AT"), .init("WHO"), .init("ACTION"), .init("JOBS", .right), .init("WHICH", isFlexible: true),
            .init("WHY", isFlexible: true),
        ])
        for action in actions {
            table.add([
                HumanText.time(action.at), action.who, action.action, HumanText.count(action.jobs), action.filter,
                action.why,
            ])
        }
        return table.lines(width: width)
    }
}

/// The answer of `ordersync-replay log --json`: an array, newest first.
package struct ActionForm: Hashable, Sendable, Codable {
    package let id: Int64
    package let at: String
    package let who: String
    package let action: String
    package let why: String
    package let filter: String
    package let jobs: Int

    package init(_ action: ActionRecord) {
        self.id = action.id
        self.at = HumanText.time(action.at)
        self.who = action.who
        self.action = action.action
        self.why = action.why
        self.filter = action.filter
        self.jobs = action.jobs
    }
}
