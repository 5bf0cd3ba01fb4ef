extension Configuration {
    /// Keys whose names and values are settled, and that nothing in this version obeys.
    private static let unserved: Set<String> = [
        Keys.goneLimit.name, Keys.goneConfirm.name, Keys.callsPerDay.name, Keys.httpListen.name,
    ]

    /// Refuses what this version can't do, and warns of what it leaves undone: a setting never does nothing in silence.
    func checkUnserved(_ reading: inout Reading) {
        let settings = reading.settings
        if self.gone.policy != .report {
            reading.note(
                Keys.gonePolicy.name,
                settings.last { $0.key == Keys.gonePolicy.name }?.origin,
                "“\(self.gone.policy.rawValue)” is not supported by this version yet",
                allowed: GonePolicy.report.rawValue
            )
        }
        for setting in settings where Self.unserved.contains(setting.key) && setting.origin != .fallback {
            // Off is what it is.
            if setting.key == Keys.httpListen.name, self.httpListen == nil { continue }
            reading.warn("\(setting.key) (\(setting.origin)) has no effect in this version yet")
        }
    }
}
