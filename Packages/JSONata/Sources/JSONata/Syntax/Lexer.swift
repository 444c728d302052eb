@_spi(Engine) import JSON

/// Splits an expression into tokens. Works on UTF-16 because the language's error positions count code units.
struct Lexer {
    private let source: [UInt16]
    private(set) var position = 0

    init(_ text: Source) { source = text.units }

    var length: Int { source.count }

    static let singles: Set<UInt16> = Set(".[]{}(),@#;:?+-*/%|=<>^&!~".utf16)
    private static let doubles: Set<String> = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"]

    private func at(_ index: Int) -> UInt16 { index < source.count ? source[index] : 0 }
    private func text(_ from: Int, _ to: Int) -> String { String(decoding: source[from..<to], as: UTF16.self) }

    private static func isSpace(_ unit: UInt16) -> Bool {
        unit == 0x20 || unit == 0x09 || unit == 0x0A || unit == 0x0D || unit == 0x0B
    }

    /// The next token; `infix` says that a slash here divides rather than starts a regex.
    mutating func next(infix: Bool) throws -> Token {
        try skipSpaceAndComments()
        guard position < source.count else { return Token(kind: .end, text: "(end)", position: source.count) }
        let unit = source[position]
        if !infix, unit == 0x2F { return try regex() }
        if position + 1 < source.count {
            let pair = text(position, position + 2)
            if Self.doubles.contains(pair) {
                position += 2
                return Token(kind: .operator, text: pair, position: position)
            }
        }
        if Self.singles.contains(unit) {
            position += 1
            return Token(kind: .operator, text: text(position - 1, position), position: position)
        }
        if unit == 0x22 || unit == 0x27 { return try string(quote: unit) }
        if unit &- 0x30 < 10, let number = try number() { return number }
        if unit == 0x60 { return try quotedName() }
        return name()
    }

