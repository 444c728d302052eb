import JSON

/// Reads XML as JSON: an element is an object of its children by local name, `@name` its attributes, `#text` its text
/// beside them; an element with text alone is that text, an empty one an empty text, a repeated one an array.
///
/// Written apart from the gateway's own reader, so that the two do not share a mistake. Reads no document type.
struct XMLParser {
    struct Fault: Error { var reason: String }

    private static let deepest = 128

    private let bytes: [UInt8]
    private var at = 0

    /// The document as an object with its root element as the one member.
    static func parse(_ bytes: [UInt8]) throws(Fault) -> JSONValue {
        var parser = XMLParser(bytes: bytes)
        try parser.skipBetween()
        let (name, value) = try parser.element(depth: 0)
        try parser.skipBetween()
        guard parser.at == bytes.count else { throw Fault(reason: "something follows the root element") }
        return .object([name: value])
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func sees(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(past text: StaticString) throws(Fault) {
        while at < bytes.count {
            if sees(text) {
                at += text.utf8CodeUnitCount
                return
            }
            at += 1
        }
        throw Fault(reason: "\(text) is missing")
    }

    private mutating func skipBlanks() {
        while at < bytes.count, [32, 9, 10, 13].contains(bytes[at]) { at += 1 }
    }

    /// Blanks, comments and instructions around the root element.
    private mutating func skipBetween() throws(Fault) {
        if sees("\u{FEFF}") { at += 3 }
        while true {
            skipBlanks()
            if sees("<!--") { try skip(past: "-->") } else if sees("<?") { try skip(past: "?>") } else { return }
        }
    }

    private mutating func name() throws(Fault) -> String {
        let start = at
        while at < bytes.count, !" \t\r\n=/><".utf8.contains(bytes[at]) { at += 1 }
        guard at > start else { throw Fault(reason: "a name is missing at byte \(at)") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func local(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

    private mutating func element(depth: Int) throws(Fault) -> (String, JSONValue) {
        guard depth < Self.deepest else { throw Fault(reason: "elements are nested too deep") }
        guard sees("<"), !sees("<!") else { throw Fault(reason: "an element is missing at byte \(at)") }
        at += 1
        let full = try name()
        var object = JSONObject()
        while true {
            skipBlanks()
            if sees("/>") {
                at += 2
                return (Self.local(full), object.isEmpty ? "" : .object(object))
            }
            if sees(">") { break }
            let (key, value) = try attribute()
            if key != "xmlns", !key.hasPrefix("xmlns:") { object["@" + Self.local(key)] = .string(value) }
        }
        at += 1
        let text = try content(full, &object, depth)
        let hasChildren = object.keys.contains { !$0.hasPrefix("@") }
        let isBlank = text.allSatisfy(\.isWhitespace)
        if object.isEmpty { return (Self.local(full), .string(text)) }
        if !isBlank || (!hasChildren && !text.isEmpty) { object["#text"] = .string(text) }
        return (Self.local(full), .object(object))
    }

    private mutating func attribute() throws(Fault) -> (String, String) {
        let key = try name()
        skipBlanks()
        guard sees("=") else { throw Fault(reason: "the attribute \(key) has no value") }
        at += 1
        skipBlanks()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") || bytes[at] == UInt8(ascii: "'") else {
            throw Fault(reason: "the attribute \(key) has no quotes")
        }
        let quote = bytes[at]
        let start = at + 1
        at = start
        while at < bytes.count, bytes[at] != quote { at += 1 }
        guard at < bytes.count else { throw Fault(reason: "the attribute \(key) has no end") }
        defer { at += 1 }
        return (key, try Self.unescaped(bytes[start..<at]))
    }

    /// Up to and past the closing tag; children go into the object.
    private mutating func content(_ name: String, _ object: inout JSONObject, _ depth: Int) throws(Fault) -> String {
        var text = ""
        while true {
            let start = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "<") { at += 1 }
            text += try Self.unescaped(bytes[start..<at])
            if sees("</") {
                at += 2
                guard try self.name() == name else { throw Fault(reason: "<\(name)> is not closed") }
                skipBlanks()
                guard sees(">") else { throw Fault(reason: "</\(name) has no end") }
                at += 1
                return text
            } else if sees("<!--") {
                try skip(past: "-->")
            } else if sees("<![CDATA[") {
                let begin = at + 9
                try skip(past: "]]>")
                text += String(decoding: bytes[begin..<(at - 3)], as: UTF8.self)
            } else if at < bytes.count {
                let (child, value) = try element(depth: depth + 1)
                switch object[child] {
                case nil: object[child] = value
                case .array(let items)?: object[child] = .array(items + [value])
                case let first?: object[child] = [first, value]
                }
            } else {
                throw Fault(reason: "<\(name)> is not closed")
            }
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("&") else { return text }
        var out = ""
        var rest = Substring(text)
        while let mark = rest.firstIndex(of: "&") {
            out += rest[..<mark]
            guard let end = rest[mark...].firstIndex(of: ";") else { throw Fault(reason: "& without ;") }
            let entity = rest[rest.index(after: mark)..<end]
            switch entity {
            case "lt": out += "<"
            case "gt": out += ">"
            case "amp": out += "&"
            case "quot": out += "\""
            case "apos": out += "'"
            default:
                let digits = entity.dropFirst(entity.hasPrefix("#x") ? 2 : 1)
                guard entity.hasPrefix("#"), let code = UInt32(digits, radix: entity.hasPrefix("#x") ? 16 : 10),
                    let scalar = Unicode.Scalar(code)
                else { throw Fault(reason: "unknown entity &\(entity);") }
                out.unicodeScalars.append(scalar)
            }
            rest = rest[rest.index(after: end)...]
        }
        return out + rest
    }
}
