/// Text with `%XX` in it (RFC 3986 §2.1).
enum PercentEncoded {
    /// nil where the text is not percent-encoded UTF-8.
    static func decoded(_ text: some StringProtocol) -> String? {
        var out: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let hex = String(validating: rest.prefix(2), as: UTF8.self), hex.utf8.count == 2,
                let value = UInt8(hex, radix: 16)
            else { return nil }
            out.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: out, as: UTF8.self)
    }
}
