internal import CCurl

import Glibc

/// Wakes the thread that waits in `curl_multi_poll`; the one call of libcurl's multi interface that any thread may make.
@safe struct CurlBell: @unchecked Sendable {
    // Unchecked: the engine lets go of the bell, under its lock, before the handle is freed.
    private let multi: UnsafeMutableRawPointer

    fileprivate init(_ multi: UnsafeMutableRawPointer) {
        unsafe self.multi = multi
    }

    func ring() {
        _ = unsafe curl_multi_wakeup(self.multi)
    }
}

/// All of libcurl's work, on one thread: transfers are added, moved on, finished and broken off here.
@safe final class CurlLoop {
    /// Idle handles kept for reuse.
    private static let spareHandles = 16
    /// The longest sleep, in milliseconds: a bound on what a lost wake-up could cost.
    private static let longestSleep: Int64 = 1000

    private let engine: CurlEngine
    private let multi: UnsafeMutableRawPointer
    private var transfers: [UInt64: Transfer] = [:]
    private var spare: [EasyHandle] = []

    /// libcurl's global state, set up once and never torn down.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// The thread's main function: works until the engine is closed.
    static func run(_ engine: CurlEngine) {
        unsafe ccurl_name_thread("http")
        // Signals are for the threads that expect them; a SIGPIPE of a broken connection stays here, blocked.
        var signals = sigset_t()
        unsafe sigfillset(&signals)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        if let loop = CurlLoop(engine) { loop.work() }
        engine.end()
    }

    private init?(_ engine: CurlEngine) {
        guard Self.isReady, let multi = unsafe curl_multi_init() else { return nil }
        self.engine = engine
        unsafe self.multi = multi
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, engine.configuration.connectionsPerHost)
    }

    /// Easy handles go before the multi handle they were added to.
    deinit {
        self.spare = []
        unsafe curl_multi_cleanup(self.multi)
    }

    private func work() {
        unsafe self.engine.ready(CurlBell(self.multi))
        while true {
            let work = self.engine.take()
            if work.isClosed {
                for submission in work.submissions { self.refuse(submission, .closedUnsent) }
                for transfer in self.transfers.values { self.breakOff(transfer, .closed, "The client is shut down.") }
                // The bell falls silent before the handle goes.
                self.engine.end()
                return
            }
            for submission in work.submissions { self.begin(submission) }
            for id in work.cancellations {
                if let transfer = self.transfers[id] { self.breakOff(transfer, .cancelled, "Cancelled.") }
            }
            var running: Int32 = 0
            _ = unsafe curl_multi_perform(self.multi, &running)
            self.collect()
            self.breakOffLate()
            _ = unsafe curl_multi_poll(self.multi, nil, 0, self.sleep(), nil)
        }
    }

    private func begin(_ submission: CurlEngine.Submission) {
        guard let handle = self.spare.popLast() ?? EasyHandle() else {
            self.refuse(submission, HTTPError(.transfer, message: "libcurl gives no handle.", bytesSent: false))
            return
        }
        do throws(HTTPError) {
            let transfer = try Transfer(submission, handle: handle, configuration: self.engine.configuration)
            let code = unsafe curl_multi_add_handle(self.multi, handle.raw)
            guard code == CURLM_OK else {
                throw HTTPError(.transfer, message: "libcurl refuses the request (\(code.rawValue)).", bytesSent: false)
            }
            self.transfers[submission.id] = transfer
        } catch {
            self.refuse(submission, error)
        }
    }

    private func refuse(_ submission: CurlEngine.Submission, _ error: HTTPError) {
        self.engine.finished(submission.id)
        submission.continuation.resume(returning: .failure(error))
    }

    /// Takes the transfers that libcurl has done with.
    private func collect() {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(self.multi, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle else {
                continue
            }
            let code = unsafe ccurl_message_result(message)
            guard let id = unsafe EasyHandle.id(of: handle), let transfer = self.transfers[id] else { continue }
            self.finish(transfer, transfer.result(code))
        }
    }

    /// libcurl does not count the time of a request that waits for a connection; this does.
    private func breakOffLate() {
        let now = ContinuousClock.now
        for transfer in self.transfers.values where transfer.deadline <= now {
            self.breakOff(transfer, .timeout, "No whole answer within \(transfer.timeout).")
        }
    }

    private func breakOff(_ transfer: Transfer, _ code: HTTPError.Code, _ message: String) {
        self.finish(transfer, .failure(HTTPError(code, message: message, bytesSent: transfer.bytesSent)))
    }

    private func finish(_ transfer: Transfer, _ result: Result<HTTPResponse, HTTPError>) {
        _ = unsafe curl_multi_remove_handle(self.multi, transfer.handle.raw)
        self.transfers[transfer.id] = nil
        if self.spare.count < Self.spareHandles, let handle = transfer.retire() { self.spare.append(handle) }
        self.engine.finished(transfer.id)
        transfer.continuation.resume(returning: result)
    }

    /// How long to wait for something to happen, in milliseconds.
    private func sleep() -> Int32 {
        let now = ContinuousClock.now
        var sleep = Self.longestSleep
        for transfer in self.transfers.values {
            let (seconds, attoseconds) = (transfer.deadline - now).components
            sleep = min(sleep, max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1))
        }
        return Int32(clamping: sleep)
    }
}
