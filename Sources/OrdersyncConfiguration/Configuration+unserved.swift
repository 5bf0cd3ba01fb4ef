extension Configuration {
    /// Keys whose names and values are settled, and that nothing in this version obeys.
    private static let unserved: Set<String> = [
        Keys.callsPerDay.name, Keys.httpListen.name,
    ]

    /// Warns of what this version leaves undone: a setting never does nothing in silence.
    func checkUnserved(_ reading: inout Reading) {
        let settings = reading.settings
        for setting in settings where Self.unserved.contains(setting.key) && setting.origin != .fallback {
            // Off is what it is.
            if setting.key == Keys.httpListen.name, self.httpListen == nil { continue }
            reading.warn("\(setting.key) (\(setting.origin)) has no effect in this version yet")
        }
    }
}
