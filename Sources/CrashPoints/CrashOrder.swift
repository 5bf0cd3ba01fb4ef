#if CRASH_POINTS
/// Where and how a process is to die, in the words of `CRASH_AT`: `POINT:SIDE[:N[:kill]]`.
///
/// `journal.claim:after:2` dies by `abort` when it passes that side of that point for the second time.
struct CrashOrder: Hashable, Sendable {
    let point: CrashPoint
    let side: CrashPoint.Side
    /// At which passing, from 1.
    let passing: Int
    /// By SIGKILL instead of `abort`.
    let isKill: Bool

    /// Nil for words that name no point.
    init?(_ words: String) {
        let parts = words.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (2...4).contains(parts.count), let point = CrashPoint(rawValue: parts[0]),
            let side = CrashPoint.Side(rawValue: parts[1]),
            let passing = parts.count > 2 ? Int(parts[2]) : 1, passing > 0,
            parts.count < 4 || parts[3] == "kill"
        else { return nil }
        self.point = point
        self.side = side
        self.passing = passing
        self.isKill = parts.count == 4
    }
}
#endif
