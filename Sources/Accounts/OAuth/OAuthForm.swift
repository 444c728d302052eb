import JSON

/// Names and values in order, as `application/x-www-form-urlencoded` (WHATWG URL §5) or as a JSON object.
struct OAuthForm {
    private(set) var fields: [(name: String, value: String)] = []

    /// Sets a value; nil and a name that is there already change nothing.
    mutating func set(_ name: String, _ value: String?) {
        guard let value, !fields.contains(where: { $0.name == name }) else { return }
        fields.append((name, value))
    }

    /// Adds what a definition adds. What the protocol itself has set stays: a definition cannot change the state.
    mutating func add(_ extra: JSONObject) {
        for (name, value) in extra {
            switch value {
            case .null: continue
            case .string(let text): set(name, text)
            case .array(let items): set(name, items.map(Self.text).joined(separator: " "))
            default: set(name, value.text())
            }
        }
    }

    private static func text(_ value: JSONValue) -> String { value.string ?? value.text() }

    var encoded: String {
        fields.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    var json: JSONValue { .object(fields.reduce(into: JSONObject()) { $0[$1.name] = .string($1.value) }) }

    /// Percent-encodes all but the unreserved characters of RFC 3986, a space too: `+` is not read alike everywhere.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.append(byte)
            default: out += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
