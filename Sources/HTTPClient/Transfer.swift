internal import CCurl

/// One request under way: what libcurl takes from it and what it has brought so far.
///
/// Lives on the engine's thread. libcurl holds a pointer to it, which is good from ``init(_:handle:configuration:)`` until
/// ``retire()``.
@safe final class Transfer {
    /// The most bytes of headers that are kept; libcurl itself bounds single ones only.
    private static let maximumHeaderBytes = 256 << 10

    let id: UInt64
    let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
    let timeout: Duration
    let deadline: ContinuousClock.Instant
    let handle: EasyHandle
    private let request: HTTPRequest
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// libcurl's words for what went wrong.
    private let words: UnsafeMutablePointer<CChar>

    /// Where in the body libcurl reads next.
    private var position = 0
    /// Bytes of the body handed to libcurl, over all its tries.
    private var taken = 0
    private var headers: [(name: String, value: String)] = []
    private var headerBytes = 0
    private var body: [UInt8] = []
    private var isTooLarge = false

    init(
        _ submission: CurlEngine.Submission,
        handle: EasyHandle,
        configuration: HTTPClientConfiguration
    ) throws(HTTPError) {
        self.id = submission.id
        self.request = submission.request
        self.continuation = submission.continuation
        self.timeout = submission.request.timeout
        self.deadline = ContinuousClock.now + submission.request.timeout
        self.handle = handle
        unsafe self.words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe self.words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe self.headerList = nil
        let target = try Target(submission.request.url)
        try self.listHeaders()
        self.setConnection(configuration, target)
        self.setExchange()
        if let failure = handle.failure {
            throw HTTPError(.transfer, message: "libcurl refuses option \(failure).", bytesSent: false)
        }
    }

    deinit {
        self.handle.reset()
        unsafe curl_slist_free_all(self.headerList)
        unsafe self.words.deallocate()
    }

    /// Gives the handle back for the next transfer; nothing points here any more.
    func retire() -> EasyHandle? {
        self.handle.reset()
        return self.handle
    }

    /// Whether the server may have seen the whole request; see ``HTTPError/bytesSent``.
    var bytesSent: Bool {
        self.request.body.isEmpty ? self.handle.long(CURLINFO_REQUEST_SIZE) > 0 : self.taken > 0
    }

    /// What came of the transfer, now that libcurl has done with it.
    func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPError> {
        if code == CURLE_OK, !self.isTooLarge {
            let status = self.handle.long(CURLINFO_RESPONSE_CODE)
            return .success(HTTPResponse(status: status, headers: self.headers, body: self.body))
        }
        let own = unsafe String(cString: self.words)
        let words = unsafe own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
        // libcurl speaks of a seek callback here: it may not send the body again by itself.
        let message = code == CURLE_SEND_FAIL_REWIND ? "The connection was lost before an answer came." : words
        let kind = self.isTooLarge ? .tooLarge : HTTPError.Code(code)
        return .failure(HTTPError(kind, message: message, bytesSent: self.bytesSent))
    }
}

// MARK: - Setting up

extension Transfer {
    private func listHeaders() throws(HTTPError) {
        // libcurl would ask before it sends a body over 1 MB; Monday need not be asked.
        var lines = ["Expect:"]
        for header in self.request.headers {
            let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            guard !header.name.isEmpty, line.utf8.allSatisfy({ $0 != 0x0A && $0 != 0x0D && $0 != 0 }) else {
                throw HTTPError(.invalidRequest, message: "A header holds a line break.", bytesSent: false)
            }
            lines.append(line)
        }
        for line in lines {
            guard let longer = unsafe curl_slist_append(self.headerList, line) else {
                throw HTTPError(.transfer, message: "Out of memory.", bytesSent: false)
            }
            unsafe self.headerList = longer
        }
    }

