/// A header value with parameters, `value; name=token; name="quoted"`, as `Content-Type` and `Content-Disposition`
/// have it (RFC 9110 §5.6.6).
///
/// More is understood than the grammar allows, where senders do it and it can only mean one thing: blanks around `=`,
/// empty parameters, unquoted values that are no tokens, and quotes in a file's name that nobody escaped. Refused is what
/// readers may disagree on: a parameter given twice, text after any other closing quote, an unclosed quote.
struct HeaderParameters {
    /// What stands before the first `;`, in lower case.
    let value: String
    /// Names in lower case; values without their quotes.
    private(set) var parameters: [(name: String, value: String)] = []
    /// Whether `value` is `type/subtype`, or is one token; it may be neither.
    let isMediaType: Bool
    let isToken: Bool
    /// Whether a parameter is encoded or comes in pieces, as a `*` in its name says (RFC 8187, RFC 2231). Most headers have none.
    private(set) var hasExtended = false

    init?(_ text: String) {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex(of: ASCII.semicolon) ?? bytes.endIndex
        let value = bytes[..<end].trimmed
        guard !value.isEmpty, value.allSatisfy({ $0.isTokenCharacter || $0 == UInt8(ascii: "/") }) else { return nil }
        self.value = value.lowercasedToken
        let slash = value.firstIndex(of: UInt8(ascii: "/"))
        isToken = slash == nil
        isMediaType =
            slash.map { at in
                let subtype = value[(at + 1)...]
                return at > value.startIndex && !subtype.isEmpty && !subtype.contains(UInt8(ascii: "/"))
            } ?? false

        var at = end
        while at < bytes.count {
            at += 1  // the semicolon
            guard let parameter = Self.parameter(in: bytes, at: &at) else { return nil }
            guard let name = parameter.name else { continue }
            if parameter.isExtended { hasExtended = true }
            guard self[name] == nil else { return nil }
            parameters.append((name, parameter.value))
        }
    }

    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// One parameter up to the next `;` or the end. A name without a value is passed over: its `name` is nil.
    private static func parameter(in bytes: [UInt8], at: inout Int) -> (name: String?, value: String, isExtended: Bool)? {
        let start = at
        while at < bytes.count, bytes[at] != ASCII.equals, bytes[at] != ASCII.semicolon { at += 1 }
        let name = bytes[start..<at].trimmed
        guard at < bytes.count, bytes[at] == ASCII.equals else { return name.contains(ASCII.quote) ? nil : (nil, "", false) }
        guard !name.isEmpty, name.allSatisfy(\.isTokenCharacter) else { return nil }
        let isExtended = name.contains(UInt8(ascii: "*"))
        let text = name.lowercasedToken
        at += 1
        while at < bytes.count, bytes[at].isBlank { at += 1 }
        let value =
            at < bytes.count && bytes[at] == ASCII.quote
            ? quoted(bytes, at: &at, isName: text == "filename") : unquoted(bytes, at: &at)
        guard let value else { return nil }
        return (text, value, isExtended)
    }

    private static func unquoted(_ bytes: [UInt8], at: inout Int) -> String? {
        let start = at
        while at < bytes.count, bytes[at] != ASCII.semicolon { at += 1 }
        let value = bytes[start..<at].trimmed
        return value.contains(ASCII.quote) ? nil : String(decoding: value, as: UTF8.self)
    }

    /// A quoted string. `\"` and `\\` are escapes; any other backslash stands for itself, since browsers put
    /// `C:\cv.pdf` there as it is. For the same reason a `\"` that ends the header is a backslash and the closing
    /// quote.
    ///
    /// - Parameter isName: of a file: several clients put its quotes there as they are, `"a "b" c.txt"`. It then ends at
    ///   the first quote with nothing but blanks before a `;` or the end.
    private static func quoted(_ bytes: [UInt8], at: inout Int, isName: Bool) -> String? {
        at += 1
        // Most hold no escape, and are copied as they are.
        let start = at
        var out: [UInt8]?
        while at < bytes.count {
            if bytes[at] == ASCII.quote, !isName || closes(bytes, at) { break }
            // The start of another value: whose quote this is, readers may disagree on.
            if bytes[at] == ASCII.quote, bytes[at - 1] == ASCII.equals { return nil }
            if bytes[at] == ASCII.backslash, at + 1 < bytes.count {
                let next = bytes[at + 1]
                let closes = next == ASCII.quote && bytes[(at + 2)...].allSatisfy(\.isBlank)
                if next == ASCII.backslash || next == ASCII.quote, !closes {
                    if out == nil { out = Array(bytes[start..<at]) }
                    at += 1
                }
            }
            out?.append(bytes[at])
            at += 1
        }
        guard at < bytes.count else { return nil }
        let text = out.map { String(decoding: $0, as: UTF8.self) } ?? String(decoding: bytes[start..<at], as: UTF8.self)
        at += 1
        while at < bytes.count, bytes[at].isBlank { at += 1 }
        guard at == bytes.count || bytes[at] == ASCII.semicolon else { return nil }
        return text
    }

    private static func closes(_ bytes: [UInt8], _ quote: Int) -> Bool {
        let next = bytes[(quote + 1)...].first { !$0.isBlank }
        return next == nil || next == ASCII.semicolon
    }
}
