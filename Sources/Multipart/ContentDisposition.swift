/// A `Content-Disposition` value: RFC 6266 in HTTP responses, RFC 7578 §4.2 in parts of a form.
package struct ContentDisposition: Sendable, Hashable {
    /// `attachment`, `inline`, `form-data` …, in lower case.
    package let type: String
    /// The form field's name; `name*` (RFC 8187) wins over `name`.
    package let name: String?
    /// The file's name decoded, any path included; `filename*` (RFC 8187) wins over `filename`, and that over its pieces
    /// (RFC 2231 §3).
    ///
    /// It is the sender's text. Pass it through `FileName.sanitized` before anything trusts it.
    package let filename: String?

    /// Nil where the value is malformed: no type, an unclosed quote, a parameter given twice. Quotes inside a file's name
    /// that were not escaped are part of it where the name's end can be found.
    package init?(parsing text: String) {
        guard let header = HeaderParameters(text), header.isToken else { return nil }
        type = header.value
        // Only forms escape with `%22`; in an HTTP response it is three characters of the name (RFC 6266 appendix D).
        let isForm = header.value == "form-data"
        name = Self.parameter("name", of: header, isForm: isForm)
        filename = Self.filename(of: header, isForm: isForm)
    }

    private static func parameter(_ name: String, of header: HeaderParameters, isForm: Bool) -> String? {
        if header.hasExtended, let extended = header[name + "*"], let value = ExtendedValue.decoded(extended) { return value }
        return header[name].map { isForm ? formUnescaped($0) : $0 }
    }

    private static func filename(of header: HeaderParameters, isForm: Bool) -> String? {
        let extended = header["filename*"]
        if let extended, let value = ExtendedValue.decoded(extended) { return value }
        if let plain = header["filename"] { return FileName.decoded(plain) ?? (isForm ? formUnescaped(plain) : plain) }
        guard header.hasExtended else { return nil }
        return ContinuedValue.decoded("filename", in: header) ?? extended.map(ExtendedValue.readable)
    }

    /// Undoes what browsers do to `"`, CR and LF in names, and nothing more: other `%XX` were there before
    /// (WHATWG HTML, multipart/form-data encoding algorithm).
    private static func formUnescaped(_ text: String) -> String {
        guard text.utf8.contains(ASCII.percent) else { return text }
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let hex = rest.prefix(2).map { $0 & 0xDF }  // upper case for letters; the digits 0–9 become 0x10–0x19
            switch (byte, hex) {
            case (ASCII.percent, [0x12, 0x12]): out.append(ASCII.quote)
            case (ASCII.percent, [0x10, UInt8(ascii: "D")]): out.append(ASCII.carriageReturn)
            case (ASCII.percent, [0x10, UInt8(ascii: "A")]): out.append(ASCII.lineFeed)
            default:
                out.append(byte)
                continue
            }
            rest = rest.dropFirst(2)
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The value for a file to be saved, `attachment; filename="…"`, whatever its name holds.
    ///
    /// The name is made safe by `FileName.sanitized`. One that is not plain ASCII, or holds what readers take apart
    /// differently (`"`, `\`, `%`), is given twice: with `_` in place of those characters, and whole as `filename*`,
    /// which readers prefer (RFC 6266 §4.3, appendix D).
    package static func attachment(filename: String) -> String { "attachment" + parameters(for: filename) }

    /// The value for a file to be shown, `inline; filename="…"`; the name is treated as in `attachment`.
    package static func inline(filename: String) -> String { "inline" + parameters(for: filename) }

    private static func parameters(for filename: String) -> String {
        let name = FileName.sanitized(filename)
        var plain = ""
        for scalar in name.unicodeScalars { plain.unicodeScalars.append(isPlain(scalar) ? scalar : "_") }
        let parameter = "; filename=\"\(plain)\""
        return plain == name ? parameter : parameter + "; filename*=\(ExtendedValue.encoded(name))"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        (0x20..<0x7F).contains(scalar.value) && scalar != "\"" && scalar != "\\" && scalar != "%"
    }
}
