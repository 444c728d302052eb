/// Finds where a JSON value ends, so that it can be gathered and then parsed. It looks at nesting and strings only;
/// what is wrong inside, the parser finds.
struct JSONValueScanner: Sendable {
    private var depth = 0
    private var inString = false
    private var escaped = false
    /// True for a number or literal, which only the byte behind it ends.
    private var isBare = false

    init(first: UInt8) {
        switch first {
        case ASCII.quote, UInt8(ascii: "{"), UInt8(ascii: "["): isBare = false
        default: isBare = true
        }
    }

    /// Looks at more of the value's bytes.
    ///
    /// - Returns: how many of them belong to the value, and whether it ends there.
    mutating func scan(_ input: some Collection<UInt8>) -> (length: Int, ended: Bool) {
        var length = 0
        for byte in input {
            if isBare {
                let ends = byte == ASCII.comma || byte == UInt8(ascii: "}") || byte.isWhiteSpace
                if ends { return (length, true) }
                length += 1
                continue
            }
            length += 1
            if inString {
                if escaped {
                    escaped = false
                } else if byte == ASCII.backslash {
                    escaped = true
                } else if byte == ASCII.quote {
                    inString = false
                    if depth == 0 { return (length, true) }
                }
                continue
            }
            switch byte {
            case ASCII.quote: inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return (length, true) }
            default: break
            }
        }
        return (length, false)
    }
}
