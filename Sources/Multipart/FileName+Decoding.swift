import Encodings

extension FileName {
    /// A name as a person would have typed it, whichever way its client encoded it: encoded words (RFC 2047), or
    /// percent-encoding of the whole name (RFC 7578 §4.2). Nil where it is neither.
    static func decoded(_ name: String) -> String? { EncodedWords.decoded(name) ?? percentDecoded(name) }

    /// Nil unless all of the name is fit for a URI and holds an escape, and what comes of it is UTF-8 with a blank or a
    /// character beyond ASCII. So `100%25.pdf` stays what it is: nobody can tell how it was meant.
    private static func percentDecoded(_ name: String) -> String? {
        let extra: StaticString = "-._~%!$&'()*+,;=:@"
        guard name.utf8.contains(ASCII.percent),
            name.utf8.allSatisfy({ byte in byte.isAlphanumeric || extra.withUTF8Buffer { $0.contains(byte) } }),
            let bytes = PercentEncoding.bytes(name.utf8), let text = String(validating: bytes, as: UTF8.self),
            text.utf8.contains(where: { $0 == ASCII.space || $0 >= 0x80 })
        else { return nil }
        return text
    }
}
