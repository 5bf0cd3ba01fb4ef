internal import CCurl

/// One easy handle of libcurl, freed when nobody holds it; used on the engine's thread only.
@safe final class EasyHandle {
    let raw: UnsafeMutableRawPointer
    /// The number of the first option that libcurl did not take.
    private(set) var failure: UInt32?

    init?() {
        guard let raw = unsafe curl_easy_init() else { return nil }
        unsafe self.raw = raw
    }

    deinit {
        unsafe curl_easy_cleanup(self.raw)
    }

    /// Back to how it was made; connections and sessions stay with the multi handle.
    func reset() {
        unsafe curl_easy_reset(self.raw)
        self.failure = nil
    }

    func set(_ option: CURLoption, _ value: Int) {
        self.note(option, unsafe ccurl_set_long(self.raw, option, value))
    }

    func set(_ option: CURLoption, offset value: Int) {
        self.note(option, unsafe ccurl_set_offset(self.raw, option, curl_off_t(value)))
    }

    /// libcurl copies the text.
    func set(_ option: CURLoption, _ value: String) {
        self.note(option, unsafe ccurl_set_text(self.raw, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        self.note(option, unsafe ccurl_set_pointer(self.raw, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        self.note(option, unsafe ccurl_set_list(self.raw, option, value))
    }

    func set(_ option: CURLoption, _ function: ccurl_data_function) {
        self.note(option, unsafe ccurl_set_data_function(self.raw, option, function))
    }

    func set(seek function: ccurl_seek_function) {
        self.note(CURLOPT_SEEKFUNCTION, unsafe ccurl_set_seek_function(self.raw, function))
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return unsafe ccurl_get_long(self.raw, info, &value) == CURLE_OK ? value : 0
    }

    private func note(_ option: CURLoption, _ code: CURLcode) {
        if code != CURLE_OK { self.failure = self.failure ?? option.rawValue }
    }

    /// The id that a transfer left in its handle.
    static func id(of raw: UnsafeMutableRawPointer) -> UInt64? {
        var pointer: UnsafeMutableRawPointer?
        guard unsafe ccurl_get_pointer(raw, CURLINFO_PRIVATE, &pointer) == CURLE_OK else { return nil }
        return UInt64(UInt(bitPattern: pointer))
    }

    /// The id travels as a pointer that is never followed.
    func set(id: UInt64) {
        unsafe self.set(CURLOPT_PRIVATE, UnsafeMutableRawPointer(bitPattern: UInt(id)))
    }
}
