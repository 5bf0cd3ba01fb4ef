import Foundation
import Journal
import Logging
import OrdersyncConfiguration
import ProgramSupport
import SyncEngine
import Systemd
import UnixSignals

/// The engine with everything it needs around it.
enum Work {
    /// Works, until it is over or a signal asks to stop.
    ///
    /// - Parameters:
    ///   - configuration: The checked configuration.
    ///   - mode: Until when to work.
    /// - Returns: What the work came to.
    /// - Throws: What keeps the daemon from starting, or the journal from being used.
    static func run(_ configuration: Configuration, _ mode: SyncService.Mode) async throws -> SyncService.Outcome {
        // Before anything else: from the moment that READY is told, a stop must end in good order.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let log = Self.logger(configuration, mode)
        let parts = try EngineParts(configuration)
        return try await Wiring.withJournal(configuration, role: .daemon) { journal in
            // After all that may refuse the start: a process that ends while libcurl's thread begins may crash on its way out.
            try await Wiring.withMonday(configuration) { monday in
                // From here on outages show in the status and end nothing, so this is what READY means.
                let notifier = Notifier(environment: ProcessInfo.processInfo.environment)
                notifier.send(.ready)
                log.info(
                    "ordersyncd works",
                    metadata: ["version": "\(Version.current)", "journal": "\(configuration.journal.path)"]
                )
                let nap = notifier.watchdogInterval
                let service = parts.service(journal, monday, log: log, longestNap: nap) { status in
                    // Sent by the loop that does the work: when it hangs, the watchdog must bite.
                    notifier.send(.status("\(status)"), .watchdog)
                }
                let listeners = [Self.stop(service, at: signals, notifier), Self.wakes(service, configuration, log)]
                defer { for listener in listeners { listener.cancel() } }
                let outcome = try await service.run(mode)
                notifier.send(.stopping)
                log.info("ordersyncd ends in good order", metadata: ["orders.done": "\(outcome.done)"])
                return outcome
            }
        }
    }

    /// Passes a request to stop on to the engine.
    private static func stop(
        _ service: SyncService,
        at signals: UnixSignalsSequence,
        _ notifier: Notifier
    ) -> Task<Void, Never> {
        Task {
            for await _ in signals {
                notifier.send(.stopping)
                service.requestStop()
            }
        }
    }

    /// Passes word of new jobs on to the engine, which without it finds them some seconds later.
    private static func wakes(
        _ service: SyncService,
        _ configuration: Configuration,
        _ log: Logger
    ) -> Task<Void, Never> {
        Task {
            do throws(WakeSocketError) {
                let socket = try WakeSocket(path: Wiring.wakePath(configuration))
                for await _ in socket.wakes { service.wake() }
            } catch {
                log.warning("new jobs are found by looking", metadata: ["error": "\(error)"])
            }
        }
    }

    private static func logger(_ configuration: Configuration, _ mode: SyncService.Mode) -> Logger {
        var level = Logger.Level(rawValue: configuration.log.level.rawValue) ?? .info
        // A drain tells its outcome itself.
        if level == .info, mode != .run { level = .notice }
        let form: LogForm =
            switch configuration.log.format {
            case .auto: .automatic()
            case .text: .text
            case .journal: .journal
            }
        return Logger(label: "ordersyncd") { JournaldLogHandler(label: $0, level: level, form: form) }
    }
}
