/// The value of a parameter whose name ends in `*`: charset, language and percent-encoded text (RFC 8187 §3.2).
enum ExtendedValue {
    /// The text, or nil where the value is malformed or in another charset than UTF-8 and ISO-8859-1; the plain
    /// parameter beside it then counts.
    static func decoded(_ value: String) -> String? {
        let pieces = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let bytes = PercentEncoding.decoded(pieces[2].utf8) else { return nil }
        switch pieces[0].lowercased() {
        case "utf-8": return String(validating: bytes, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    /// The text as an extended value in UTF-8; encoded is all but `attr-char`.
    static func encoded(_ text: String) -> String {
        "UTF-8''" + PercentEncoding.encoded(text, allowing: "!#$&+-.^_`|~")
    }
}