    /// How to reach the server and whom to trust.
    private func setConnection(_ configuration: HTTPClientConfiguration, _ target: Target) {
        let handle = self.handle
        handle.set(CURLOPT_URL, self.request.url)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_FOLLOWLOCATION, 0)
        // Without this libcurl uses signals for its time-outs, which a program of many threads can't have.
        handle.set(CURLOPT_NOSIGNAL, 1)
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        // Rather share the one connection that is being opened than open another.
        handle.set(CURLOPT_PIPEWAIT, 1)
        handle.set(CURLOPT_SSL_VERIFYPEER, 1)
        handle.set(CURLOPT_SSL_VERIFYHOST, 2)
        handle.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities = configuration.certificateAuthorities { handle.set(CURLOPT_CAINFO, authorities) }
        // Elsewhere libcurl reads https_proxy and no_proxy by itself; what is on this machine is never behind one.
        if target.isLoopback { handle.set(CURLOPT_PROXY, "") }
        handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        handle.set(CURLOPT_TCP_KEEPALIVE, 1)
        handle.set(CURLOPT_MAXAGE_CONN, Int(configuration.maximumIdle.components.seconds))
        handle.set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.wholeMilliseconds)
        handle.set(CURLOPT_TIMEOUT_MS, self.timeout.wholeMilliseconds)
        handle.set(CURLOPT_USERAGENT, configuration.userAgent)
    }

    /// What to send and where the answer goes.
    private func setExchange() {
        let handle = self.handle
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        handle.set(id: self.id)
        unsafe handle.set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(self.words))
        unsafe handle.set(CURLOPT_HTTPHEADER, self.headerList)
        // All encodings that libcurl knows; the bound on the size holds for what comes out of them.
        handle.set(CURLOPT_ACCEPT_ENCODING, "")
        handle.set(CURLOPT_MAXFILESIZE_LARGE, offset: self.request.maximumResponseBytes)
        unsafe handle.set(CURLOPT_WRITEDATA, context)
        unsafe handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return unsafe transfer.receive(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe handle.set(CURLOPT_HEADERDATA, context)
        unsafe handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return unsafe transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        switch self.request.method {
        case .get: handle.set(CURLOPT_HTTPGET, 1)
        case .post: unsafe self.setBody(context)
        }
    }

    /// The body goes through a callback, not as a field that libcurl holds: so it is known whether any of it was taken,
    /// and libcurl can't start over with it by itself.
    private func setBody(_ context: UnsafeMutableRawPointer) {
        let handle = self.handle
        handle.set(CURLOPT_POST, 1)
        handle.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: self.request.body.count)
        unsafe handle.set(CURLOPT_READDATA, context)
        unsafe handle.set(CURLOPT_READFUNCTION) { bytes, size, count, context in
            guard let bytes = unsafe bytes, let context = unsafe context else { return Int(CURL_READFUNC_ABORT) }
            let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
            return unsafe transfer.give(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        }
        unsafe handle.set(CURLOPT_SEEKDATA, context)
        unsafe handle.set(seek: { context, offset, _ in
            guard let context = unsafe context else { return CURL_SEEKFUNC_FAIL }
            return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().rewind(to: Int(offset))
        })
    }
}

// MARK: - libcurl's calls

extension Transfer {
    /// Takes a piece of the answer's body; anything but its length breaks the transfer off.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard self.body.count + bytes.count <= self.request.maximumResponseBytes else {
            self.isTooLarge = true
            return 0
        }
        unsafe self.body.append(contentsOf: bytes)
        return bytes.count
    }

    /// Takes one header line.
    ///
    /// A status line begins a new answer: what came before was an interim one.
    private func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        self.headerBytes += bytes.count
        guard self.headerBytes <= Self.maximumHeaderBytes else {
            self.isTooLarge = true
            return 0
        }
        let line = unsafe String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            self.headers = []
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let value = line[line.index(after: colon)...].drop(while: \.isWhitespace)
            let end = value.lastIndex { !$0.isWhitespace }
            self.headers.append((line[..<colon].lowercased(), end.map { String(value[...$0]) } ?? ""))
        }
        return bytes.count
    }

    /// Hands out the next piece of the body.
    private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, self.request.body.count - self.position)
        unsafe buffer.copyBytes(from: self.request.body[self.position..<(self.position + count)])
        self.position += count
        self.taken += count
        return count
    }

    /// libcurl wants to send the body again on a new connection, because a kept one was dead without a word.
    ///
    /// Whether the server carried the request out before it died, nobody knows; so only what may be repeated is.
    private func rewind(to offset: Int) -> Int32 {
        guard self.request.isRepeatable || self.taken == 0, (0...self.request.body.count).contains(offset) else {
            return CURL_SEEKFUNC_FAIL
        }
        self.position = offset
        return CURL_SEEKFUNC_OK
    }
}

extension HTTPError.Code {
    /// The kind of failure that a result of libcurl's stands for.
    init(_ code: CURLcode) {
        switch code {
        case CURLE_URL_MALFORMAT: self = .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .resolve
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED: self = .tls
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR:
            self = .certificate
        case CURLE_OPERATION_TIMEDOUT: self = .timeout
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge
        default: self = .transfer
        }
    }
}

extension Duration {
    /// At least 1, so that it is never "no limit" to libcurl.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = self.components
        return max(
            1,
            Int(clamping: seconds.multipliedReportingOverflow(by: 1000).partialValue)
                + Int(attoseconds / 1_000_000_000_000_000)
        )
    }
}
