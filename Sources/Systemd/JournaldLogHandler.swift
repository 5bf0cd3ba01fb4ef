package import Logging

/// Writes log lines to standard error, for journald or for a person at a terminal.
///
/// Metadata keys have dots (`job.id`, `order.number`); nested dictionaries become such keys. A line is one line whatever
/// it holds, so that nothing from outside can forge a second one. A reader that has stopped reading holds the program up
/// for a second once; after that lines are dropped, and their number is told when it reads again.
package struct JournaldLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let form: LogForm
    private let sink: LogSink

    /// - Parameters:
    ///   - label: The logger's name.
    ///   - level: The lowest level that is written.
    ///   - form: The form of lines.
    ///   - sink: Where they go.
    ///   - metadataProvider: Adds what the current task knows.
    package init(
        label: String,
        level: Logger.Level = .info,
        form: LogForm = .automatic(),
        sink: LogSink = .standardError,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.logLevel = level
        self.form = form
        self.sink = sink
        self.metadataProvider = metadataProvider
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var metadata = self.metadata
        if let provided = self.metadataProvider?.get() { metadata.merge(provided) { $1 } }
        if let given = event.metadata { metadata.merge(given) { $1 } }
        if let error = event.error { metadata["error"] = metadata["error"] ?? "\(error)" }
        var line = LogLine(level: event.level, label: self.label, message: event.message.description)
        line.add(metadata)
        self.sink.write(line, self.form)
    }
}
