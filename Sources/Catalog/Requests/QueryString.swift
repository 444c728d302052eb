package import JSON

/// Query parameters: from nested JSON to names and values, and from those to text (RFC 3986 §3.4).
package enum QueryString {
    /// Flattens an object: `{"a": {"b": 1}, "c": [1, 2]}` → `a[b]=1`, and `c` by the array format. Nulls are left out.
    package static func pairs(_ object: JSONObject, arrays: QueryArrayFormat) -> [(name: String, value: String)] {
        object.elements.flatMap { pairs($0.key, $0.value, arrays) }
    }

    private static func pairs(
        _ name: String, _ value: JSONValue, _ arrays: QueryArrayFormat
    ) -> [(name: String, value: String)] {
        switch value {
        case .null: return []
        case .object(let object): return object.elements.flatMap { pairs("\(name)[\($0.key)]", $0.value, arrays) }
        case .array(let items):
            if arrays == .comma, items.allSatisfy({ $0.array == nil && $0.object == nil }) {
                return items.isEmpty ? [] : [(name, items.map(\.plainText).joined(separator: ","))]
            }
            return items.enumerated().flatMap { at, item in
                switch arrays {
                case .brackets: pairs("\(name)[]", item, arrays)
                case .repeated where item.object == nil: pairs(name, item, arrays)
                case .indices, .comma, .repeated: pairs("\(name)[\(at)]", item, arrays)
                }
            }
        default: return [(name, value.plainText)]
        }
    }

    /// `a=1&b=x%20y`.
    package static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
    }

    /// Splits a query, decoding `%` and `+`. Parts without `=` have an empty value.
    package static func decode(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (PercentEncoding.decode(halves[0]), halves.count > 1 ? PercentEncoding.decode(halves[1]) : "")
        }
    }
}

/// Percent-encoding (RFC 3986 §2.1).
package enum PercentEncoding {
    private static let hex = Array("0123456789ABCDEF".utf8)

    /// Encodes everything but unreserved characters, so that the text is one segment or one value.
    package static func encode(_ text: String) -> String {
        var out: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) {
                out.append(byte)
            } else {
                out += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Decodes `%XX` and, as forms do, `+`. A `%` that no hex digits follow stays.
    package static func decode(_ text: some StringProtocol) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[at + 1...at + 2], as: UTF8.self), radix: 16)
            {
                out.append(byte)
                at += 3
            } else {
                out.append(bytes[at] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
