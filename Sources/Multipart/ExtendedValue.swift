import Encodings

/// The value of a parameter whose name ends in `*`: charset, language and percent-encoded text (RFC 8187 §3.2).
enum ExtendedValue {
    /// The text, or nil where the value is malformed or in another charset than UTF-8 and ISO-8859-1; the plain
    /// parameter beside it then counts.
    static func decoded(_ value: String) -> String? {
        let pieces = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3, let bytes = PercentEncoding.bytes(pieces[2].utf8) else { return nil }
        return Charset(pieces[0]).flatMap { $0.decoded(bytes) }
    }

    /// What can be read of a value in an unknown charset: its ASCII characters. Empty where there are none.
    static func readable(_ value: String) -> String {
        let text = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        return Charset.readable(PercentEncoding.bytes(text.utf8) ?? Array(text.utf8))
    }

    /// The text as an extended value in UTF-8; encoded is all but `attr-char`.
    static func encoded(_ text: String) -> String {
        "UTF-8''" + PercentEncoding.encoded(text, keeping: "!#$&+^`|")
    }
}
