package import Journal

/// Alarms for people.
package enum AlarmText {
    /// A table, one line an alarm.
    ///
    /// - Parameters:
    ///   - alarms: The alarms, in the order they are to stand.
    ///   - now: The time, in milliseconds, that ages are counted to.
    ///   - width: The cells of a line; nil where there is no limit.
    /// - Returns: A line of titles and a line an alarm.
    package static func lines(_ alarms: [AlarmRecord], now: Int64, width: Int?) -> [String] {
        let areAny = alarms.contains { $0.acknowledgement != nil }
        var table = TextTable(
            [
                .init("ALARM", .right), .init("AGE", .right), .init("SECOND"), .init("OF", isFlexible: true),
                .init("CUSTOMER", isFlexible: true), .init("OURS"), .init("OTHER"),
            ] + (areAny ? [.init("SEEN BY"), .init("WHY", isFlexible: true)] : [])
        )
        for record in alarms {
            let alarm = record.alarm
            table.add([
                String(alarm.id), HumanText.age(milliseconds: now - alarm.at), Self.thing(alarm.kind),
                Self.whose(record), record.customer ?? "", alarm.knownID, alarm.otherID,
                record.acknowledgement?.who ?? "", record.acknowledgement?.why ?? "",
            ])
        }
        return table.lines(width: width)
    }

    /// What putting alarms away came to.
    package static func outcome(_ outcome: AlarmOutcome) -> [String] {
        ["\(HumanText.count(outcome.acknowledged.count, "alarm")) put away"]
            + outcome.refused.map { "alarm \($0.id) refused: \(Self.words($0.reason))" }
    }

    /// Which order, size or group there are two of.
    private static func whose(_ record: AlarmRecord) -> String {
        if let title = record.alarm.groupTitle { return title }
        let order = record.orderNumber ?? record.alarm.orderKey.map(String.init(describing:)) ?? ""
        return order + (record.alarm.size.map { ", size \($0)" } ?? "")
    }

    private static func thing(_ kind: Alarm.Kind) -> String {
        switch kind {
        case .secondItem: "item"
        case .secondSubitem: "subitem"
        case .secondGroup: "group"
        }
    }

    private static func words(_ refusal: AlarmOutcome.Refusal) -> String {
        switch refusal {
        case .unknown: "there is no such alarm"
        case .acknowledged: "it was put away before"
        }
    }
}

/// An element of the answer of `ordersync-replay alarms --json`: an array, oldest first.
package struct AlarmForm: Hashable, Sendable, Codable {
    package struct Acknowledgement: Hashable, Sendable, Codable {
        package let at: String
        package let who: String
        package let why: String
    }

    package let id: Int64
    package let at: String
    /// `second_item`, `second_subitem` or `second_group`.
    package let kind: String
    package let orderKey: String?
    package let orderNumber: String?
    package let customer: String?
    package let size: String?
    package let group: String?
    /// The one that is ours.
    package let knownID: String
    package let otherID: String
    /// Nil while nobody has put it away.
    package let acknowledgement: Acknowledgement?

    package init(_ record: AlarmRecord) {
        let alarm = record.alarm
        self.id = alarm.id
        self.at = HumanText.time(alarm.at)
        self.kind = alarm.kind.rawValue
        self.orderKey = alarm.orderKey.map(String.init(describing:))
        self.orderNumber = record.orderNumber
        self.customer = record.customer
        self.size = alarm.size
        self.group = alarm.groupTitle
        self.knownID = alarm.knownID
        self.otherID = alarm.otherID
        self.acknowledgement = record.acknowledgement.map {
            Acknowledgement(at: HumanText.time($0.at), who: $0.who, why: $0.why)
        }
    }
}

/// The answer of `ordersync-replay acknowledge --json`.
package struct AcknowledgementForm: Hashable, Sendable, Codable {
    package struct Refused: Hashable, Sendable, Codable {
        package let id: Int64
        /// `unknown` or `acknowledged`.
        package let reason: String
    }

    package let acknowledged: [Int64]
    package let refused: [Refused]

    package init(_ outcome: AlarmOutcome) {
        self.acknowledged = outcome.acknowledged
        self.refused = outcome.refused.map { Refused(id: $0.id, reason: $0.reason.rawValue) }
    }
}
