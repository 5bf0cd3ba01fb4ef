import Foundation

/// A JSON value, for looking at what programs and the sandbox print.
package struct JSONValue: @unchecked Sendable {
    // Values of JSONSerialization are immutable property lists.
    private let value: Any?

    private init(value: Any?) { self.value = value }

    package init(_ text: String) throws {
        self.value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
    }

    package subscript(_ key: String) -> JSONValue { JSONValue(value: (self.value as? [String: Any])?[key]) }
    package subscript(_ index: Int) -> JSONValue {
        let array = self.array
        return array.indices.contains(index) ? array[index] : JSONValue(value: nil)
    }

    package var array: [JSONValue] { (self.value as? [Any])?.map { JSONValue(value: $0) } ?? [] }
    package var keys: [String] { (self.value as? [String: Any])?.keys.sorted() ?? [] }
    package var string: String? { self.value as? String }
    package var integer: Int? { (self.value as? NSNumber)?.intValue ?? self.string.flatMap(Int.init) }
    package var number: Double? { (self.value as? NSNumber)?.doubleValue }
    package var isNull: Bool { self.value == nil || self.value is NSNull }
}
