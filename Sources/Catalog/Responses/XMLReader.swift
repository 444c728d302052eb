import JSON

/// Reads XML 1.0 as JSON.
///
/// The document is an object with its root element as the one member. An element is an object of its children by local
/// name; attributes are `@name`; the text of an element that has attributes or children is `#text`; an element with text
/// alone is that text; a repeated element is an array; one that says `xsi:nil="true"` is null. Namespace declarations,
/// comments and processing instructions are left out. A document type declaration is refused: nobody's entities are
/// expanded.
enum XMLReader {
    /// - Parameters:
    ///   - arrays: local names of elements that are arrays even where there is one.
    /// - Throws: `XMLFault` for what is not well formed, or is nested deeper than 200 elements.
    static func read(_ bytes: [UInt8], arrays: Set<String> = []) throws(XMLFault) -> JSONValue {
        var parser = XMLParser(bytes: bytes, arrays: arrays)
        return try parser.document()
    }
}

/// Why a text is no XML.
struct XMLFault: Error, Hashable, CustomStringConvertible {
    var description: String
    /// In bytes from the start.
    var offset: Int
}

private struct XMLParser {
    let bytes: [UInt8]
    let arrays: Set<String>
    var at = 0
    var depth = 0

    mutating func document() throws(XMLFault) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        try skipMisc()
        guard peek == UInt8(ascii: "<") else { throw fault("there is no element") }
        let (name, value) = try element()
        try skipMisc()
        guard at == bytes.count else { throw fault("something follows the root element") }
        return .object([name: arrays.contains(name) ? .array([value]) : value])
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func fault(_ text: String) -> XMLFault { XMLFault(description: text, offset: at) }

    private func starts(with text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        return (0..<count).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(past text: StaticString) throws(XMLFault) {
        while at < bytes.count {
            if starts(with: text) {
                at += text.utf8CodeUnitCount
                return
            }
            at += 1
        }
        throw fault("the document ends inside a comment, an instruction or a section")
    }

    private mutating func skipSpace() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    /// Space, comments and instructions around the root element.
    private mutating func skipMisc() throws(XMLFault) {
        while true {
            skipSpace()
            if starts(with: "<?") {
                try skip(past: "?>")
            } else if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<!") {
                throw fault("a document type declaration is not read")
            } else {
                return
            }
        }
    }

    private mutating func name() throws(XMLFault) -> String {
        let start = at
        while let byte = peek, byte > 0x20, !"/>=<\"'".utf8.contains(byte) { at += 1 }
        guard at > start else { throw fault("a name is missing") }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func local(_ name: String) -> String {
        name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private mutating func element() throws(XMLFault) -> (name: String, value: JSONValue) {
        at += 1
        depth += 1
        guard depth <= 200 else { throw fault("the elements are nested too deeply") }
        defer { depth -= 1 }
        let whole = try name()
        var members = JSONObject()
        var isNil = false
        while true {
            skipSpace()
            guard let byte = peek else { throw fault("the document ends inside an element") }
            if byte == UInt8(ascii: "/") {
                guard starts(with: "/>") else { throw fault("'>' is missing") }
                at += 2
                return (Self.local(whole), isNil ? .null : members.isEmpty ? "" : .object(members))
            }
            if byte == UInt8(ascii: ">") {
                at += 1
                break
            }
            let attribute = try name()
            let value = try attributeValue()
            if attribute == "xmlns" || attribute.hasPrefix("xmlns:") { continue }
            if Self.local(attribute) == "nil", attribute.contains(":"), value == "true" || value == "1" { isNil = true }
            members["@" + Self.local(attribute)] = .string(value)
        }
        let value = try content(of: whole, members)
        return (Self.local(whole), isNil ? .null : value)
    }

    private mutating func attributeValue() throws(XMLFault) -> String {
        skipSpace()
        guard peek == UInt8(ascii: "=") else { throw fault("'=' is missing") }
        at += 1
        skipSpace()
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fault("a quote is missing")
        }
        at += 1
        let start = at
        while let byte = peek, byte != quote, byte != UInt8(ascii: "<") { at += 1 }
        guard peek == quote else { throw fault("an attribute does not end") }
        let value = try unescaped(bytes[start..<at])
        at += 1
        return value
    }

    private mutating func content(of whole: String, _ attributes: JSONObject) throws(XMLFault) -> JSONValue {
        var members = attributes
        var text = ""
        // By name, in the order of their first, so that a long list is not copied once per item.
        var children: [(name: String, values: [JSONValue])] = []
        var places: [String: Int] = [:]
        while true {
            let start = at
            while let byte = peek, byte != UInt8(ascii: "<") { at += 1 }
            text += try unescaped(bytes[start..<at])
            guard peek != nil else { throw fault("the element \(whole) does not end") }
            if starts(with: "</") {
                at += 2
                guard try name() == whole else { throw fault("the element \(whole) does not end") }
                skipSpace()
                guard peek == UInt8(ascii: ">") else { throw fault("'>' is missing") }
                at += 1
                break
            } else if starts(with: "<!--") {
                try skip(past: "-->")
            } else if starts(with: "<![CDATA[") {
                at += 9
                let begin = at
                try skip(past: "]]>")
                text += String(decoding: bytes[begin..<at - 3], as: UTF8.self)
            } else if starts(with: "<?") {
                try skip(past: "?>")
            } else {
                let (name, value) = try element()
                if let place = places[name] {
                    children[place].values.append(value)
                } else {
                    places[name] = children.count
                    children.append((name, [value]))
                }
            }
        }
        if children.isEmpty, members.isEmpty { return .string(text) }
        for (name, values) in children {
            members[name] = values.count > 1 || arrays.contains(name) ? .array(values) : values[0]
        }
        // Between children there is layout, not text.
        let shown = children.isEmpty ? text : trimmed(text)
        if !shown.isEmpty { members["#text"] = .string(shown) }
        return .object(members)
    }

    private func trimmed(_ text: String) -> String {
        let space: (Character) -> Bool = { $0.isWhitespace }
        guard let first = text.firstIndex(where: { !space($0) }), let last = text.lastIndex(where: { !space($0) }) else {
            return ""
        }
        return String(text[first...last])
    }

    /// With the five entities of XML and numeric references put in; line ends as XML has them (§2.11).
    private func unescaped(_ slice: ArraySlice<UInt8>) throws(XMLFault) -> String {
        guard slice.contains(where: { $0 == UInt8(ascii: "&") || $0 == 0x0D }) else {
            return String(decoding: slice, as: UTF8.self)
        }
        var out: [UInt8] = []
        var rest = slice
        while let byte = rest.popFirst() {
            switch byte {
            case 0x0D:
                if rest.first == 0x0A { rest.removeFirst() }
                out.append(0x0A)
            case UInt8(ascii: "&"):
                guard let end = rest.prefix(12).firstIndex(of: UInt8(ascii: ";")),
                    let character = Self.entity(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
                else { throw fault("an entity is not one of XML's own") }
                out += Array(String(character).utf8)
                rest = rest[(end + 1)...]
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func entity(_ name: String) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let code = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return code.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }
}
