extension ContentDisposition {
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
