/// The charsets that names in header fields come in.
enum Charset {
    case utf8
    case latin1

    /// Nil for any other.
    init?(_ name: some StringProtocol) {
        switch name.lowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "iso-8859-1", "latin1", "windows-1252": self = .latin1
        default: return nil
        }
    }

    /// Nil where the bytes are not of the charset.
    func decoded(_ bytes: [UInt8]) -> String? {
        switch self {
        case .utf8: String(validating: bytes, as: UTF8.self)
        case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }

    /// What can be read of a name whose charset is not known: UTF-8 where it is that, else its ASCII characters; in
    /// front of an extension that is left alone stands `file`.
    static func readable(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let ascii = String(decoding: bytes.filter { $0 < 0x80 }, as: UTF8.self)
        return ascii.hasPrefix(".") ? "file" + ascii : ascii
    }
}
