import HTTPClient

extension RateLimits {
    /// Reads the `RateLimit-Policy` and `RateLimit` headers; leaves out whatever it does not understand.
    ///
    /// Their form is a list of named items with parameters: `"minuteRate";r=999;t=38, "concurrency";r=39`.
    init(headers: [(name: String, value: String)]) {
        self.init()
        for header in headers where header.name == "ratelimit-policy" || header.name == "ratelimit" {
            for item in Self.items(header.value) {
                switch item.name {
                case "minuteRate": Self.merge(item, into: &self.requests)
                case "concurrency": Self.merge(item, into: &self.concurrency)
                case "complexityMinute": Self.merge(item, into: &self.points)
                default: break
                }
            }
        }
    }

    private struct Item {
        let name: Substring
        let parameters: [Substring: Int]
    }

    private static func merge(_ item: Item, into budget: inout Budget?) {
        var merged = budget ?? Budget()
        merged.limit = item.parameters["q"] ?? merged.limit
        merged.window = item.parameters["w"] ?? merged.window
        merged.remaining = item.parameters["r"] ?? merged.remaining
        merged.reset = item.parameters["t"] ?? merged.reset
        budget = merged
    }

    /// The items of one header, at most 16 of at most 2,048 characters; none with a negative number.
    private static func items(_ text: String) -> [Item] {
        guard text.utf8.count <= 2048 else { return [] }
        return text.split(separator: ",").prefix(16).compactMap { item in
            let parts = item.split(separator: ";").map { Self.trim($0) }
            guard let first = parts.first else { return nil }
            let name = first.drop { $0 == "\"" }
            var parameters: [Substring: Int] = [:]
            for part in parts.dropFirst() {
                let pair = part.split(separator: "=", maxSplits: 1)
                // A budget can be overdrawn; what is below nothing is nothing.
                guard pair.count == 2, let value = Int(Self.trim(pair[1])) else { continue }
                parameters[Self.trim(pair[0])] = min(max(value, 0), 1_000_000_000_000)
            }
            return Item(name: name.prefix { $0 != "\"" }, parameters: parameters)
        }
    }

    private static func trim(_ text: Substring) -> Substring {
        let head = text.drop { $0 == " " || $0 == "\t" }
        guard let last = head.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return head[...last]
    }
}

extension RateLimits.Complexity {
    /// Reads the `complexity` field of an answer's data; nil when a part is missing.
    init?(_ json: JSON?) {
        guard let json,
            let before = json["before"]?.integer, let query = json["query"]?.integer,
            let after = json["after"]?.integer, let reset = json["reset_in_x_seconds"]?.integer,
            let before = Int(exactly: before), let query = Int(exactly: query), query >= 0,
            let after = Int(exactly: after), let reset = Int(exactly: reset)
        else { return nil }
        self.init(before: before, query: query, after: after, resetSeconds: max(reset, 0))
    }
}