    private mutating func skipSpaceAndComments() throws {
        while position < source.count {
            if Self.isSpace(source[position]) {
                position += 1
            } else if source[position] == 0x2F, at(position + 1) == 0x2A {
                let start = position
                position += 2
                while !(at(position) == 0x2A && at(position + 1) == 0x2F) {
                    position += 1
                    if position >= source.count {
                        throw JSONataError("S0106", "a comment has no end", position: start)
                    }
                }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func string(quote: UInt16) throws -> Token {
        let start = position
        position += 1
        var units: [UInt16] = []
        while position < source.count {
            var unit = source[position]
            if unit == 0x5C {
                position += 1
                unit = at(position)
                switch unit {
                case 0x22, 0x5C, 0x2F: units.append(unit)
                case 0x62: units.append(0x08)
                case 0x66: units.append(0x0C)
                case 0x6E: units.append(0x0A)
                case 0x72: units.append(0x0D)
                case 0x74: units.append(0x09)
                case 0x75:
                    let end = min(position + 5, source.count)
                    guard end == position + 5,
                        source[position + 1..<end].allSatisfy({ Self.isHex($0) }),
                        let code = UInt16(text(position + 1, end), radix: 16)
                    else {
                        throw JSONataError("S0104", "\\u needs four hex digits", position: position)
                    }
                    units.append(code)
                    position += 4
                default:
                    let token = position < source.count ? text(position, position + 1) : ""
                    throw JSONataError("S0103", "unknown escape \\\(token)", position: position, token: token)
                }
            } else if unit == quote {
                position += 1
                return Token(
                    kind: .string, text: String(decoding: units, as: UTF16.self), position: position,
                    bytes: Bytes.fromUTF16(units)
                )
            } else {
                units.append(unit)
            }
            position += 1
        }
        throw JSONataError("S0101", "a string has no closing quote", position: max(position, start))
    }

    private static func isHex(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private mutating func number() throws -> Token? {
        var end = position
        func digits() { while end < source.count, source[end] &- 0x30 < 10 { end += 1 } }
        if source[end] == 0x30 { end += 1 } else { digits() }
        if at(end) == 0x2E, at(end + 1) &- 0x30 < 10 {
            end += 1
            digits()
        }
        if at(end) | 0x20 == 0x65 {
            let sign = at(end + 1) == 0x2B || at(end + 1) == 0x2D ? 1 : 0
            if at(end + 1 + sign) &- 0x30 < 10 {
                end += 1 + sign
                digits()
            }
        }
        let text = text(position, end)
        guard let value = Double(text), value.isFinite else {
            throw JSONataError("S0102", "the number is out of range", position: position, token: text)
        }
        position = end
        var shown: [UInt8] = []
        NumberText.append(value, to: &shown)
        return Token(
            kind: .number, text: String(decoding: shown, as: UTF8.self), position: position, number: value
        )
    }

    private mutating func quotedName() throws -> Token {
        let start = position + 1
        guard let end = source[start...].firstIndex(of: 0x60) else {
            position = source.count
            throw JSONataError("S0105", "a quoted name has no closing backquote", position: position)
        }
        position = end + 1
        return Token(
            kind: .name, text: text(start, end), position: position, bytes: Bytes.fromUTF16(source[start..<end])
        )
    }

    private mutating func name() -> Token {
        var end = position
        while end < source.count, !Self.isSpace(source[end]), !Self.singles.contains(source[end]) { end += 1 }
        let start = position
        position = end
        if source[start] == 0x24 {
            return Token(
                kind: .variable, text: text(start + 1, end), position: end,
                bytes: Bytes.fromUTF16(source[start + 1..<end])
            )
        }
        let name = text(start, end)
        switch name {
        case "and", "or", "in": return Token(kind: .operator, text: name, position: end, bytes: Array(name.utf8))
        case "true": return Token(kind: .value, text: name, position: end, literal: .true)
        case "false": return Token(kind: .value, text: name, position: end, literal: .false)
        case "null": return Token(kind: .value, text: name, position: end, literal: .null)
        default:
            return Token(kind: .name, text: name, position: end, bytes: Bytes.fromUTF16(source[start..<end]))
        }
    }

    private mutating func regex() throws -> Token {
        position += 1
        let start = position
        var depth = 0
        while position < source.count {
            let unit = source[position]
            let escaped = position > start && source[position - 1] == 0x5C
            if unit == 0x2F, depth == 0, !endsInOddBackslashes(from: start) {
                let end = position
                guard end > start else {
                    throw JSONataError("S0301", "the regular expression is empty", position: position)
                }
                position += 1
                let flagStart = position
                while at(position) == 0x69 || at(position) == 0x6D { position += 1 }
                return Token(
                    kind: .regex, text: text(start, end), position: position,
                    bytes: Bytes.fromUTF16(source[start..<end]), flags: text(flagStart, position)
                )
            }
            if unit == 0x28 || unit == 0x5B || unit == 0x7B, !escaped { depth += 1 }
            if unit == 0x29 || unit == 0x5D || unit == 0x7D, !escaped { depth -= 1 }
            position += 1
        }
        throw JSONataError("S0302", "the regular expression has no closing slash", position: position)
    }

    private func endsInOddBackslashes(from start: Int) -> Bool {
        var count = 0
        while position - 1 - count >= start, source[position - 1 - count] == 0x5C { count += 1 }
        return count % 2 == 1
    }
}

/// The text of an expression in UTF-16, which can hold what Swift's strings cannot: lone surrogates.
struct Source {
    let units: [UInt16]

    init(_ text: String) { units = Array(text.utf16) }

    init(wtf8 bytes: UnsafeBufferPointer<UInt8>) {
        var units: [UInt16] = []
        var at = 0
        while at < bytes.count {
            let code = WTF8.decode(bytes.baseAddress! + at)
            at += WTF8.length(bytes[at])
            if code >= 0x10000 {
                units.append(UInt16(truncatingIfNeeded: 0xD800 + (code - 0x10000) >> 10))
                units.append(UInt16(truncatingIfNeeded: 0xDC00 + (code - 0x10000) & 0x3FF))
            } else {
                units.append(UInt16(truncatingIfNeeded: code))
            }
        }
        self.units = units
    }
}
