extension JSONValue {
    /// The document as UTF-8 text without spaces; with `pretty`, two-space indentation and a line per member.
    public func bytes(pretty: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        write(into: &out, indent: pretty ? 0 : nil)
        return out
    }

    /// The document as text.
    public func text(pretty: Bool = false) -> String { String(decoding: bytes(pretty: pretty), as: UTF8.self) }

    /// Gives the document's text in pieces, for one that is too long to hold at once.
    public func write(pretty: Bool, pieces: ([UInt8]) -> Void) {
        var out: [UInt8] = []
        withoutActuallyEscaping(pieces) { write(into: &out, indent: pretty ? 0 : nil, flush: $0) }
        pieces(out)
    }

    /// Appends the document's text; `indent` is the depth of the line it stands on, or nil for one line.
    ///
    /// - Parameter flush: is given what was appended, whenever that is more than 64 KiB, and `out` starts anew.
    public func write(into out: inout [UInt8], indent: Int? = nil, flush: (([UInt8]) -> Void)? = nil) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): out.append(contentsOf: value.text.utf8)
        case .string(let value): Self.write(value, into: &out)
        case .array(let items):
            Self.write(items, between: ("[", "]"), into: &out, indent: indent, flush) { item, out, indent in
                item.write(into: &out, indent: indent, flush: flush)
            }
        case .object(let members):
            if indent == nil, let text = members.text {
                out.append(contentsOf: text.bytes)
                return
            }
            Self.write(members.elements, between: ("{", "}"), into: &out, indent: indent, flush) { member, out, indent in
                Self.write(member.key, into: &out)
                out.append(contentsOf: (indent == nil ? ":" : ": ").utf8)
                member.value.write(into: &out, indent: indent, flush: flush)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], between ends: (String, String), into out: inout [UInt8], indent: Int?,
        _ flush: (([UInt8]) -> Void)?, each: (Item, inout [UInt8], Int?) -> Void
    ) {
        func newLine(_ depth: Int?) {
            guard let depth else { return }
            out.append(0x0A)
            out.append(contentsOf: repeatElement(0x20, count: depth * 2))
        }
        out.append(contentsOf: ends.0.utf8)
        for (at, item) in items.enumerated() {
            if at > 0 { out.append(UInt8(ascii: ",")) }
            newLine(indent.map { $0 + 1 })
            each(item, &out, indent.map { $0 + 1 })
            if let flush, out.count > 1 << 16 {
                flush(out)
                out.removeAll(keepingCapacity: true)
            }
        }
        if !items.isEmpty { newLine(indent) }
        out.append(contentsOf: ends.1.utf8)
    }

    private static func write(_ string: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        defer { out.append(UInt8(ascii: "\"")) }
        var string = string
        let isPlain = string.withUTF8 { text in
            guard text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else { return false }
            out.append(contentsOf: text)
            return true
        }
        if isPlain { return }
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): out.append(contentsOf: #"\""#.utf8)
            case UInt8(ascii: "\\"): out.append(contentsOf: #"\\"#.utf8)
            case 0x08: out.append(contentsOf: #"\b"#.utf8)
            case 0x09: out.append(contentsOf: #"\t"#.utf8)
            case 0x0A: out.append(contentsOf: #"\n"#.utf8)
            case 0x0C: out.append(contentsOf: #"\f"#.utf8)
            case 0x0D: out.append(contentsOf: #"\r"#.utf8)
            case 0..<0x20:
                let hex = String(byte, radix: 16)
                out.append(contentsOf: (#"\u00"# + (hex.count < 2 ? "0" : "") + hex).utf8)
            default: out.append(byte)
            }
        }
    }
}
